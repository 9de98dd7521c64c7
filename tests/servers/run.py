"""run.py KIND DIR [ARGUMENT...]: one real server on loopback for a test program, until its standard input ends.

Writes DIR/env ("NAME=value" lines) once the server answers, keeps what it says in DIR/log, and stops it when whoever
started this program closes the pipe or dies. Kinds: nginx, samba, versitygw, moto, python, relay, faults, odd, proxy.
"""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = Path(os.environ["COPICK_TEST_TOOLS"])  # made by tools/test_servers
KEY, SECRET, REGION = "test-access", "test-secret-0123456789", "us-east-1"

NGINX = """
daemon off; pid {dir}/nginx.pid; error_log {dir}/log; worker_processes 1; {user}
events {{ worker_connections 512; }}
http {{
  access_log {dir}/access.log; default_type application/octet-stream; sendfile on; keepalive_requests 100000;
  client_body_temp_path {dir}/tmp; proxy_temp_path {dir}/tmp; fastcgi_temp_path {dir}/tmp;
  uwsgi_temp_path {dir}/tmp; scgi_temp_path {dir}/tmp;
  server {{
    listen 127.0.0.1:{port}; listen 127.0.0.1:{tls_port} ssl http2; server_name localhost;
    ssl_certificate {dir}/cert.pem; ssl_certificate_key {dir}/key.pem;
    root {dir}/data;
    location / {{ autoindex off; }}
    location /html/ {{ alias {dir}/data/; autoindex on; }}
    location /json/ {{ alias {dir}/data/; autoindex on; autoindex_format json; }}
    location /whole/ {{ alias {dir}/data/; autoindex on; max_ranges 0; }}
    location /denied/ {{ return 403; }}
    location /broken/ {{ return 500; }}
    location ~ ^/moved/(.*)$ {{ return 302 /html/$1; }}
    location /loop/ {{ return 302 /loop/; }}
    location /private/ {{ alias {dir}/data/; autoindex on; auth_basic test; auth_basic_user_file {dir}/users; }}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def nginx(folder, port):
    (folder / "data").mkdir()
    (folder / "tmp").mkdir()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    (folder / "users").write_text("alice:{PLAIN}pass word\n")
    tls_port = free_port()
    user = f"user {os.environ.get('USER', 'root')};" if os.getuid() == 0 else ""  # workers keep our rights
    (folder / "conf").write_text(NGINX.format(dir=folder, port=port, tls_port=tls_port, user=user))
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    return (["nginx", "-p", str(folder), "-e", str(folder / "log"), "-c", str(folder / "conf")], {"PATH": path},
            {"URL": f"http://127.0.0.1:{port}", "TLS_URL": f"https://127.0.0.1:{tls_port}",
             "CA": folder / "cert.pem", "ROOT": folder / "data"})


SAMBA = """
[global]
  server role = standalone server
  workgroup = COPICK
  interfaces = 127.0.0.1/8
  bind interfaces only = yes
  smb ports = {port}
  disable netbios = yes
  map to guest = never
  passdb backend = tdbsam:{dir}/state/passdb.tdb
  private dir = {dir}/state
  state directory = {dir}/state
  cache directory = {dir}/state
  lock directory = {dir}/state
  pid directory = {dir}/state
  ncalrpc dir = {dir}/state/ncalrpc
  usershare path =
  load printers = no
  disable spoolss = yes
  log level = 1
  logging = file
  log file = {dir}/log.smbd
  mangled names = no
  case sensitive = yes
  store dos attributes = no
[data]
  path = {dir}/data
  read only = no
  valid users = {user}
[reading]
  path = {dir}/data
  read only = yes
  valid users = {user}
