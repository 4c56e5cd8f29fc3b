# SPDX-License-Identifier: MIT
"""The players that are measured: how each is started, and why it can't be."""
import collections
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = pathlib.Path(os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin"))

#: command: of a url, and of the authority that its certificate is of; missing(): why it can't be measured, empty when it can; env: what it needs in its environment.
Player = collections.namedtuple("Player", "name command missing env", defaults=({},))


def _installed(command, package):
    return lambda: "" if shutil.which(command) else f"{command} is not installed (apt-get install {package})"


def _ours(*flags):
    return lambda url, authority=None: [BIN / "livepusher", "play", url, *(["--ca-file", authority] if authority else []), *flags]


def _plays():
    """Why our program can't play."""
    program = BIN / "livepusher"
    if not program.exists():
        return f"{program} is not built (./dev build)"
    told = subprocess.run([program, "--help"], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=10).stdout
    return "" if re.search(r"^\s*(livepusher )?play\b", told, re.MULTILINE) else "the program has no command play in this build"


def _ffplay(url, _authority=None):
    return ["ffplay", "-v", "error", "-fflags", "nobuffer", "-flags", "low_delay", "-framedrop", "-noborder", "-left", "0", "-top", "0",
            "-i", url]


def _mpv(*flags):
    # The profile alone looks at the first 0.1 s for tracks; nginx-rtmp sends sound at once and the picture from its next key frame
    # on, which mpv then never shows.
    return lambda url, _authority=None: ["mpv", "--no-config", "--profile=low-latency", "--demuxer-lavf-probe-info=auto", "--demuxer-lavf-analyzeduration=3",
                        "--ao=pulse", "--msg-level=all=error", "--no-border", "--geometry=+0+0", "--osc=no", "--input-terminal=no", "--osd-level=0",
                        *flags, url]


PLAYERS = [
    # Its own choice, as mpv's, is OpenGL, which a machine without a GPU computes; the second of each does without.
    Player("ffplay", _ffplay, _installed("ffplay", "ffmpeg")),
    Player("ffplay soft", _ffplay, _installed("ffplay", "ffmpeg"), {"SDL_RENDER_DRIVER": "software"}),
    Player("mpv", _mpv(), _installed("mpv", "mpv")),
    Player("mpv x11", _mpv("--vo=x11"), _installed("mpv", "mpv")),
    Player("ours 0.05", _ours("--min-cache", "0.05"), _plays),
    Player("ours RTC", _ours("--mode", "RTC"), _plays),
    Player("ours live", _ours(), _plays),
]
