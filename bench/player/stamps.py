# SPDX-License-Identifier: MIT
"""Pictures that say when they were handed over, and a beep with each that flashes: fed to a push through FIFOs, read out of a
player's window by eye.cpp, and out of a recording by stamps_of().

The moment stands in the topmost rows as 40 black or white cells: a white and a black one, 32 bits of milliseconds of
CLOCK_MONOTONIC, one bit that is set in pictures that flash, 5 bits of check.
"""
import array
import fcntl
import math
import os
import pathlib
import subprocess
import threading
import time

WIDTH, HEIGHT, FPS = 1280, 720, 30
RATE, CHANNELS = 48000, 2
CELLS, STAMP_BITS, CHECK_BITS = 40, 32, 5
CELL = WIDTH // CELLS
FLASH_EVERY = FPS  # pictures
BEEP_HZ, BEEP_SECONDS, BEEP_LEVEL = 1000, 0.05, 0.5
BLOCK = RATE // 100  # samples of sound handed over at a time
LENGTH = 2  # s of pictures; then they begin again
_SIZE = WIDTH * HEIGHT * 3 // 2
_BLACK, _WHITE = b"\x10" * CELL, b"\xeb" * CELL


def check(value):
    return (value * 0x9E3779B97F4A7C15 & 2**64 - 1) >> 64 - CHECK_BITS


def cells(milliseconds, flash):
    """The bits, the first cell's highest."""
    value = (milliseconds & 2**STAMP_BITS - 1) << 1 | flash
    return (2 << STAMP_BITS + 1 | value) << CHECK_BITS | check(value)


def read_cells(bits):
    """(milliseconds, flash); None: they make no sense."""
    value = bits >> CHECK_BITS & 2**(STAMP_BITS + 1) - 1
    if bits >> CELLS - 2 != 2 or check(value) != bits & 2**CHECK_BITS - 1:
        return None
    return value >> 1, bool(value & 1)


def pictures(cache):
    """Path of LENGTH s of moving raw I420, made once, without stamps."""
    cache = pathlib.Path(cache)
    path = cache / f"moving-{WIDTH}x{HEIGHT}-{FPS}.yuv"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        # Grey behind the cells: their edges must not bleed into colours.
        subprocess.run(["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s={WIDTH}x{HEIGHT}:r={FPS}", "-frames:v", str(LENGTH * FPS),
                        "-vf", f"drawbox=0:0:{WIDTH}:{2 * CELL}:gray:fill,format=yuv420p", "-f", "rawvideo", str(part)], check=True,
                       stdin=subprocess.DEVNULL)
        part.rename(path)
    return path


def _drawn(bits):
    return b"".join(_WHITE if bits >> CELLS - 1 - cell & 1 else _BLACK for cell in range(CELLS)) * CELL


def _beep(at):
    """Blocks of sound from sample `at` of a second on."""
    samples = array.array("h")
    for sample in range(at, at + BLOCK):
        loud = sample < BEEP_SECONDS * RATE
        value = round(32767 * BEEP_LEVEL * math.sin(2 * math.pi * BEEP_HZ * sample / RATE)) if loud else 0
        samples.extend([value] * CHANNELS)
    return samples.tobytes()


