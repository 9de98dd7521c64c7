"""relay.py PORT TARGET_PORT ONE_WAY_MS: a TCP relay that makes a loopback server feel far away.

Prints the totals "CONNECTIONS REQUESTS BYTES_THERE BYTES_BACK" whenever they changed, at most twenty times a second. A
request is what a client sends after the server said something, or first: one for each exchange on a connection.
"""

import asyncio
import contextlib
import socket
import sys
from collections import deque

port, target, delay = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000
connections = requests = bytes_there = bytes_back = 0


class End(asyncio.Protocol):
    """One of the two ends of a connection. What it receives leaves at the other end `delay` later."""

    def __init__(self, other=None):
        self.other, self.transport, self.due, self.speaks = other, None, deque(), False

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        # Who sent it must not wait for an acknowledgement that waits for data the other way (Nagle's algorithm).
        self.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        self.count(len(data))
        self.later(data)

    def count(self, size):
        global bytes_back
        bytes_back += size
        self.other.speaks = False

    def later(self, data):
        self.due.append(data)
        asyncio.get_running_loop().call_later(delay, self.hand_over)

    def hand_over(self):
        data, there = self.due.popleft(), self.other.transport
        if there.is_closing():
            return
        if data is not None:
            there.write(data)
        else:
            with contextlib.suppress(OSError):  # it is gone
                there.write_eof()

    def eof_received(self):
        self.later(None)
        return True

    def pause_writing(self):
        self.other.transport.pause_reading()

    def resume_writing(self):
        if not self.other.transport.is_closing():
            self.other.transport.resume_reading()

    def connection_lost(self, error):
        if self.other and self.other.transport:
            asyncio.get_running_loop().call_later(delay, self.other.transport.close)


class Near(End):
    """The client's end: reads nothing before the server's end is there."""

    def connection_made(self, transport):
        global connections
        connections += 1
        super().connection_made(transport)
        transport.pause_reading()
        self.opening = asyncio.create_task(self.open())

    async def open(self):
        loop = asyncio.get_running_loop()
        try:
            _, self.other = await loop.create_connection(lambda: End(self), "127.0.0.1", target)
        except OSError:
            self.transport.close()
            return
        if not self.transport.is_closing():
            self.transport.resume_reading()

    def count(self, size):
        global requests, bytes_there
        bytes_there += size
        if not self.speaks:
            requests += 1
        self.speaks = True


async def main():
    server = await asyncio.get_running_loop().create_server(Near, "127.0.0.1", port, backlog=1024)
    async with server:
        told = None
        while True:
            await asyncio.sleep(0.05)
            totals = connections, requests, bytes_there, bytes_back
            if totals != told:
                print(*totals, flush=True)
                told = totals


asyncio.run(main())
