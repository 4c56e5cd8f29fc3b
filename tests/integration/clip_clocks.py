# SPDX-License-Identifier: MIT
"""Clips whose time stamps are wrong: clocks that jump or start anew, stand still, or were never written."""
import re
import struct

import clips
import flv

SECOND = 1000  # FLV's units


def _tag(tag, time):
    head = bytes([tag.type]) + len(tag.body).to_bytes(3, "big") + (time & 0xFFFFFF).to_bytes(3, "big") + bytes([time >> 24 & 0xFF])
    return head + b"\0\0\0" + tag.body + struct.pack(">I", 11 + len(tag.body))


def retimed_flv(name, source, change, *told):
    """change(tag's type, ms) gives each tag of picture or sound another time."""
    def make(path):
        flags, tags = flv.read(source)
        body = [_tag(tag, change(tag.type, tag.time) if tag.type != flv.SCRIPT else tag.time) for tag in tags]
        path.write_bytes(b"FLV\1" + bytes([flags]) + b"\0\0\0\x09\0\0\0\0" + b"".join(body))
    return clips.kept(f"{source.name[:10]}-{'-'.join(map(str, told))}-{name}", make)


def jumping_flv(name, source, at, by, kinds=(flv.AUDIO, flv.VIDEO)):
    """From `at` ms on the clock is `by` ms further; of both tracks or one."""
    return retimed_flv(name, source, lambda kind, time: max(0, time + by) if kind in kinds and time >= at else time, at, by, *kinds)


def jumping_mkv(name, first, second):
    """Two clips made with the same coders, the clusters of the second, with its own times, behind those of the first."""
    def make(path):
        tail = second.read_bytes()
        path.write_bytes(first.read_bytes() + tail[tail.index(b"\x1f\x43\xb6\x75"):])
    return clips.kept(f"{first.name[:10]}-{second.name[:10]}-{name}", make)


def mp4_boxes(data, at=0, end=None):
    """(kind, begin, end) of each box."""
    end = len(data) if end is None else end
    while at + 8 <= end:
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8:at + 16], "big"), 16
        size = size or end - at
        yield kind, at + head, at + size
        at += size


def jumping_fragments(name, source, at, by, tracks=(1, 2)):
    """A fragmented MP4 whose decode times (tfdt) of these tracks are `by` s further from `at` s on."""
    def make(path):
        data = bytearray(source.read_bytes())
        scales = [struct.unpack(">I", data[found.start() + 16:found.start() + 20])[0] for found in re.finditer(b"mdhd", data)]
        for kind, begin, end in mp4_boxes(data):
            if kind != b"moof":
                continue
            for inner, first, last in mp4_boxes(data, begin, end):
                if inner == b"traf":
                    _move(data, first, last, scales, at, by, tracks)
        path.write_bytes(data)
    return clips.kept(f"{source.name[:10]}-{at}-{by}-{''.join(map(str, tracks))}-{name}", make)


def _move(data, first, last, scales, at, by, tracks):
    boxes = {kind: begin for kind, begin, _ in mp4_boxes(data, first, last)}
    track, = struct.unpack(">I", data[boxes[b"tfhd"] + 4:boxes[b"tfhd"] + 8])
    place = boxes[b"tfdt"] + 4
    if data[place - 4] != 1:
        raise ValueError("a tfdt of 32 bits: nothing that ffmpeg writes")
    time, = struct.unpack(">Q", data[place:place + 8])
    scale = scales[track - 1]
    if track in tracks and time >= at * scale:
        struct.pack_into(">Q", data, place, max(0, time + int(by * scale)))


def without_index(source):
    """An AVI whose table of pictures is cut off, as after a power failure."""
    data = source.read_bytes()
    return clips.kept(f"{source.name[:10]}-no-index.avi", lambda path: path.write_bytes(data[:data.rindex(b"idx1")]))
