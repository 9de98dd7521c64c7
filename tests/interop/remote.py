"""Projects in a bucket and on an SSH server, exchanged with the copick package of this environment (s3fs, sshfs).

    python remote.py INTEROP_TOOL

What we wrote there they read, and the reverse; the servers are real ones on loopback.
"""

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import reference
from run import check_equal, new_project, ours

SERVERS = Path(__file__).resolve().parent.parent / "servers"


def facts(path):
    deadline = time.monotonic() + 40
    while not path.exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"no server wrote {path}")
        time.sleep(0.02)
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


@contextlib.contextmanager
def bucket():
    """A URL and fs_args that both sides understand."""
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([sys.executable, SERVERS / "run.py", "versitygw", folder], stdin=subprocess.PIPE)
        try:
            told = facts(Path(folder) / "env")
            # Without a listings cache: s3fs would ask for the values of a minute ago.
            yield "s3://private/project/", {"key": told["KEY"], "secret": told["SECRET"], "endpoint_url": told["URL"],
                                            "client_kwargs": {"region_name": told["REGION"]},
                                            "use_listings_cache": False}
        finally:
            server.stdin.close()
            server.wait()


@contextlib.contextmanager
def ssh_server():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([SERVERS / "sftp_start.sh", folder], check=True)
        told = facts(Path(folder) / "env")
        try:
            yield f"ssh://{folder}/project/", {"host": "127.0.0.1", "port": int(told["SFTP_PORT"]),
                                               "username": told["SFTP_USER"], "client_keys": [f"{folder}/user_key"],
                                               "known_hosts": f"{folder}/known_hosts"}
        finally:
            subprocess.run(["kill", (Path(folder) / "pid").read_text().strip()], check=False)


def exchanged(name, root, fs_args):
    with tempfile.TemporaryDirectory() as folder:
        config = new_project(folder, root + "ours", fs_args)
        ours("write", config, 2)
        good = check_equal(f"they read a project that we wrote {name}", config)
        config = new_project(folder, root + "theirs", fs_args)
        reference.write(str(config))
        good &= check_equal(f"we read a project that they wrote {name}", config)
        ours("edit", config, 2)
        return good & check_equal(f"they read what we changed in theirs {name}", config)


def main():
    good = True
    for name, server in (("in a bucket", bucket), ("on an SSH server", ssh_server)):
        with server() as (root, fs_args):
            good &= exchanged(name, root, fs_args)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
