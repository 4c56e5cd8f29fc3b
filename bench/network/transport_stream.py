# SPDX-License-Identifier: MIT
"""MPEG-TS as a receiver sees it: pictures and pieces of sound, when each was whole, and whether something of it is missing."""
import collections

PACKET = 188
# kind: of figures.py; stamp: of decoding, in s; moment: when its last packet came; whole: no packet of it, or before it, is missing
Unit = collections.namedtuple("Unit", "kind stamp size moment whole")
AUDIO, VIDEO = 8, 9
_KINDS = {0xE0: VIDEO, 0xC0: AUDIO, 0xBD: AUDIO}


class _Track:
    def __init__(self):
        self.counter = self.kind = None
        self.stamp = self.moment = 0.0
        self.size, self.whole = 0, True


class Reader:
    """take() answers with the units that are known to be over: a unit is, when the next of its track begins."""

    def __init__(self):
        self._tracks = {}

    def take(self, datagram, moment):
        for at in range(0, len(datagram) - PACKET + 1, PACKET):
            unit = self._packet(datagram[at:at + PACKET], moment)
            if unit:
                yield unit

    def _packet(self, packet, moment):
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        control = packet[3] >> 4 & 3
        if packet[0] != 0x47 or pid < 0x20 or not control & 1:
            return None
        payload = packet[4 + (1 + packet[4] if control & 2 else 0):]
        begins = packet[1] & 0x40
        if pid not in self._tracks and not (begins and payload[:3] == b"\0\0\1" and payload[3] in _KINDS):
            return None  # tables
        track = self._tracks.setdefault(pid, _Track())
        done, missing = None, track.counter is not None and (track.counter + 1) & 15 != packet[3] & 15
        track.counter = packet[3] & 15
        if missing:
            track.whole = False
        if begins:
            if track.kind:
                done = Unit(track.kind, track.stamp, track.size, track.moment, track.whole)
            track.kind, track.stamp = _KINDS[payload[3]], _stamp(payload)
            track.size, track.whole = 0, not missing
        track.size += len(payload)
        track.moment = moment
        return done


def _stamp(header):
    at = 14 if header[7] >> 6 == 3 else 9
    five = header[at:at + 5]
    return ((five[0] >> 1 & 7) << 30 | five[1] << 22 | five[2] >> 1 << 15 | five[3] << 7 | five[4] >> 1) / 90_000