class Feeder:
    """Hands pictures and sound over as devices would, in threads of the calling process, until stop()."""

    def __init__(self, path, video, audio):
        self._path, self._fifos = path, (video, audio)
        for fifo in self._fifos:
            os.mkfifo(fifo)
        self._over = threading.Event()
        self._began = None
        self._both = threading.Barrier(2, action=self._begin)
        self._threads = [threading.Thread(target=self._run, args=(each,), daemon=True) for each in (self._feed_pictures, self._feed_sound)]
        self.latest = 0.0  # s that a picture was handed over later than it was due, at most

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def stop(self):
        self._over.set()
        self._both.abort()
        for thread in self._threads:
            thread.join(5)

    def _begin(self):
        self._began = time.monotonic() + 0.05

    def _run(self, feed):
        try:
            feed()
        except (BrokenPipeError, threading.BrokenBarrierError):
            pass

    def _open(self, fifo):
        while not self._over.is_set():  # not os.open() alone: it waits for a reader that may never come
            try:
                out = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:
                time.sleep(0.01)
                continue
            os.set_blocking(out, True)
            self._both.wait()
            return out
        raise BrokenPipeError

    def _until(self, due):
        late = time.monotonic() - due
        if late < 0:
            time.sleep(-late)
        return late

    def _feed_pictures(self):
        data = memoryview(self._path.read_bytes())
        out = self._open(self._fifos[0])
        fcntl.fcntl(out, fcntl.F_SETPIPE_SZ, 1 << 20)
        count, number = len(data) // _SIZE, 0
        head = CELL * WIDTH
        while not self._over.is_set():
            self.latest = max(self.latest, self._until(self._began + number / FPS))
            rest = data[number % count * _SIZE + head:(number % count + 1) * _SIZE]
            stamp = memoryview(_drawn(cells(round(1000 * time.monotonic()), number % FLASH_EVERY == 0)))
            for part in (stamp, rest):
                while part:
                    part = part[os.write(out, part):]
            number += 1
        os.close(out)

    def _feed_sound(self):
        blocks = [_beep(at) for at in range(0, RATE, BLOCK)]
        out = self._open(self._fifos[1])
        number = 0
        while not self._over.is_set():
            self._until(self._began + (number + 1) * BLOCK / RATE)  # as a microphone gives what it has heard
            os.write(out, blocks[number % len(blocks)])
            number += 1
        os.close(out)


def stamps_of(recording, seconds):
    """[(time in the recording, milliseconds, flash)] of its first pictures, and the times at which beeps begin in it, s."""
    def decoded(*arguments):
        return subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(recording), "-t", str(seconds), *arguments, "-"],
                              capture_output=True, check=True).stdout

    rows = decoded("-map", "0:v", "-fps_mode", "passthrough", "-vf", f"crop={WIDTH}:2:0:{CELL // 2 - 1},scale={CELLS}:1:flags=area,format=gray",
                   "-f", "rawvideo")
    seen = []
    for moment, at in zip(_times(recording, "v", "frame=pts_time", seconds), range(0, len(rows), CELLS)):
        bits = 0
        for value in rows[at:at + CELLS]:
            bits = bits << 1 | (value > 128)
        if found := read_cells(bits):
            seen.append((moment, *found))
    sound = array.array("f", decoded("-map", "0:a", "-ac", "1", "-ar", str(RATE), "-f", "f32le"))
    first = next(_times(recording, "a", "frame=pts_time", 1), 0.0)
    return seen, [first + at / RATE for at in onsets(sound)]


def keys_of(recording):
    """The times of its key frames, s."""
    return [float(moment) for moment, flags in _shown(recording, "v", "packet=pts_time,flags") if "K" in flags]


def _times(recording, stream, what, seconds):
    return (float(row[0]) for row in _shown(recording, stream, what, "-read_intervals", f"%+{seconds}"))


def _shown(recording, stream, what, *options):
    told = subprocess.run(["ffprobe", "-v", "error", "-select_streams", stream, *options, "-show_entries", what, "-of", "csv=p=0", str(recording)],
                          capture_output=True, check=True, text=True).stdout
    return [row for row in (line.split(",") for line in told.splitlines()) if row[0]]


def onsets(sound, level=0.1, pause=RATE // 5):
    """The samples at which it gets loud after so many that were quiet, by eye.cpp's rule."""
    found, quiet = [], 0
    for at, value in enumerate(sound):
        if abs(value) > level:
            if quiet > pause:
                found.append(at)
            quiet = 0
        else:
            quiet += 1
    return found
