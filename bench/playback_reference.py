#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plays files with livepusher and with `ffmpeg -re`, both into FLV, and puts what came out side by side.

playback_reference.py [--program LIVEPUSHER]… [--only WORD] [--jobs N] [--check] [FILE…]      (no FILE: clips of its own)

A/V step: how far beeps are from their flashes, median and worst, ms. --check: exit status 1 when a step of the (last)
program is more than 10 ms worse than ffmpeg's, a length more than 0.3 s, or flashes or beeps are missing that ffmpeg shows.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/integration"))
os.environ.setdefault("LIVEPUSHER_CACHE", str(ROOT / "build/cache"))
import clips  # noqa: E402
import clip_clocks  # noqa: E402
import random_clips  # noqa: E402
from clips import clip  # noqa: E402
from playback import Playback  # noqa: E402

LENGTH = 10  # s
STEP, LONG = 10, 0.3  # ms, s: what is allowed on top of ffmpeg's


def inputs():
    """{name: path}"""
    video, audio = random_clips.VIDEO, random_clips.AUDIO
    slow = "select='gte(t,6)+lt(mod(t+0.001,1),0.02)+between(mod(t+0.001,1),0.09,0.12)'"
    part = clip("half.ts", LENGTH // 2)
    return {
        "MP4, H.264 + AAC": clip("plain.mp4", LENGTH),
        "MP4, B frames": clip("b.mp4", LENGTH, video["h264b"]),
        "MP4, 720p": clip("big.mp4", LENGTH, video["h264b"], size=(1280, 720)),
        "MP4, HEVC": clip("hevc.mp4", LENGTH, video["hevc"]),
        "MP4, 60 pictures a second": clip("fast.mp4", LENGTH, fps=60),
        "MP4, 23.976 pictures a second": clip("film.mp4", LENGTH, video["h264b"], fps="24000/1001"),
        "MP4, two pictures a second, then 30": clip("slow.mp4", LENGTH, vf=slow),
        "MOV, MJPEG + PCM": clip("plain.mov", LENGTH, video["mjpeg"], audio["pcm"]),
        "MKV, H.264 + Opus": clip("opus.mkv", LENGTH, video["h264b"], audio["opus"]),
        "MKV, MPEG-2 + AC-3": clip("ac3.mkv", LENGTH, video["mpeg2"], audio["ac3"]),
        "WebM, VP8 + Vorbis": clip("plain.webm", LENGTH, video["vp8"], audio["vorbis"]),
        "TS, H.264 + AAC": clip("plain.ts", LENGTH),
        "TS, joined of two": clips.joined("halves.ts", part, part),
        "MPEG-PS, MPEG-2 + MP2": clip("plain.vob", LENGTH, video["mpeg2"], audio["mp2"]),
        "FLV, H.264 + MP3": clip("mp3.flv", LENGTH, audio=audio["mp3"], rate=44100),
        "FLV, 3 s back in its middle": clip_clocks.jumping_flv("back.flv", clip("plain.flv", LENGTH), 5000, -3000),
        "AVI, MPEG-4 + MP3": clip("plain.avi", LENGTH, video["mpeg4"], audio["mp3"]),
        "Ogg, Theora + Vorbis": clip("plain.ogv", LENGTH, video["theora"], audio["vorbis"]),
        "ASF, WMV2 + WMA": clip("plain.asf", LENGTH, video["wmv2"], audio["wma"], rate=44100),
    }


def livepusher(program):
    return lambda path, out: [program, "push", out, "--source", f"file:{path}", "--fps", 30, "--video-width", 320, "--video-height", 180,
                              "--video-preset", "ultrafast", "--quiet"]


def ffmpeg(path, out):
    return ["ffmpeg", "-nostdin", "-y", "-v", "error", "-re", "-i", path, "-s", "320x180", "-r", 30, "-pix_fmt", "yuv420p", "-c:v",
            "libx264", "-preset", "ultrafast", "-bf", 0, "-g", 60, "-c:a", "aac", "-ar", 48000, "-ac", 2, "-b:a", "96k", out]


def play(command, out, limit):
    """(what came out, s of CPU, MB at the peak, exit code)"""
    errors = open(out.with_suffix(".err"), "wb")
    process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
    deadline = time.monotonic() + limit
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > deadline:
            process.kill()
            deadline += 60
        time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    played = Playback(out) if out.exists() and out.stat().st_size > 500 else None
    return played, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def row(name, played, cpu, peak, code):
    if played is None:
        return f"  {name:34} exit {code}, nothing came out"
    return (f"  {name:34} {played.length:7.2f} s {played.pictures:5} pictures {len(played.flashes):3}/{len(played.beeps):<3} "
            f"{played.median_pair:+6.0f} {played.worst_pair:5.0f} ms {len(played.holes_of(20)):3} holes {cpu:6.2f} s {peak:5.0f} MB"
            + (f"  exit {code}" if code else ""))


def misses(name, ours, theirs):
    if ours is None or theirs is None:
        return [f"{name}: nothing came out of one of the two"] if ours is None and theirs else []
    found = []
    if ours.pairs and theirs.pairs and abs(ours.median_pair) > abs(theirs.median_pair) + STEP:
        found.append(f"{name}: beeps are {ours.median_pair:+.0f} ms from flashes, ffmpeg's {theirs.median_pair:+.0f}")
    if abs(ours.length - theirs.length) > LONG:
        found.append(f"{name}: {ours.length:.2f} s, ffmpeg's {theirs.length:.2f}")
    for what in ("flashes", "beeps"):
        if len(getattr(ours, what)) < len(getattr(theirs, what)):
            found.append(f"{name}: {len(getattr(ours, what))} {what}, ffmpeg's {len(getattr(theirs, what))}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--program", action="append", help="which livepusher; several are put side by side")
    parser.add_argument("--only", help="inputs whose name has this in it")
    parser.add_argument("--jobs", type=int, default=3, help="inputs at a time (3)")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    programs = options.program or [str(ROOT / "build/release/bin/livepusher")]
    chosen = {str(path): path for path in options.files} or inputs()
    if options.only:
        chosen = {name: path for name, path in chosen.items() if options.only.lower() in name.lower()}
    players = {program: livepusher(program) for program in programs} | {"ffmpeg": ffmpeg}
    print(f"  {'':34} {'length':>9} {'':14} flash/beep   step: median, worst {'':10} CPU     peak")
    wrong = []
    with tempfile.TemporaryDirectory(prefix="livepusher-reference-") as directory:
        def compare(number, path):
            found = {}
            for index, (program, command) in enumerate(players.items()):  # one after the other: their CPU is compared
                out = pathlib.Path(directory) / f"{number}-{index}.flv"
                found[program] = play(command(path, out), out, 4 * LENGTH + 20)
            return found
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            waiting = [(name, pool.submit(compare, number, path)) for number, (name, path) in enumerate(chosen.items())]
            for name, future in waiting:
                found = future.result()
                print(re.sub(r"^.*/", "", name))
                for program, figures in found.items():
                    print(row(pathlib.Path(program).name if len(programs) < 2 else program[-34:], *figures), flush=True)
                wrong += misses(name, found[programs[-1]][0], found["ffmpeg"][0])
    for line in wrong:
        print("not as ffmpeg: " + line)
    return 1 if options.check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
