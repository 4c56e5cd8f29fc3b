#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures the CPU of a 720p30 push of a still screen and of a moving one, beside `ffmpeg -f x11grab` on the same screen in
the same run, both with libx264 veryfast into a file. The screen is an Xvfb of its own. ./dev build first."""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests/servers"), str(ROOT / "tests/integration/devices")]
import stand_ins  # noqa: E402

BIN = pathlib.Path(os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin"))
KBPS, FPS = 2500, 30


def livepusher(display, seconds, flv):
    return [BIN / "livepusher", "push", flv, "--overwrite", "--video-source", f"screen:{display}", "--audio-source", "none", "--mode", "RTC",
            "--video-width", 1280, "--video-height", 720, "--fps", FPS, "--min-bitrate", KBPS, "--max-bitrate", KBPS,
            "--video-preset", "veryfast", "--duration", seconds, "--quiet"]


def ffmpeg(display, seconds, flv):
    return ["ffmpeg", "-nostdin", "-v", "error", "-f", "x11grab", "-framerate", FPS, "-i", display, "-t", seconds,
            "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-b:v", f"{KBPS}k",
            "-maxrate", f"{KBPS}k", "-bufsize", f"{KBPS // 2}k", "-g", 2 * FPS, "-sc_threshold", 0, "-f", "flv", "-y", flv]


def cpu(command):
    """Of one run, in s."""
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"screen_bench: {command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def frames(flv):
    told = subprocess.run(["ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets", "-of", "csv=p=0",
                           str(flv)], capture_output=True, text=True, check=True)
    return int(told.stdout.split()[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10, help="length of each push (10)")
    parser.add_argument("--rounds", type=int, default=3, help="times that everything is measured in turn (3)")
    parser.add_argument("--check", action="store_true", help="exit with 1 when livepusher takes more than FFmpeg")
    options = parser.parse_args()
    gone = [f"{command} ({package})" for command, package in {**stand_ins.Screen.COMMANDS, "ffmpeg": "ffmpeg"}.items()
            if not shutil.which(command)]
    if gone:
        sys.exit("screen_bench: needs " + ", ".join(gone))
    worst = 0
    with tempfile.TemporaryDirectory() as directory:
        for kind in ("still", "moving"):
            screen = stand_ins.Screen(pathlib.Path(directory) / kind, 1280, 720, empty=kind == "still").start()
            try:
                figures = {livepusher: [], ffmpeg: []}
                for _ in range(options.rounds):
                    for program, values in figures.items():
                        flv = pathlib.Path(directory) / f"{program.__name__}.flv"
                        spent = cpu(program(screen.display, options.seconds, flv))
                        count = frames(flv)  # who leaves frames out, as on a machine that is loaded, shall not gain by it
                        values.append(spent / count * FPS)
                        print(f"{kind} {program.__name__}: {values[-1]:.3f} CPU s for a second of it, {count} frames", file=sys.stderr)
            finally:
                screen.stop()
            # The least of each: others on the machine can only add to it.
            own, other = (min(values) for values in figures.values())
            worst = max(worst, own / other)
            print(f"{kind} screen, 720p{FPS}, x264 veryfast: livepusher {own:.3f} CPU s for a second of it, ffmpeg -f x11grab {other:.3f}: "
                  f"ratio {own / other:.2f}")
    return 1 if options.check and worst > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
