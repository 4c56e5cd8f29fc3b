# SPDX-License-Identifier: MIT
"""What can be put at the near end of the link: the program, or bench_rules with a rule of its own choice. All of them
write the program's --json events to stdout, so the rig reads them alike."""
import contextlib
import os
import signal
import subprocess

import links
from feeder import feed

RULES = ("ours", "obs", "haishinkit", "fixed")  # as bench_rules knows them
NAMES = ("livepusher", *RULES)
_BLOCK_SECONDS = 2  # of pictures; then they begin again


def missing(options, name):
    """Why this pusher can't run; None when it can."""
    binary = options.bin if name == "livepusher" else options.rules_bin
    if not os.access(binary, os.X_OK):
        return f"{binary} is not there: ./dev build, or give --bin"
    return None


def pictures(cache, size, fps):
    """Path of raw I420 that no encoder gets small: a moving pattern under noise. Made once."""
    width, height = size
    path = cache / f"noise-{width}x{height}-{fps}.yuv"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        subprocess.run(["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size={width}x{height}:rate={fps},noise=alls=24:allf=t",
                        "-frames:v", str(_BLOCK_SECONDS * fps), "-pix_fmt", "yuv420p", "-f", "rawvideo", part],
                       check=True, stdin=subprocess.DEVNULL)
        part.rename(path)
    return path


def _feed(*arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the rig's to end
    feed(*arguments)


@contextlib.contextmanager
def command(options, name, url, seconds, directory):
    """Its command line; what it needs beside itself runs meanwhile."""
    if name != "livepusher":
        yield [options.rules_bin, "--rule", name, "--url", url, "--max", options.max, "--min", options.min, "--audio", options.audio,
               "--fps", options.fps, "--seed", options.seed]
        return
    width, height = options.size
    fifo = directory / "pictures"
    os.mkfifo(fifo)
    feeder = links.processes.Process(target=_feed, daemon=True, args=(
        pictures(options.cache, options.size, options.fps), fifo, width * height * 3 // 2, 1 / options.fps, seconds + 60,
        links.processes.SimpleQueue()))
    feeder.start()
    try:
        yield [options.bin, "push", url, "--json", "--mode", "RTC", "--video-source", f"raw:{fifo},{width}x{height}@{options.fps}",
               "--audio-source", "test", "--video-width", width, "--video-height", height, "--fps", options.fps, "--gop", 2,
               "--min-bitrate", options.min, "--max-bitrate", options.max, "--audio-bitrate", options.audio,
               "--video-preset", options.preset, "--net-status-interval", 0.5, *options.arguments]
    finally:
        feeder.kill()
        feeder.join()
