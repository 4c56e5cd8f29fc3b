# SPDX-License-Identifier: MIT
"""RTMP on the wire, as much of it as a test's server and a watching proxy need: chunks, AMF0 and message numbers."""
import dataclasses
import struct

HELLO = 1 + 1536  # C0 and C1, or S0 and S1
HANDSHAKE = HELLO + 1536  # C0 C1 C2, or S0 S1 S2

SET_CHUNK_SIZE, ABORT, ACKNOWLEDGEMENT, USER_CONTROL, WINDOW_ACK_SIZE, SET_PEER_BANDWIDTH = 1, 2, 3, 4, 5, 6
AUDIO, VIDEO, DATA, COMMAND = 8, 9, 18, 20
STREAM_BEGIN, PING_REQUEST, PING_RESPONSE = 0, 6, 7
_HEADERS = (11, 7, 3, 0)  # RTMP 1.0 §5.3.1.2
_EXTENDED = 0xFFFFFF


@dataclasses.dataclass
class Message:
    channel: int
    type: int
    stream: int
    timestamp: int
    body: bytes
    interleaved: bool = False  # a chunk of another message came in the middle of it

    @property
    def command(self):
        return amf_values(self.body)[0] if self.type == COMMAND else ""


@dataclasses.dataclass
class _Channel:
    length: int = 0
    type: int = 0
    stream: int = 0
    timestamp: int = 0
    delta: int = 0
    extended: bool = False
    body: bytes = b""
    open: bool = False
    interleaved: bool = False


class ChunkReader:
    """Bytes after the handshake in, whole messages out (RTMP 1.0 §5.3); ValueError where they make no sense.

    `media` counts the bytes of audio and video, also of messages that are not whole yet.
    """

    def __init__(self):
        self.media = 0
        self._size = 128
        self._channels = {}
        self._buffer = bytearray()
        self._current = None
        self._left = 0  # of the chunk being read

    def feed(self, data):
        self._buffer += data
        found = []
        while True:
            if self._current is None and not self._header():
                return found
            channel = self._channels[self._current]
            part = bytes(self._buffer[:self._left])
            del self._buffer[:len(part)]
            channel.body += part
            self._left -= len(part)
            if channel.type in (AUDIO, VIDEO):
                self.media += len(part)
            if self._left:
                return found
            if len(channel.body) == channel.length:
                channel.open = False
                if channel.type == SET_CHUNK_SIZE:
                    if channel.length != 4:
                        raise ValueError(f"a chunk size of {channel.length} bytes")
                    self._size, = struct.unpack(">I", channel.body)
                found.append(Message(self._current, channel.type, channel.stream, channel.timestamp, channel.body,
                                     channel.interleaved))
            self._current = None

    def _header(self):
        data = self._buffer
        if not data:
            return False
        form, number, at = data[0] >> 6, data[0] & 63, 1
        if number < 2:
            at += number + 1
            if len(data) < at:
                return False
            number = 64 + data[1] + (256 * data[2] if number else 0)
        if form > 1 and number not in self._channels:
            raise ValueError(f"chunk stream {number} continues nothing")
        end = at + _HEADERS[form]
        if len(data) < end:
            return False
        channel = self._channels.setdefault(number, _Channel())
        if form == 3:
            extended = channel.extended
        else:
            if channel.open:
                raise ValueError(f"a new header inside a message on chunk stream {number}")
            extended = int.from_bytes(data[at:at + 3], "big") == _EXTENDED
        if extended and len(data) < end + 4:
            return False
        if extended and form == 3 and int.from_bytes(data[end:end + 4], "big") != channel.delta:
            raise ValueError(f"another extended time stamp than its message's on chunk stream {number}")
        if form < 3:
            channel.extended = extended
            channel.delta = int.from_bytes(data[end:end + 4] if extended else data[at:at + 3], "big")
        if form < 2:
            channel.length, channel.type = int.from_bytes(data[at + 3:at + 6], "big"), data[at + 6]
        if form == 0:
            channel.stream, = struct.unpack("<I", data[at + 7:at + 11])
            channel.timestamp = 0
        del data[:end + (4 if extended else 0)]
        if not channel.open:
            channel.timestamp = (channel.timestamp + channel.delta) & 0xFFFFFFFF
            channel.open, channel.body, channel.interleaved = True, b"", False
        for other, state in self._channels.items():
            if other != number and state.open:
                state.interleaved = True
        self._current, self._left = number, min(self._size, channel.length - len(channel.body))
        return True


