# SPDX-License-Identifier: MIT
"""What is heard in a recording: the loudness of single tones, peaks and steps, out of decoded samples."""
import array
import math
import subprocess

RATE = 48000


def samples(path, channel=0):
    """One channel of a recording's sound, at 48 kHz, as it was decoded."""
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:a", "-af", f"pan=mono|c0=c{channel}",
                           "-ar", str(RATE), "-f", "f32le", "-"], capture_output=True, check=True)
    return array.array("f", done.stdout)


def tone(sound, hz, begin, length):
    """The level of a tone between two moments, in dB of full scale."""
    part = sound[int(begin * RATE):int((begin + length) * RATE)]
    turn = 2 * math.pi * hz / RATE
    c = sum(value * math.cos(turn * at) for at, value in enumerate(part))
    s = sum(value * math.sin(turn * at) for at, value in enumerate(part))
    return 20 * math.log10(max(2 * math.hypot(c, s) / max(len(part), 1), 1e-9))


def peak(sound):
    return max(max(sound), -min(sound))


def write_tone(path, hz, seconds, decibels, codec=()):
    """A stereo file with a tone of that level in both channels."""
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i",
                    f"aevalsrc={10 ** (decibels / 20)}*sin(2*PI*{hz}*t)|{10 ** (decibels / 20)}*sin(2*PI*{hz}*t):s={RATE}:d={seconds}",
                    *codec, str(path)], check=True)
    return path
