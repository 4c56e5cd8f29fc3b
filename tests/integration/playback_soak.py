#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pushes files as chance has them and judges each by what ffmpeg decodes of the same file.

playback_soak.py [--files N] [--seed S] [--first N] [--jobs N] [--program LIVEPUSHER] [--keep DIRECTORY]
                 [--player PLAY_FILE [--speed X]]

With --player, the file source alone plays them by a clock that is X times as fast, as a sanitizer's build can.

right    all of it was pushed            told     less than ffmpeg decodes, or in far longer time, with a warning
refused  exit code 3 and a reason, and ffmpeg decodes next to nothing of it either
The rest are faults, and make the exit status 1: crash, hang, strict (refused, though ffmpeg decodes it), silent (less than
ffmpeg decodes, and not a word), late (far longer than it should be), apart (sound and picture of a whole file not together).
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
os.environ.setdefault("LIVEPUSHER_CACHE", str(ROOT / "build/cache"))
import harness  # noqa: E402
import playback  # noqa: E402
import random_clips  # noqa: E402
from playback_rows import PUSHED, SMALL  # noqa: E402

# Of the program and of the library alone.
WARNING = re.compile(r"^[\d:.]+ (?:warning|error)\b(?! livepusher: 110[17]|: 110[17]).*$", re.MULTILINE)
# This machine does not follow a clock that fast.
TOO_FAST = re.compile("as fast as (?:they|it) plays?")
FAULTS = ("crash", "hang", "strict", "silent", "late", "apart")
Reference = collections.namedtuple("Reference", "pictures flashes sounding seconds")


def reference(made):
    """What ffmpeg decodes of it, whatever its time stamps say."""
    pictures = playback.lumas(made.path, whole=False)
    numbered = [(number / made.fps, luma) for number, (_, luma) in enumerate(pictures)]
    tone = playback.levels(made.path)[0]
    sounding = playback.WINDOW * sum(level > 0.03 for _, level in tone)
    return Reference(len(pictures), len(playback.onsets(numbered, 128)), sounding,
                     max(len(pictures) / made.fps, playback.WINDOW * len(tone)))


def judge(made, wanted, code, hangs, played, told):
    """(the verdict, why)"""
    if hangs:
        return "hang", "did not end"
    if code < 0 or code > 128:
        return "crash", f"exit code {code}"
    if code == 3:
        # A push of picture and sound is refused where nobody decodes one of them.
        missing = (made.video and not wanted.pictures) or (made.audio and not wanted.sounding)
        if not missing and wanted.seconds > 1 and (wanted.flashes > 1 or wanted.sounding > 1):
            return "strict", f"refused, but ffmpeg decodes {wanted.pictures} pictures and {wanted.sounding:.1f} s of sound"
        return "refused", ""
    if code != 0:
        return "crash", f"exit code {code}"
    if played is None:
        return ("silent", "nothing was pushed") if wanted.seconds > 1 and not told else ("told", "nothing was pushed")
    less = []
    if len(played.flashes) < wanted.flashes - 1:
        less.append(f"{len(played.flashes)} of {wanted.flashes} flashes")
    if played.sounding < 0.85 * wanted.sounding - 0.6:
        less.append(f"{played.sounding:.1f} of {wanted.sounding:.1f} s of sound")
    if wanted.pictures > 10 and not played.pictures:
        less.append("no picture")
    # ffmpeg may have given up before what we play; pictures without their container are 25 a second.
    longest = max(wanted.seconds, made.seconds, wanted.pictures / 25)
    if played.length > longest * 1.15 + 2 and not (told and not less):
        return "late", f"{played.length:.1f} s in place of {longest:.1f}" + (", " + ", ".join(less) if less else "")
    if less:
        return ("told" if told else "silent"), ", ".join(less)
    if played.length > longest * 1.15 + 2:
        return "told", f"{played.length:.1f} s in place of {longest:.1f}"
    if not made.faults and played.worst_pair > 80:
        return "apart", f"beeps up to {played.worst_pair:.0f} ms from their flashes"
    return "right", ""


