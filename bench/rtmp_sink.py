# SPDX-License-Identifier: MIT
"""A small RTMP server that takes what is published and notes when each whole message was there: a measuring instrument for
the benchmark, on loopback, made of the tests' own server."""
import dataclasses
import itertools
import pathlib
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "servers"))
import rtmp_wire as wire  # noqa: E402
import scripted_peer  # noqa: E402

AUDIO, VIDEO = wire.AUDIO, wire.VIDEO


@dataclasses.dataclass
class Message:
    type: int
    timestamp: int
    body: bytes
    arrived: float

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
        messages = []
        self._play(self._listener.accept()[0], messages.append)
        return messages

    def serve(self, take):
        """Calls take(number of the connection, message) for all that comes, each connection on a thread of its own; forever."""
        for number in itertools.count():
            connection, _ = self._listener.accept()
            threading.Thread(target=self._play, args=(connection, lambda message, number=number: take(number, message)),
                             daemon=True).start()

    @staticmethod
    def _play(connection, take):
        with connection:
            peer = _Peer(connection, take)
            try:
                peer.accept()
                peer.connection.settimeout(None)
                while True:
                    peer.next()
            except scripted_peer.Gone:
                pass


class _Peer(scripted_peer.Peer):
    def __init__(self, connection, take):
        super().__init__(self, connection)
        self.problems = []
        self._take = take

    def next(self):
        message = super().next()
        self._take(Message(message.type, message.timestamp, message.body, self.received_at))
        return message


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
