# SPDX-License-Identifier: MIT
"""What is to be seen in a recording: the mean colour of each picture, and where it stands still."""
import re
import subprocess


def _ffmpeg(path, *arguments):
    return subprocess.run(["ffmpeg", "-nostdin", "-v", "info", "-i", str(path), "-map", "0:v", "-fps_mode", "passthrough",
                           *arguments], capture_output=True, check=True)


def colours(path):
    """Each picture's colour in a word: "red", "green", or "other"."""
    raw = _ffmpeg(path, "-vf", "scale=1:1:flags=area,format=rgb24", "-f", "rawvideo", "-").stdout
    return [_name(*raw[at:at + 3]) for at in range(0, len(raw), 3)]


def _name(red, green, blue):
    if red > 2 * max(green, blue):
        return "red"
    return "green" if green > 2 * max(red, blue) else "other"


def turns(names):
    """The names in order, each run of the same one once."""
    return [name for at, name in enumerate(names) if at == 0 or names[at - 1] != name]


def still(path, part, seconds):
    """How long each stretch is in which that part of the picture ("width:height:left:top") doesn't change."""
    told = _ffmpeg(path, "-vf", f"crop={part},freezedetect=n=0.001:d={seconds}", "-f", "null", "-").stderr.decode()
    return [float(length) for length in re.findall(r"freeze_duration: ([0-9.]+)", told)]
