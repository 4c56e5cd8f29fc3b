# SPDX-License-Identifier: MIT
"""The library is loaded, used and unloaded again and again, as a plug-in's host does it: what it has given to other libraries,
which stay, must not point into nothing."""
import _ctypes
import ctypes
import os
import pathlib
import tempfile
import time
import wave

LIBRARY = os.environ["LIVEPUSHER_LIBRARY"]
IDLE, PUSHING = 0, 2  # of livepusher_state


def play(library, directory, number):
    """Pushes some of a file into another: libav reads, decodes and logs."""
    target = directory / f"{number}.flv"
    options = '{"properties":{"url":"%s"},"sources":{"video":"none","audio":"file:%s"}}' % (target, directory / "tone.wav")
    library.livepusher_create.restype = ctypes.c_void_p
    library.livepusher_create.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    pusher = ctypes.c_void_p(library.livepusher_create(options.encode(), None, None, None))
    assert pusher.value, "livepusher_create() failed"
    assert library.livepusher_start(pusher, None, None) == 0
    until = time.monotonic() + 60
    while not target.exists() or target.stat().st_size < 2000:
        assert time.monotonic() < until, "nothing was pushed within a minute"
        time.sleep(0.02)
    assert library.livepusher_destroy(pusher) == 0


def unload(library):
    _ctypes.dlclose(library._handle)


def main():
    with tempfile.TemporaryDirectory(prefix="livepusher-test-") as holder:
        directory = pathlib.Path(holder)
        with wave.open(str(directory / "tone.wav"), "wb") as tone:
            tone.setparams((1, 2, 48000, 0, "NONE", ""))
            tone.writeframes(bytes(2 * 48000 * 20))
        for number in range(3):
            library = ctypes.CDLL(LIBRARY)
            play(library, directory, number)
            unload(library)
        mapped = [line.split()[-1] for line in open("/proc/self/maps") if "libavutil" in line]
        assert mapped, "libav was not used at all"
        libav = ctypes.CDLL(mapped[0])  # the copy that we have used
        libav.av_log(None, 16, b"a word from libav after all is unloaded\n")


if __name__ == "__main__":
    main()
