"""odd.py PORT: a web server that misbehaves in ways real ones do not; the first part of the path says how.

It also plays the metadata service of an EC2 instance, that of a container, and a bucket that lives in another region, and prints the headers
it was sent.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(sys.argv[1])
BODY = b"0123456789" * 10
ROLE = b'{"AccessKeyId": "role-key", "SecretAccessKey": "role-secret", "Token": "t", "Expiration": "2099-01-01T00:00:00Z"}'
ROLES = "/latest/meta-data/iam/security-credentials/"
LISTING = b"""<?xml version="1.0"?><ListBucketResult><Contents><Key>../up</Key><Size>1</Size></Contents>
<Contents><Key>ok</Key><Size>3</Size></Contents><Contents><Key>a//b</Key><Size>1</Size></Contents>
<Contents><Key>/abs</Key><Size>1</Size></Contents><Contents><Key>x%00y</Key><Size>1</Size></Contents>
<Contents><Key>d/</Key><Size>0</Size></Contents><EncodingType>url</EncodingType></ListBucketResult>"""


class Odd(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        kind = self.path.strip("/").split("/")[0].split("?")[0]
        authorization = self.headers.get("Authorization") or ""
        print("seen", self.path, self.headers.get("X-Secret"), authorization[:60], flush=True)
        if kind == "other-part":
            self.answer(206, BODY[:5], Content_Range="bytes 10-14/100")
        elif kind == "short":
            self.answer(200, BODY, Content_Length="1000")
            self.close_connection = True
        elif kind == "untold":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(BODY)
            self.close_connection = True
        elif kind == "huge":
            self.answer(200, BODY, Content_Length=str(1 << 62))
            self.close_connection = True
        elif kind == "changing":
            first, last = (int(n) for n in self.headers["Range"][6:].split("-"))
            self.answer(206, BODY[first:last + 1], Content_Range=f"bytes {first}-{last}/100", ETag=f'"{first}"')
        elif kind == "away":  # to this server under another name: another origin
            self.answer(302, Location=f"http://localhost:{PORT}/target")
        elif kind == "file":
            self.answer(302, Location="file:///etc/passwd")
        elif kind == "page":
            self.answer(200, b"<a href='../x'>x</a><a href='ok'>ok</a><a href='//h/y'>y</a>", Content_Type="text/html")
        elif kind == "again":
            self.server.asked = getattr(self.server, "asked", 0) + 1
            if self.server.asked < 3:
                self.answer(503, Retry_After="1")
            else:
                self.answer(200, BODY)
        elif kind == "hostile":
            self.answer(200, LISTING, Content_Type="application/xml")
        elif kind == "elsewhere":
            if "/eu-north-1/s3/" in authorization:
                self.answer(200, b"from eu-north-1", ETag='"e"')
            else:
                self.answer(301, b"<Error><Code>PermanentRedirect</Code></Error>", x_amz_bucket_region="eu-north-1")
        elif kind == "container" and self.headers.get("Authorization") == "container-token":
            self.answer(200, ROLE)
        elif self.path == ROLES:
            self.answer(200, b"the-role")
        elif self.path == ROLES + "the-role" and self.headers.get("X-aws-ec2-metadata-token") == "token":
            self.answer(200, ROLE)
        elif kind == "target":
            self.answer(200, BODY)
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET

    def do_PUT(self):
        self.answer(200, b"token")

    def log_message(self, *_):
        pass


ThreadingHTTPServer.request_queue_size = 128
ThreadingHTTPServer(("127.0.0.1", PORT), Odd).serve_forever()
