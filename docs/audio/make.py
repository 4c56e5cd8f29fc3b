#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py [RENDERER]: draws the pictures of docs/audio/README.md anew, one of each effect.

A sentence by espeak-ng goes through each effect by RENDERER (build/release/bin/render_sound, which ./dev bench builds);
what comes out is drawn as a spectrogram: 3.2 seconds from left to right, 60 Hz to 8 kHz from below, in steps as the ear
hears them, the brighter the louder over 70 dB. Needs espeak-ng and ffmpeg, and no Python package.
"""
import array
import cmath
import math
import pathlib
import struct
import subprocess
import sys
import zlib

HERE = pathlib.Path(__file__).resolve().parent
RENDERER = HERE.parent.parent / "build/release/bin/render_sound"
SENTENCE = "Hello everybody, we are live. What a day!"
RATE, CHANNELS = 48000, 1
SECONDS, WIDTH, HEIGHT = 3.2, 320, 120
WINDOW = 2048
LOW, HIGH, RANGE_DB = 60.0, 8000.0, 70.0
LEVELS = 16

VOICES = (1, 2, 3, 4, 6, 7, 8, 9, 10, 11)
REVERBS = range(1, 8)


def run(command, data=b""):
    return subprocess.run([str(part) for part in command], input=data, capture_output=True, check=True).stdout


def spoken():
    """The sentence, mono floats, as loud as a voice is in a push, and half a second for what follows it."""
    wav = run(["espeak-ng", "-v", "en-us", "-s", "165", "--stdout", SENTENCE])
    raw = run(["ffmpeg", "-loglevel", "error", "-i", "-", "-ar", RATE, "-ac", CHANNELS, "-f", "f32le", "-"], wav)
    samples = array.array("f", raw)
    rms = math.sqrt(sum(x * x for x in samples) / len(samples))
    samples = [x * 0.1 / rms for x in samples][: int(2.7 * RATE)]
    return samples + [0.0] * (int(SECONDS * RATE) - len(samples))


def hiss(count, seed=1):
    """Noise of -42 dBFS, the same each time."""
    state, out = seed, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append((state / 2**31 - 1) * 0.008 * math.sqrt(3))
    return out


def rendered(renderer, samples, *effect):
    raw = run([renderer, RATE, CHANNELS, *effect], array.array("f", samples).tobytes())
    return array.array("f", raw)


def fft(values):
    """In place, of a power of two."""
    count, j = len(values), 0
    for i in range(1, count):
        bit = count >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j ^= bit
        if i < j:
            values[i], values[j] = values[j], values[i]
    size = 2
    while size <= count:
        half = size // 2
        turns = [cmath.exp(-2j * math.pi * k / size) for k in range(half)]
        for start in range(0, count, size):
            for k in range(half):
                a, b = values[start + k], values[start + k + half] * turns[k]
                values[start + k], values[start + k + half] = a + b, a - b
        size *= 2
    return values


def mel(hz):
    return math.log(1 + hz / 700)


def rows():
    """The frequency bins of each row, from the top."""
    step = (mel(HIGH) - mel(LOW)) / HEIGHT
    edges = [700 * (math.exp(mel(HIGH) - step * row) - 1) * WINDOW / RATE for row in range(HEIGHT + 1)]
    return [(max(1, int(below)), max(int(below) + 1, int(above + 0.999))) for above, below in zip(edges, edges[1:])]


def spectrogram(samples):
    """Rows of levels 0..LEVELS-1; 0 dB is what a voice's loudest tones reach."""
    shape = [0.5 - 0.5 * math.cos(2 * math.pi * i / WINDOW) for i in range(WINDOW)]
    bands, columns = rows(), []
    for column in range(WIDTH // 2):  # two columns by one transform: as real and imaginary part
        parts = []
        for which in (0, 1):
            start = int((2 * column + which) * (len(samples) - WINDOW) / (WIDTH - 1))
            parts.append(samples[start:start + WINDOW])
        both = fft([complex(a, b) * w for a, b, w in zip(*parts, shape)])
        for which in (0, 1):
            power = []
            for k in range(WINDOW // 2):
                mirror = both[-k].conjugate()
                power.append(abs((both[k] + mirror) / 2 if which == 0 else (both[k] - mirror) / 2) ** 2)
            columns.append([max(power[low:high]) for low, high in bands])
    top = (WINDOW / 4 * 0.1) ** 2
    picture = []
    for row in range(HEIGHT):
        line = []
        for column in columns:
            decibels = 10 * math.log10(column[row] / top + 1e-12)
            line.append(min(LEVELS - 1, max(0, int((decibels + RANGE_DB) / RANGE_DB * LEVELS))))
        picture.append(line)
    return picture


def palette():
    """Black over violet and orange to pale yellow, evenly lighter."""
    stops = [(0, 0, 4), (60, 15, 110), (140, 41, 129), (222, 73, 104), (254, 159, 109), (252, 253, 191)]
    out = b""
    for level in range(LEVELS):
        place = level / (LEVELS - 1) * (len(stops) - 1)
        at = min(int(place), len(stops) - 2)
        out += bytes(round(a + (b - a) * (place - at)) for a, b in zip(stops[at], stops[at + 1]))
    return out


def png(picture):
    """PNG of 4 bits a pixel, ISO/IEC 15948."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + bytes(a << 4 | b for a, b in zip(line[::2], line[1::2])) for line in picture)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 4, 3, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"PLTE", palette())
            + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def main():
    renderer = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else RENDERER
    if not renderer.exists():
        sys.exit(f"{renderer} isn't there: build it (./dev bench does), or name another")
    voice = spoken()
    noisy = [a + b for a, b in zip(voice, hiss(len(voice)))]
    quiet = [x * 0.04 for x in voice]  # -28 dB
    # Gain control takes some seconds to know a voice: it has heard the sentence six times when it is drawn.
    heard = rendered(renderer, quiet * 7, "agc")[-len(quiet):]
    warmed = rendered(renderer, noisy * 2, "ans")[-len(noisy):]
    sounds = {"speech": voice, "noisy": noisy, "ans": warmed, "quiet": quiet, "agc": heard}
    sounds |= {f"voice-{n}": rendered(renderer, voice, "voice", n) for n in VOICES}
    sounds |= {f"reverb-{n}": rendered(renderer, voice, "reverb", n) for n in REVERBS}
    for name, samples in sounds.items():
        (HERE / f"{name}.png").write_bytes(png(spectrogram(list(samples))))
        print(f"{name}.png", flush=True)


if __name__ == "__main__":
    main()