def header(channel, kind, length, stream=0, timestamp=0, form=0):
    """One chunk's header; `form` 1 leaves the stream's number out."""
    fields = timestamp.to_bytes(3, "big") + length.to_bytes(3, "big") + bytes([kind])
    return bytes([form << 6 | channel]) + fields + (struct.pack("<I", stream) if form == 0 else b"")


def message(channel, kind, body, stream=0, size=128):
    """A whole message in chunks of `size`."""
    pieces = [body[at:at + size] for at in range(0, len(body), size)] or [b""]
    return header(channel, kind, len(body), stream) + bytes([0xC0 | channel]).join(pieces)


def control(kind, *numbers):
    """A protocol control message of 32-bit numbers; the last one of SET_PEER_BANDWIDTH is a byte."""
    if kind == SET_PEER_BANDWIDTH:
        return message(2, kind, struct.pack(">IB", *numbers))
    return message(2, kind, struct.pack(f">{len(numbers)}I", *numbers))


def user_control(event, *numbers):
    return message(2, USER_CONTROL, struct.pack(f">H{len(numbers)}I", event, *numbers))


def amf(value):
    """AMF0 of a number, a string, a list, a dictionary or None."""
    if value is None:
        return b"\5"
    if isinstance(value, (int, float)):
        return b"\0" + struct.pack(">d", value)
    if isinstance(value, str):
        return b"\2" + struct.pack(">H", len(value.encode())) + value.encode()
    if isinstance(value, list):
        return b"\x0a" + struct.pack(">I", len(value)) + b"".join(map(amf, value))
    members = b"".join(struct.pack(">H", len(key)) + key.encode() + amf(member) for key, member in value.items())
    return b"\3" + members + b"\0\0\t"


def amf_values(data):
    """The leading numbers, strings and nulls of an AMF0 command; what follows the first other value is left out."""
    values, at = [], 0
    while at < len(data):
        kind = data[at]
        if kind == 0:
            values.append(struct.unpack(">d", data[at + 1:at + 9])[0])
            at += 9
        elif kind == 2:
            length, = struct.unpack(">H", data[at + 1:at + 3])
            values.append(data[at + 3:at + 3 + length].decode(errors="replace"))
            at += 3 + length
        elif kind == 5:
            values.append(None)
            at += 1
        else:
            break
    return values or [""]


def object_strings(data):
    """The string members of the first object in an AMF0 command, as bytes: what connect says of app and tcUrl."""
    members, at = {}, data.find(b"\3") + 1
    while at and data[at:at + 2] != b"\0\0":
        length, = struct.unpack(">H", data[at:at + 2])
        name, kind, at = data[at + 2:at + 2 + length].decode(), data[at + 2 + length], at + 3 + length
        if kind == 2:
            length, = struct.unpack(">H", data[at:at + 2])
            members[name] = data[at + 2:at + 2 + length]
            at += 2 + length
        elif kind in (0, 1):
            at += 8 if kind == 0 else 1
        else:
            break
    return members


def command(*values, stream=0):
    return message(3, COMMAND, b"".join(map(amf, values)), stream)


def status(level, code, description=None, stream=1, size=128):
    info = {"level": level, "code": code, **({"description": description} if description is not None else {})}
    return message(5, COMMAND, amf("onStatus") + amf(0) + amf(None) + amf(info), stream, size)
