# SPDX-License-Identifier: MIT
"""A small RTMP server that takes one stream and notes when each whole message was there.

Only what a publisher needs: handshake (RTMP 1.0 §5.2), chunks (§5.3), the answers to connect, createStream and
publish (§7.2). No play side, no checks: a measuring instrument for the benchmark, on loopback.
"""
import functools
import itertools
import os
import socket
import struct
import threading
import time

AUDIO, VIDEO = 8, 9
_SET_CHUNK_SIZE, _ABORT, _COMMAND = 1, 2, 20


class Message:
    __slots__ = ("type", "timestamp", "body", "arrived")

    def __init__(self, kind, timestamp, body, arrived):
        self.type, self.timestamp, self.body, self.arrived = kind, timestamp, body, arrived

    def is_media(self):
        """True for a coded picture or block of sound; a sequence header has 0 in its second byte."""
        return len(self.body) > 2 and self.type in (AUDIO, VIDEO) and self.body[1] == 1


class Sink:
    """Serves publishers, on a loopback port of the system's choice unless told otherwise."""

    def __init__(self, host="127.0.0.1", port=0):
        self._listener = socket.create_server((host, port))
        self.port = self._listener.getsockname()[1]

    def receive(self):
        """Every message of one connection, from its beginning to its end."""
        connection, _ = self._listener.accept()
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            messages = []
            _Connection(connection, messages.append).run()
            return messages

    def serve(self, take):
        """Calls take(number of the connection, message) for all that comes, each connection on a thread of its own; forever."""
        for number in itertools.count():
            connection, _ = self._listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            run = _Connection(connection, functools.partial(take, number)).run
            threading.Thread(target=run, daemon=True).start()


class _Connection:
    def __init__(self, connection, take):
        self._socket = connection
        self._take_message = take
        self._buffer = bytearray()
        self._at = 0
        self._arrived = 0.0
        self._chunk_size = 128
        self._streams = {}  # chunk stream -> [timestamp, delta, length, type, stream, extended, body]

    def run(self):
        try:
            self._handshake()
            while True:
                self._read_chunk()
        except (OSError, EOFError):
            self._socket.close()

    def _need(self, count):
        while len(self._buffer) - self._at < count:
            if self._at > 1 << 16:
                del self._buffer[:self._at]
                self._at = 0
            data = self._socket.recv(1 << 18)
            self._arrived = time.monotonic()
            if not data:
                raise EOFError
            self._buffer += data

    def _take(self, count):
        self._need(count)
        taken = bytes(self._buffer[self._at:self._at + count])
        self._at += count
        return taken

    def _handshake(self):
        c0c1 = self._take(1537)
        self._socket.sendall(b"\x03" + struct.pack(">II", 0, 0) + os.urandom(1528) + c0c1[1:])
        self._take(1536)

    def _read_chunk(self):
        first = self._take(1)[0]
        form, number = first >> 6, first & 63
        if number == 0:
            number = 64 + self._take(1)[0]
        elif number == 1:
            number = 64 + int.from_bytes(self._take(2), "little")
        state = self._streams.setdefault(number, [0, 0, 0, 0, 0, False, bytearray()])
        begins = not state[6]
        if form < 3:
            header = self._take((11, 7, 3)[form])
            stamp = int.from_bytes(header[:3], "big")
            if form < 2:
                state[2], state[3] = int.from_bytes(header[3:6], "big"), header[6]
            if form == 0:
                state[4] = int.from_bytes(header[7:11], "little")
            state[5] = stamp == 0xFFFFFF
            if state[5]:
                stamp = int.from_bytes(self._take(4), "big")
            state[0], state[1] = (stamp, 0) if form == 0 else (state[0] + stamp, stamp)
        else:
            if state[5]:
                self._take(4)
            if begins:
                state[0] += state[1]
        state[6] += self._take(min(self._chunk_size, state[2] - len(state[6])))
        if len(state[6]) == state[2]:
            body, state[6] = bytes(state[6]), bytearray()
            self._handle(Message(state[3], state[0], body, self._arrived))

    def _handle(self, message):
        self._take_message(message)
        if message.type == _SET_CHUNK_SIZE:
            self._chunk_size = int.from_bytes(message.body[:4], "big")
        elif message.type == _ABORT:
            self._streams.pop(int.from_bytes(message.body[:4], "big"), None)
        elif message.type == _COMMAND:
            self._answer(message.body)

    def _answer(self, body):
        name, number = _command(body)
        if name == "connect":
            self._send(2, 5, 0, struct.pack(">I", 5_000_000))
            self._send(2, 6, 0, struct.pack(">IB", 5_000_000, 2))
            self._send(3, _COMMAND, 0, _amf("_result", number, {"fmsVer": "FMS/3,0,1,123", "capabilities": 31.0},
                                            _status("status", "NetConnection.Connect.Success")))
        elif name == "createStream":
            self._send(3, _COMMAND, 0, _amf("_result", number, None, 1.0))
        elif name == "publish":
            self._send(3, _COMMAND, 1, _amf("onStatus", 0.0, None, _status("status", "NetStream.Publish.Start")))

    def _send(self, chunk_stream, kind, stream, body):
        header = bytes([chunk_stream]) + bytes(3) + len(body).to_bytes(3, "big") + bytes([kind]) + stream.to_bytes(4, "little")
        out = bytearray(header)
        for begin in range(0, len(body), 128):
            if begin:
                out.append(0xC0 | chunk_stream)
            out += body[begin:begin + 128]
        self._socket.sendall(out)


def _status(level, code):
    return {"level": level, "code": code, "description": code}


def _command(body):
    length = int.from_bytes(body[1:3], "big")
    return body[3:3 + length].decode(), struct.unpack_from(">d", body, 4 + length)[0]


def _amf(*values):
    """AMF0 (§2 of its specification), of the types used here."""
    out = b""
    for value in values:
        if value is None:
            out += b"\x05"
        elif isinstance(value, float):
            out += b"\x00" + struct.pack(">d", value)
        elif isinstance(value, str):
            out += b"\x02" + _text(value)
        else:
            out += b"\x03" + b"".join(_text(k) + _amf(v) for k, v in value.items()) + b"\x00\x00\x09"
    return out


def _text(value):
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


def write_flv(messages, path):
    """The messages as a file that any player reads."""
    with open(path, "wb") as file:
        file.write(b"FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00")
        for m in messages:
            if m.type not in (AUDIO, VIDEO):
                continue
            stamp = m.timestamp & 0xFFFFFFFF
            file.write(bytes([m.type]) + len(m.body).to_bytes(3, "big") + (stamp & 0xFFFFFF).to_bytes(3, "big") +
                       bytes([stamp >> 24, 0, 0, 0]) + m.body + (len(m.body) + 11).to_bytes(4, "big"))