"""


def samba(folder, port):
    (folder / "data").mkdir()
    (folder / "state/ncalrpc").mkdir(parents=True)
    (folder / "state/ncalrpc").chmod(0o755)
    user, password = getpass.getuser(), SECRET
    (folder / "smb.conf").write_text(SAMBA.format(dir=folder, port=port, user=user))
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    # smbpasswd can add a user only as root; pdbedit needs no rights.
    subprocess.run([shutil.which("pdbedit", path=path), "-s", folder / "smb.conf", "-t", "-a", "-u", user], check=True,
                   input=f"{password}\n{password}\n", text=True, capture_output=True)
    return (["smbd", "--foreground", "--no-process-group", "--debug-stdout", "-s", folder / "smb.conf"], {"PATH": path},
            {"HOST": "127.0.0.1", "PORT": port, "USER": user, "PASSWORD": password, "ROOT": folder / "data"})


def s3_facts(port):
    return {"URL": f"http://127.0.0.1:{port}", "KEY": KEY, "SECRET": SECRET, "REGION": REGION, "BUCKET": "private"}


def versitygw(folder, port):
    for name in ("data", "iam"):
        (folder / name).mkdir()
    command = [TOOLS / "bin/versitygw", "--port", f"127.0.0.1:{port}", "--region", REGION, "--keep-alive", "--iam-dir",
               folder / "iam", "--quiet", "posix", folder / "data"]
    return (command, {"ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": SECRET},
            s3_facts(port) | {"PUBLIC_BUCKET": "public", "ROOT": folder / "data"})


def moto(folder, port):
    return [TOOLS / "moto/bin/python", HERE / "moto_in_turn.py", str(port)], {}, s3_facts(port)


def python(folder, port):
    (folder / "data").mkdir()
    # As "python3 -m http.server", but for its queue of five connections.
    program = ("import functools, http.server as h, sys; h.ThreadingHTTPServer.request_queue_size = 256; "
               "handler = functools.partial(h.SimpleHTTPRequestHandler, directory=sys.argv[1]); "
               "h.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[2])), handler).serve_forever()")
    command = [sys.executable, "-c", program, folder / "data", port]
    return command, {}, {"URL": f"http://127.0.0.1:{port}", "ROOT": folder / "data"}


def script(name):
    def start(folder, port, *arguments):
        command = [sys.executable, "-u", HERE / f"{name}.py", str(port), *arguments]
        return command, {}, {"PORT": port, "URL": f"http://127.0.0.1:{port}", "SEEN": folder / "log"}

    return start


KINDS = {"nginx": nginx, "samba": samba, "versitygw": versitygw, "moto": moto, "python": python, "relay": script("relay"),
         "faults": script("faults"), "odd": script("odd"), "proxy": script("proxy")}


def curl(url, *options):
    """curl 7.88 signs but does not send x-amz-content-sha256, which S3 requires."""
    subprocess.run(["curl", "-sS", "-f", "--aws-sigv4", f"aws:amz:{REGION}:s3", "--user", f"{KEY}:{SECRET}", "-H",
                    "x-amz-content-sha256: UNSIGNED-PAYLOAD", *options, url], check=True, stdout=subprocess.DEVNULL)


def make_buckets(kind, url):
    if kind not in ("versitygw", "moto"):
        return
    curl(f"{url}/private", "-X", "PUT")
    if kind == "versitygw":
        curl(f"{url}/public", "-X", "PUT")
        curl(f"{url}/public?policy=", "-X", "PUT", "--data-binary", """{"Version": "2012-10-17", "Statement": [{
             "Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"],
             "Resource": ["arn:aws:s3:::public", "arn:aws:s3:::public/*"]}]}""")


def main():
    kind, folder, *arguments = sys.argv[1:]
    folder = Path(folder).resolve()
    port = free_port()
    command, environment, facts = KINDS[kind](folder, port, *arguments)
    with open(folder / "log", "ab") as log:
        server = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  env=os.environ | environment, start_new_session=True)  # smbd signals its group
    try:
        deadline = time.monotonic() + 30
        while not answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{kind} did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)
        facts["PID"] = server.pid
        make_buckets(kind, facts.get("URL"))
        (folder / "env.new").write_text("".join(f"{name}={value}\n" for name, value in facts.items()))
        (folder / "env.new").rename(folder / "env")
        sys.stdin.buffer.read()
    finally:
        server.terminate()
        try:
            server.wait(1)
        except subprocess.TimeoutExpired:
            server.kill()


main()
