# SPDX-License-Identifier: MIT
"""FLV as it stands in a file (Adobe FLV 10.1, Enhanced RTMP v2), for what ffprobe cannot tell: metadata, headers, Opus."""
import dataclasses
import struct

AUDIO, VIDEO, SCRIPT = 8, 9, 18
OPUS = 0x4F707573  # audiocodecid: the FourCC as a number


@dataclasses.dataclass
class Tag:
    """One tag of a file, or one message of RTMP: they have the same body."""
    type: int
    time: int  # ms
    body: bytes


def read(path):
    """(the header's flags, the tags); ValueError where the file is no FLV."""
    data = path.read_bytes()
    if data[:4] != b"FLV\1" or data[5:13] != b"\0\0\0\x09\0\0\0\0":
        raise ValueError(f"{path}: no FLV header")
    tags, at = [], 13
    while at < len(data):
        size = int.from_bytes(data[at + 1:at + 4], "big")
        time = int.from_bytes(data[at + 4:at + 7], "big") | data[at + 7] << 24
        end = at + 11 + size
        if data[end:end + 4] != struct.pack(">I", 11 + size):
            raise ValueError(f"{path}: the tag at {at} has another size behind it")
        tags.append(Tag(data[at], time, data[at + 11:end]))
        at = end + 4
    return data[4], tags


def metadata(tags):
    """The fields of the first onMetaData."""
    body = next(tag.body for tag in tags if tag.type == SCRIPT)
    body = body.removeprefix(b"\2\0\x0d@setDataFrame")
    head = b"\2\0\x0aonMetaData\x08"
    if not body.startswith(head):
        raise ValueError(f"no onMetaData: {body[:40]}")
    fields, at = {}, len(head) + 4
    while body[at:at + 3] != b"\0\0\x09":
        length, = struct.unpack(">H", body[at:at + 2])
        name, at = body[at + 2:at + 2 + length].decode(), at + 2 + length
        kind = body[at]
        if kind == 0:
            fields[name], = struct.unpack(">d", body[at + 1:at + 9])
            at += 9
        elif kind == 1:
            fields[name] = bool(body[at + 1])
            at += 2
        elif kind == 2:
            length, = struct.unpack(">H", body[at + 1:at + 3])
            fields[name] = body[at + 3:at + 3 + length].decode()
            at += 3 + length
        else:
            raise ValueError(f"{name}: a value of kind {kind}")
    return fields


def kinds(tags):
    """What the tags are, each kind once, in the order of their first: "metadata", "AVC header", "AAC header", …"""
    found = []
    for tag in tags:
        kind = _kind(tag)
        if kind not in found:
            found.append(kind)
    return found


def _kind(tag):
    if tag.type == SCRIPT:
        return "metadata"
    if tag.type == VIDEO:
        return {0x17: "AVC", 0x27: "AVC"}[tag.body[0]] + (" header" if tag.body[1] == 0 else "")
    if tag.body[0] == 0xAF:
        return "AAC header" if tag.body[1] == 0 else "AAC"
    return {0x90: "Opus header", 0x91: "Opus"}[tag.body[0]] if tag.body[1:5] == b"Opus" else "unknown"


def opus(tags):
    """(the OpusHead, [(ms, packet)…])"""
    heads = [tag.body[5:] for tag in tags if tag.type == AUDIO and _kind(tag) == "Opus header"]
    return heads[0], [(tag.time, tag.body[5:]) for tag in tags if tag.type == AUDIO and _kind(tag) == "Opus"]
