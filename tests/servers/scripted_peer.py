# SPDX-License-Identifier: MIT
"""The server's end of one RTMP connection, for scripts: it waits for what the client should do, sends what it is told, and
collects what the client does wrong in the server's `problems`."""
import socket
import time

import rtmp_wire as wire

PATIENCE = 10  # seconds for what the client owes


class Gone(Exception):
    """The client has ended the connection."""


class Peer:
    """The server's end of one connection; `number` counts those of its server, from 1."""

    def __init__(self, server, connection, number=1):
        self.server = server
        self.number = number
        self.connection = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(PATIENCE)
        self.sent = 0
        self.received_at = 0.0  # on the monotonic clock: the bytes that made the last message whole
        self.capabilities = {}  # of Enhanced RTMP, that connect is answered with
        self._reader = wire.ChunkReader()
        self._messages = []

    def send(self, data):
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise Gone from error
        self.sent += len(data)

    def receive(self, count=65536):
        try:
            data = self.connection.recv(count)
        except ConnectionError as error:
            raise Gone from error
        if not data:
            raise Gone
        self.received_at = time.monotonic()
        return data

    def next(self):
        while not self._messages:
            self._messages = self._reader.feed(self.receive())
        message = self._messages.pop(0)
        if message.interleaved:
            self.problem(f"a chunk came in the middle of a message of type {message.type}")
        return message

    def until(self, wanted, what, within=PATIENCE):
        """The next message for which `wanted` is true. What isn't there in time is a problem of the client's."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            message = self.next()
            if wanted(message):
                return message
        self.problem(f"{what}: not within {within} s")
        raise Gone

    def command(self, name):
        return self.until(lambda message: message.command == name, name)

    def media(self, count=1):
        for _ in range(count):
            self.until(lambda message: message.type in (wire.AUDIO, wire.VIDEO), "media")

    def handshake(self):
        hello = b""
        while len(hello) < wire.HELLO:
            hello += self.receive(wire.HELLO - len(hello))
        self.send(b"\3" + bytes(wire.HELLO - 1) + hello[1:])
        rest = b""
        while len(rest) < wire.HANDSHAKE - wire.HELLO:
            rest += self.receive(wire.HANDSHAKE - wire.HELLO - len(rest))

    def until_connect(self):
        self.handshake()
        self.command("connect")

    def answer_connect(self):
        self.send(wire.command("_result", 1, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31},
                               {"level": "status", "code": "NetConnection.Connect.Success", "description": "welcome",
                                **self.capabilities}))

    def until_create(self):
        self.until_connect()
        self.answer_connect()
        return wire.amf_values(self.command("createStream").body)[1]

    def until_publish(self):
        self.send(wire.command("_result", self.until_create(), None, 1))
        self.command("publish")

    def accept(self):
        self.until_publish()
        self.send(wire.status("status", "NetStream.Publish.Start", "go on"))

    def streaming(self):
        self.accept()
        self.media(5)

    def now(self):
        """This is the moment that the script is named for."""
        self.server.ended.append(time.monotonic())

    def finish(self):
        """An orderly end: all that the client still sends is read."""
        self.half_close()
        self.drain()

    def half_close(self):
        try:
            self.connection.shutdown(socket.SHUT_WR)
        except OSError as error:  # the client was faster
            raise Gone from error

    def drain(self):
        """Reads until the client goes."""
        self.connection.settimeout(None)
        while True:
            self.receive()

    def hold(self):
        """Reads messages until the client goes, for their order's sake."""
        self.connection.settimeout(None)
        while True:
            self.next()

    def keep(self):
        """As hold(); sound, pictures and data become the server's `received`."""
        self.connection.settimeout(None)
        while True:
            message = self.next()
            if message.type in (wire.AUDIO, wire.VIDEO, wire.DATA):
                self.server.received.append(message)

    def problem(self, text):
        self.server.problems.append(text)

    def expect(self, condition, text):
        if not condition:
            self.problem(text)
