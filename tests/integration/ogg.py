# SPDX-License-Identifier: MIT
"""Opus packets into an Ogg file (RFC 3533, RFC 7845), which every player reads."""
import struct

_FIRST, _LAST = 2, 4  # header type flags
_PACKETS = 50  # of 20 ms, so a page a second


def _crc_table():
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(value)
    return table


_TABLE = _crc_table()


def _page(flags, position, number, packets):
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, 1, number, 0) + bytes([len(lacing)]) + lacing
    page = bytearray(head + b"".join(packets))
    crc = 0
    for byte in page:
        crc = (crc << 8 ^ _TABLE[crc >> 24 ^ byte]) & 0xFFFFFFFF
    page[22:26] = struct.pack("<I", crc)
    return bytes(page)


def write(path, head, packets, samples=960):
    """Each packet holds `samples` at 48 kHz, 20 ms."""
    tags = b"OpusTags" + struct.pack("<I4sI", 4, b"test", 0)
    pages = [_page(_FIRST, 0, 0, [head]), _page(0, 0, 1, [tags])]
    for at in range(0, len(packets), _PACKETS):
        part = packets[at:at + _PACKETS]
        last = _LAST if at + _PACKETS >= len(packets) else 0
        pages.append(_page(last, (at + len(part)) * samples, len(pages), part))
    path.write_bytes(b"".join(pages))
    return path