def run_program(command, scratch, limit):
    """(exit code, whether it did not end, what it said, what it printed)"""
    with open(f"{scratch}.err", "w+", encoding="utf-8", errors="replace") as errors, \
            open(f"{scratch}.out", "w+", encoding="utf-8", errors="replace") as printed:
        child = harness.processes.spawn(list(map(str, command)), stdout=printed, stderr=errors)
        try:
            child.wait(limit)
            hangs = False
        except subprocess.TimeoutExpired:
            hangs = True
        harness.processes.end(child)
        errors.seek(0)
        printed.seek(0)
        return child.returncode, hangs, errors.read(), printed.read()


def one(options, directory, number):
    """Makes, pushes and judges a file; (number, verdict, a line about it)."""
    made = random_clips.made(directory, options.seed, number)
    wanted = reference(made)
    out, limit = directory / f"{number}.flv", 2 * wanted.seconds + 20
    began = time.monotonic()
    source = ["--source", f"file:{made.path}"]
    if not (made.video and made.audio):
        has, lacks = ("video", "audio") if made.video else ("audio", "video")
        source = [f"--{has}-source", f"file:{made.path}", f"--{lacks}-source", "none"]
    if options.player:
        ends = "both" if made.video and made.audio else "video" if made.video else "audio"
        for speed in (options.speed, max(options.speed / 4, 1), 1):
            code, hangs, said, answer = run_program([options.player, speed, made.path, ends, out], directory / str(number), limit)
            if not TOO_FAST.search(said):
                break
        got = json.loads(answer or "{}")
        said += got.get("error", "")
        played = playback.Playback.of_player(got, out) if got.get("video") or got.get("audio") else None
    else:
        command = [options.program, "push", out, *source, *PUSHED, *SMALL]
        code, hangs, said, _ = run_program(command, directory / str(number), limit)
        played = playback.Playback(out) if not hangs and out.exists() and out.stat().st_size > 500 else None
    verdict, why = judge(made, wanted, code, hangs, played, WARNING.findall(said))
    line = f"{verdict:8} {options.seed}/{number}: {made.words}: {why or played or said.strip()[-160:]} ({time.monotonic() - began:.1f} s)"
    if verdict in FAULTS:
        line += "".join(f"\n           | {text[:200]}" for text in said.strip().splitlines()[-2:])
        if options.keep:
            shutil.copy(made.path, options.keep / f"{verdict}-{options.seed}-{number}{made.path.suffix}")
    for each in (out, made.path if made.faults else out):
        each.unlink(missing_ok=True)
    return number, verdict, line


def run(options):
    """How many files came to each verdict, and the lines about the faults."""
    counts, faults = collections.Counter(), []
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="livepusher-soak-") as directory:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for done in concurrent.futures.as_completed(
                    pool.submit(one, options, pathlib.Path(directory), number) for number in
                    range(options.first, options.first + options.files)):
                _, verdict, line = done.result()
                counts[verdict] += 1
                print(line, flush=True)
                if verdict in FAULTS:
                    faults.append(line)
    print(f"{options.files} files of seed {options.seed}: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))
    return counts, faults


def parser():
    found = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--files", type=int, default=12, help="how many (12)")
    found.add_argument("--seed", default="1", help="of all of them (1)")
    found.add_argument("--first", type=int, default=0, help="the first one's number: one file of a report is --first N --files 1")
    found.add_argument("--jobs", type=int, default=6, help="how many at a time (6)")
    found.add_argument("--program", default=os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin/livepusher"))
    found.add_argument("--player", help="play_file of any build, in place of a push")
    found.add_argument("--speed", type=float, default=8, help="of the player's clock (8)")
    found.add_argument("--keep", type=pathlib.Path, help="where the files that show a fault are kept")
    return found


if __name__ == "__main__":
    sys.exit(1 if run(parser().parse_args())[1] else 0)
