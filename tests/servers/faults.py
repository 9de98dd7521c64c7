"""faults.py PORT TARGET_PORT SEED PERCENT: an HTTP proxy in front of a server that goes wrong at random.

Of PERCENT of the requests: it waits, cuts the connection before, in or after the head, sends a shorter body than
announced, drips it byte by byte, delivers the request twice, or answers 403, 404, 429, 500 or 503 of its own, without
asking the server or after it has done its work.
"""

import asyncio
import random
import sys

port, target, seed, percent = (int(word) for word in sys.argv[1:5])
chance = random.Random(seed)
KINDS = ["wait", "cut-before", "cut-head", "cut-body", "truncate", "drip", "twice", "late-500", "late-cut",
         403, 404, 429, 500, 503]
LENIENT = ["wait", "cut-before", "cut-head", "cut-body", "truncate", "drip", "twice", "late-500", "late-cut",
           429, 500, 503]


async def read_message(reader):
    """Head and body of a request or response with a length, or nothing at its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = head.decode("latin-1").lower().split("\r\n")
    length = next((int(f.split(":")[1]) for f in fields if f.startswith("content-length:")), 0)
    chunked = any(f.startswith("transfer-encoding:") and "chunked" in f for f in fields)
    return head, length, chunked


async def read_chunked(reader):
    body = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        chunk = await reader.readexactly(size + 2)
        body += line + chunk
        if size == 0:
            return body


async def ask(head, body):
    reader, writer = await asyncio.open_connection("127.0.0.1", target)
    try:
        writer.write(head + body)
        await writer.drain()
        while True:
            answer, length, chunked = await read_message(reader)
            if not answer.startswith(b"HTTP/1.1 100"):
                break
        if head.startswith(b"HEAD ") or answer[9:12] in (b"204", b"304"):
            return answer, b""
        return answer, await (read_chunked(reader) if chunked else reader.readexactly(length))
    finally:
        writer.close()


async def drip(writer, data):
    for at in range(min(len(data), 40)):
        writer.write(data[at:at + 1])
        await writer.drain()
        await asyncio.sleep(0.25)


async def one(reader, writer):
    """False: the connection ends."""
    head, length, _ = await read_message(reader)
    body = await reader.readexactly(length)
    kinds = KINDS if len(sys.argv) > 5 and sys.argv[5] == "all" else LENIENT
    kind = chance.choice(kinds) if chance.random() * 100 < percent else None
    if kind == "cut-before":
        return False
    if isinstance(kind, int):
        writer.write(f"HTTP/1.1 {kind} Fault\r\nContent-Length: 5\r\n\r\n".encode() +
                     (b"" if head.startswith(b"HEAD ") else b"fault"))
        return True
    if kind == "wait":
        await asyncio.sleep(chance.random() * 0.5)
    if kind == "twice":
        await ask(head, body)
    answer, data = await ask(head, body)
    if kind == "late-cut":
        return False
    if kind == "late-500":
        writer.write(b"HTTP/1.1 500 Fault\r\nContent-Length: 0\r\n\r\n")
        return True
    if kind == "cut-head":
        writer.write(answer[:len(answer) // 2])
        return False
    if kind == "drip":
        await drip(writer, answer + data)
        return False
    if kind == "cut-body" and data:
        writer.write(answer + data[:chance.randrange(len(data))])
        return False
    if kind == "truncate" and data:
        writer.write(answer + data[:-1])
        await writer.drain()
        await asyncio.sleep(0.1)
        return False
    writer.write(answer + data)
    return True


async def serve(reader, writer):
    try:
        while await one(reader, writer):
            await writer.drain()
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError, ValueError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024, limit=1 << 20)
    async with server:
        await server.serve_forever()


asyncio.run(main())
