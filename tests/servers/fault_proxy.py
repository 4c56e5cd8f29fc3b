#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A TCP proxy that breaks connections on purpose, at an exact byte or at a phase of RTMP.

In a test:      FaultProxy(server.rtmp_port, [Fault("rst", at="publish")])
By hand:        fault_proxy.py 1935 --listen 1936 --fault rst@publish --fault stall@media+50000#2

A fault is ACTION[:NUMBER]@MOMENT[+BYTES][#CONNECTION].

Actions (NUMBER in brackets):
  rst             resets the client's connection         fin         ends it in order, reads on
  half_close      ends the server's half, goes on with the client's
  stall           reads nothing more of the client: its window closes
  mute            nothing more comes back; the client's bytes go on
  hole            nothing goes on in either direction, all is read
  garbage         bytes that are no RTMP come instead of the server's    http   an HTTP answer does
  corrupt (count) inverts so many bytes (1)              drop (count) swallows so many (1)
  delay (ms)      later, in both directions (40)         rate (bytes/s) no faster, in both directions (100000)
  fragment (count) in pieces of so many bytes (1), in both directions

Moments: accept; up (the client's first byte is there), down (the server's first is about to be passed on); c0c1 (both are
there); s0, s1, s2 (that part begins); connect, createStream, publish (the client has sent it, its last byte not yet passed on);
media (the first byte of sound or picture). What damages bytes begins with the next of that direction.
"""
import argparse
import ctypes
import dataclasses
import re
import select
import socket
import threading
import time

import rtmp_wire as wire

UP, DOWN = "up", "down"
ACTIONS = {"rst": 0, "fin": 0, "half_close": 0, "stall": 0, "mute": 0, "hole": 0, "garbage": 0, "http": 0, "corrupt": 1, "drop": 1,
           "delay": 40, "rate": 100_000, "fragment": 1}
_OFFSETS = {"accept": (UP, 0), "up": (UP, 1), "down": (DOWN, 0), "c0c1": (UP, wire.HELLO), "s0": (DOWN, 0),
            "s1": (DOWN, 1), "s2": (DOWN, wire.HELLO)}
_COMMANDS = ("connect", "createStream", "publish")
_GARBAGE = b"\xff" * 4096  # a chunk that continues nothing, as nothing began on that chunk stream
_HTTP = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n" * 80
_SMALL_WINDOW = 4096
_libc = ctypes.CDLL(None, use_errno=True)


@dataclasses.dataclass
class Fault:
    action: str
    number: int = 0  # see above; 0: the usual one
    at: str = "accept"
    bytes: int = 0
    connection: int = 0  # counted from 1; 0: every one

    def __post_init__(self):
        if self.action not in ACTIONS:
            raise ValueError(f"action {self.action}: one of {', '.join(ACTIONS)}")
        if self.at not in _OFFSETS and self.at not in _COMMANDS and self.at != "media":
            raise ValueError(f"moment {self.at}: one of {', '.join([*_OFFSETS, *_COMMANDS, 'media'])}")
        self.number = self.number or ACTIONS[self.action]

    @classmethod
    def parse(cls, text):
        found = re.fullmatch(r"(\w+)(?::(\d+))?@(\w+)(?:\+(\d+))?(?:#(\d+))?", text)
        if not found:
            raise ValueError(f"fault {text}: must be ACTION[:NUMBER]@MOMENT[+BYTES][#CONNECTION]")
        action, number, at, count, connection = found.groups()
        return cls(action, int(number or 0), at, int(count or 0), int(connection or 0))


class _Watcher:
    """Knows how far each direction has come."""

    def __init__(self):
        self.count = {UP: 0, DOWN: 0}
        self._reader = wire.ChunkReader()
        self._sensible = True  # what the client sends, so far
        self._commands = set()

    def note(self, direction, data):
        """These bytes are there."""
        skipped = max(wire.HANDSHAKE - self.count[direction], 0)
        self.count[direction] += len(data)
        if direction == UP and self._sensible:
            try:
                self._commands.update(message.command for message in self._reader.feed(data[skipped:]))
            except ValueError:
                self._sensible = False

    def until(self, fault, direction):
        """How many bytes of `direction` come before the fault; None: that can't be counted."""
        where, offset = _OFFSETS.get(fault.at, (None, 0))
        return offset + fault.bytes - self.count[direction] if where == direction else None

    def due(self, fault, direction):
        """Whether the fault's moment is there, with the last bytes of `direction`."""
        if fault.at in _OFFSETS:
            left = self.until(fault, direction)
            return left is not None and left <= 0
        if direction == DOWN:
            return False
        return self._reader.media > fault.bytes if fault.at == "media" else fault.at in self._commands


class _Connection:
    """One client, one connection to the server, and two threads between."""

    def __init__(self, proxy, number, client):
        self.proxy = proxy
        self.number = number
        self.client = client
        self.server = socket.create_connection(proxy.target, 5)
        self.server.settimeout(None)
        for each in (self.client, self.server):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = [fault for fault in proxy.faults if fault.connection in (0, number)]
        self.watcher = _Watcher()
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.mute = {UP: False, DOWN: False}  # nothing of that direction is passed on
        self.stalled = False
        self.delay = 0.0
        self.rate = 0
        self.piece = 0
        self.corrupt = {UP: 0, DOWN: 0}  # bytes still to come
        self.drop = {UP: 0, DOWN: 0}

    def start(self):
        self._strike(UP)
        for direction in (UP, DOWN):
            threading.Thread(target=self._carry, args=(direction,), daemon=True).start()

    def end(self):
        self.over.set()
        for each in (self.client, self.server):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def lose(self):
        self.stalled = True
        self.mute = {UP: True, DOWN: True}
        _reset(self.client)

    def _carry(self, direction):
        source, target = (self.client, self.server) if direction == UP else (self.server, self.client)
        waiting = []  # (when it is due, bytes), with a delay
        ended = False
        try:
            while not self.over.is_set():
                if self.stalled and direction == UP:
                    self.over.wait()
                    break
                timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else None if not ended else 0
                if not ended and select.select([source], [], [], timeout)[0]:
                    data = source.recv(16384)
                    ended = not data
                    for part in self._inspect(direction, data):
                        if self.delay:
                            waiting.append((time.monotonic() + self.delay, part))
                        else:  # now: a fault may be in the very next byte
                            self._send(target, part)
                while waiting and waiting[0][0] <= time.monotonic():
                    self._send(target, waiting.pop(0)[1])
                if ended and not waiting:
                    break
            if not self.over.is_set() and not self.mute[direction]:
                target.shutdown(socket.SHUT_WR)
        except OSError:  # broken on one side: broken on the other
            if not self.over.is_set() and not self.stalled:
                _reset(target)

    def _send(self, target, data):
        self.proxy.passing.wait()
        if self.piece:
            for at in range(0, len(data), self.piece):
                target.sendall(data[at:at + self.piece])
        elif rate := self.rate:
            step = max(1, rate // 50)
            for at in range(0, len(data), step):
                target.sendall(data[at:at + step])
                if self.rate:  # it may end meanwhile
                    self.over.wait(len(data[at:at + step]) / rate)
        else:
            target.sendall(data)

    def _inspect(self, direction, data):
        """Lets faults happen at their byte; yields what is to be passed on of `data`."""
        while data:
            with self.lock:
                if direction == DOWN:  # before the byte is passed on
                    self._strike(direction)
                ahead = [left for fault in self.pending if (left := self.watcher.until(fault, direction)) and left > 0]
                cut = min(ahead, default=len(data))
                part, data = data[:cut], data[cut:]
                self.watcher.note(direction, part)
                part = self._damage(direction, part)
                if direction == UP:  # as soon as the byte is there
                    self._strike(direction)
            if part and not self.mute[direction] and not self.over.is_set():
                yield part

    def _damage(self, direction, part):
        dropped = min(self.drop[direction], len(part))
        self.drop[direction] -= dropped
        part = part[dropped:]
        changed = min(self.corrupt[direction], len(part))
        self.corrupt[direction] -= changed
        return bytes(byte ^ 0xFF for byte in part[:changed]) + part[changed:]

    def _strike(self, direction):
        for fault in list(self.pending):
            if self.watcher.due(fault, direction):
                self.pending.remove(fault)
                self._do(fault, direction)

    def _do(self, fault, direction):
        self.proxy.fired.append((time.monotonic(), fault, self.number))
        action = fault.action
        if action == "rst":
            self.over.set()
            _reset(self.client)
            self.end()
        elif action in ("fin", "half_close"):
            self.mute[DOWN] = True
            self.mute[UP] = action == "fin"
            self.client.shutdown(socket.SHUT_WR)
        elif action == "stall":
            self.stalled = True
            self.mute[UP] = self.mute[DOWN] = True
        elif action in ("mute", "hole"):
            self.mute[DOWN] = True
            self.mute[UP] = action == "hole"
        elif action in ("garbage", "http"):
            self.mute[UP] = self.mute[DOWN] = True
            self.client.sendall(_GARBAGE if action == "garbage" else _HTTP)
        elif action == "corrupt":
            self.corrupt[direction] += fault.number
        elif action == "drop":
            self.drop[direction] += fault.number
        elif action == "delay":
            self.delay = fault.number / 1000
        elif action == "rate":
            self.rate = fault.number
        elif action == "fragment":
            self.piece = fault.number


def _reset(connection):
    """RST at once, without close(): another thread may wait for this very descriptor, and its number be given away."""
    _libc.connect(connection.fileno(), bytes(16), 16)  # to AF_UNSPEC, which Python's connect() doesn't know


class FaultProxy:
    """Listens on `port` and passes TCP on to `target`, a port of this machine or (host, port).

    `fired` holds (time.monotonic(), fault, number of the connection) of each fault that happened.
    """

    def __init__(self, target, faults=(), host="127.0.0.1", port=0):
        self.target = target if isinstance(target, tuple) else ("127.0.0.1", target)
        self.faults = [Fault.parse(fault) if isinstance(fault, str) else fault for fault in faults]
        self.fired = []
        self.connections = []
        self.passing = threading.Event()
        self.passing.set()
        self._listener = None
        self.host, self.port = host, port
        self.accept()

    def accept(self):
        """Listens; again, after refuse(), on the same port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if any(fault.action == "stall" for fault in self.faults):  # inherited by what is accepted: it fills up at once
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_WINDOW)
        listener.bind((self.host, self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return self

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                connection = _Connection(self, len(self.connections) + 1, client)
            except OSError:  # no server there: as if this port were closed, as near as a proxy can come
                _reset(client)
                continue
            self.connections.append(connection)
            connection.start()

    def refuse(self):
        """Connections that there are go on; new ones are refused."""
        if self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def url(self, application="live", name="test", scheme="rtmp"):
        return f"{scheme}://{self.host}:{self.port}/{application}/{name}"

    def lose(self):
        """Resets the clients' connections of now; the server hears nothing of it, until close()."""
        for connection in self.connections:
            connection.lose()

    def hold(self):
        """Nothing goes on in either direction until release(), and nothing is lost: what comes waits before the proxy, as far as
        there is room, then at its sender."""
        self.passing.clear()

    def release(self):
        self.passing.set()

    def say(self, data):
        """Sends the newest client bytes that the server did not."""
        self.connections[-1].client.sendall(data)

    def close(self):
        self.refuse()
        self.release()
        for connection in self.connections:
            connection.end()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", help="PORT or HOST:PORT of the server")
    parser.add_argument("--listen", type=int, default=0, metavar="PORT", help="where clients come (a free one)")
    parser.add_argument("--fault", action="append", default=[], type=Fault.parse, metavar="FAULT", help="see above; more than one is fine")
    arguments = parser.parse_args()
    host, _, port = arguments.target.rpartition(":")
    proxy = FaultProxy((host or "127.0.0.1", int(port)), arguments.fault, port=arguments.listen)
    print(f"127.0.0.1:{proxy.port} -> {arguments.target}", flush=True)
    told = 0
    try:
        while True:
            time.sleep(0.1)
            for moment, fault, number in proxy.fired[told:]:
                print(f"{moment:.3f} connection {number}: {fault.action} at {fault.at}+{fault.bytes}", flush=True)
                told += 1
    except KeyboardInterrupt:
        proxy.close()


if __name__ == "__main__":
    main()
