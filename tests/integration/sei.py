# SPDX-License-Identifier: MIT
"""The user data in a recording's SEI messages, read by the standard's syntax alone."""
import subprocess

USER_DATA_UNREGISTERED = 5  # ITU-T H.264, annex D
# Of H.264 (table 7-1) and H.265 (table 7-1): what kind a unit is, SEI's kind, slices' kinds, the length of a unit's head.
CODECS = {"h264": (lambda unit: unit[0] & 31, 6, (1, 5), 1), "hevc": (lambda unit: unit[0] >> 1 & 63, 39, tuple(range(32)), 2)}


def units(path, codec="h264"):
    """The NAL units of a recording's video, without their escapes."""
    stream = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy", "-bsf:v",
                             f"{codec}_mp4toannexb", "-f", codec, "-"], capture_output=True, check=True).stdout
    return [unit.rstrip(b"\0").replace(b"\0\0\3", b"\0\0") for unit in stream.split(b"\0\0\1")[1:]]


def of_unit(unit, head):
    """Annex D's syntax: type and size as runs of 255 and a rest."""
    at = head
    while at + 2 < len(unit):
        numbers = []
        for _ in range(2):
            number = 0
            while unit[at] == 255:
                number, at = number + 255, at + 1
            numbers.append(number + unit[at])
            at += 1
        payload, at = unit[at:at + numbers[1]], at + numbers[1]
        if numbers[0] == USER_DATA_UNREGISTERED:
            yield payload


def user_data(path, codec="h264"):
    """All of it in its order, each with its UUID in front."""
    kind, wanted, _, head = CODECS[codec]
    return [data for unit in units(path, codec) if kind(unit) == wanted for data in of_unit(unit, head)]


def user_data_of_slices(path, codec="h264"):
    """[(kind of the slice, user data before it)] for each slice."""
    kind, wanted, slices, head = CODECS[codec]
    found, waiting = [], []
    for unit in units(path, codec):
        if kind(unit) == wanted:
            waiting += of_unit(unit, head)
        elif kind(unit) in slices:
            found.append((kind(unit), waiting))
            waiting = []
    return found
