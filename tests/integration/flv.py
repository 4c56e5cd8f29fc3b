# SPDX-License-Identifier: MIT
"""FLV as it stands in a file (Adobe FLV 10.1, Enhanced RTMP v2), for what ffprobe cannot tell: metadata, headers, Opus."""
import dataclasses
import struct

AUDIO, VIDEO, SCRIPT = 8, 9, 18
OPUS = 0x4F707573  # audiocodecid: the FourCC as a number
HEVC, AV1 = 0x68766331, 0x61763031  # videocodecid, likewise


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
        if tag.body[0] & 0x80:
            name = {b"hvc1": "HEVC", b"av01": "AV1"}[tag.body[1:5]]
            return name + {0: " header", 1: "", 3: ""}[tag.body[0] & 0x0F]
        return {0x17: "AVC", 0x27: "AVC"}[tag.body[0]] + (" header" if tag.body[1] == 0 else "")
    if tag.body[0] == 0xAF:
        return "AAC header" if tag.body[1] == 0 else "AAC"
    return {0x90: "Opus header", 0x91: "Opus"}[tag.body[0]] if tag.body[1:5] == b"Opus" else "unknown"


def opus(tags):
    """(the OpusHead, [(ms, packet)…])"""
    heads = [tag.body[5:] for tag in tags if tag.type == AUDIO and _kind(tag) == "Opus header"]
    return heads[0], [(tag.time, tag.body[5:]) for tag in tags if tag.type == AUDIO and _kind(tag) == "Opus"]


@dataclasses.dataclass
class Picture:
    """A coded picture of an enhanced video tag."""
    time: int  # ms, of decoding
    composition: int  # ms, what is added to it for showing
    key: bool
    data: bytes


def enhanced_video(tags):
    """(the decoder's record, [Picture…]) of a track of H.265 or AV1 (Enhanced RTMP v2, ExVideoTagHeader)."""
    records, pictures = [], []
    for tag in (tag for tag in tags if tag.type == VIDEO):
        frame, kind, four_cc = tag.body[0] >> 4 & 7, tag.body[0] & 0x0F, tag.body[1:5]
        if not tag.body[0] & 0x80 or frame not in (1, 2):
            raise ValueError(f"no enhanced video tag: {tag.body[:8]}")
        if kind == 0:
            records.append(tag.body[5:])
            continue
        timed = kind == 1 and four_cc == b"hvc1"
        composition = int.from_bytes(tag.body[5:8], "big", signed=True) if timed else 0
        pictures.append(Picture(tag.time, composition, frame == 1, tag.body[8 if timed else 5:]))
    return records[0], pictures


def hevc_stream(record, pictures):
    """The same as a file that every decoder of H.265 reads: parameter sets and NAL units behind start codes."""
    out, at = [], 23
    for _ in range(record[22]):
        count = int.from_bytes(record[at + 1:at + 3], "big")
        at += 3
        for _ in range(count):
            size = int.from_bytes(record[at:at + 2], "big")
            out.append(record[at + 2:at + 2 + size])
            at += 2 + size
    if at != len(record):
        raise ValueError("the HEVCDecoderConfigurationRecord is longer than what it holds")
    for picture in pictures:
        at = 0
        while at < len(picture.data):
            size = int.from_bytes(picture.data[at:at + 4], "big")
            out.append(picture.data[at + 4:at + 4 + size])
            at += 4 + size
        if at != len(picture.data):
            raise ValueError("a length of a NAL unit leads past its packet")
    return b"".join(b"\0\0\0\1" + unit for unit in out)


def av1_stream(record, pictures):
    """The same as OBUs with their delimiters."""
    delimiter = b"\x12\0"
    return delimiter + record[4:] + delimiter.join(picture.data for picture in pictures)
