"""proxy.py PORT [USER:PASSWORD]: an HTTP proxy. It forwards requests with a whole URL, tunnels CONNECT, wants a login if one
is given, and prints what it was asked: method, URL, the first word of the authorization that passes through.
"""

import asyncio
import base64
import sys
from urllib.parse import urlsplit

port = int(sys.argv[1])
login = "Basic " + base64.b64encode(sys.argv[2].encode()).decode() if len(sys.argv) > 2 else None


async def pump(reader, writer):
    try:
        while data := await reader.read(1 << 18):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


async def serve(reader, writer):
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, OSError):
        writer.close()
        return
    request, *lines = head[:-4].split("\r\n")
    method, url, version = request.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    print(method, url, headers.get("authorization", "-").split(" ")[0], flush=True)
    if login and headers.get("proxy-authorization") != login:
        writer.write(b"HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=test\r\nContent-Length: 0\r\n"
                     b"Connection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        return
    place = urlsplit(url if method != "CONNECT" else f"//{url}")
    far_reader, far_writer = await asyncio.open_connection(place.hostname, place.port)
    if method == "CONNECT":
        writer.write(b"HTTP/1.1 200 Here it is\r\n\r\n")
    else:  # one request a connection: what follows the head is its body
        kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection:"))]
        path = place.path + (f"?{place.query}" if place.query else "")
        first = f"{method} {path} {version}"
        far_writer.write("\r\n".join([first, *kept, "Connection: close", "", ""]).encode("latin-1"))
    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", port) as server:
        await server.serve_forever()


asyncio.run(main())
