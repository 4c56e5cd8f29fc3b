#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures a push from a camera: CPU seconds per second of stream of livepusher's program against FFmpeg's, at 720p30 by
x264 veryfast without delay, from the same stand-in for a camera (tests/integration/devices/fake_camera.c) in the same run,
for raw pictures (YUYV) and for MJPEG. Exit status 1 when livepusher needs more and --check is given.

What the stand-in itself uses is in both programs' figures.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from push_bench import BIN, ROOT, Failed, best, cpu_of, peak_mb, wait_for

STAND_IN = pathlib.Path(os.environ.get("LIVEPUSHER_FAKE_CAMERA", ROOT / "build/release/lib/libfake_camera.so"))
WIDTH, HEIGHT, FPS, KBPS = 1280, 720, 30, 2500
GOAL = 1.0


def livepusher(form, seconds, target):
    return [BIN / "livepusher", "push", target, "--overwrite", "--video-source", "camera:/dev/video0", "--audio-source", "none",
            "--mode", "RTC", "--orientation", "horizontal", "--video-width", WIDTH, "--video-height", HEIGHT, "--fps", FPS,
            "--min-bitrate", KBPS, "--max-bitrate", KBPS, "--adapt-resolution", "false", "--video-preset", "veryfast",
            "--duration", seconds, "--quiet"]


def ffmpeg(form, seconds, target):
    # 4:2:0 as every player takes it; without it x264 would be given what the camera has.
    return ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "v4l2", "-input_format", {"YUYV": "yuyv422", "MJPG": "mjpeg"}[form],
            "-video_size", f"{WIDTH}x{HEIGHT}", "-framerate", FPS, "-i", "/dev/video0", "-t", seconds, "-pix_fmt", "yuv420p",
            "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-b:v", f"{KBPS}k", "-maxrate", f"{KBPS}k",
            "-bufsize", f"{KBPS // 2}k", "-g", 2 * FPS, "-sc_threshold", 0, "-an", "-f", "flv", target]


PROGRAMS = {"livepusher": livepusher, "ffmpeg": ffmpeg}


def measure(name, form, seconds):
    with tempfile.TemporaryDirectory(prefix="livepusher-bench-") as directory:
        directory = pathlib.Path(directory)
        target = directory / "out.flv"
        command = [str(word) for word in PROGRAMS[name](form, seconds, target)]
        env = {**os.environ, "LD_PRELOAD": str(STAND_IN), "FAKE_CAMERA_FORMATS": form, "FAKE_CAMERA_LOG": str(directory / "camera")}
        with open(directory / "log", "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        peak = float("nan")
        try:
            process_seconds = seconds * 0.8
            subprocess.run(["sleep", str(process_seconds)], check=True)
            peak = peak_mb(process.pid)
            usage = wait_for(process, seconds + 20)
        finally:
            if process.returncode is None:
                process.kill()
                process.wait()
        if process.returncode != 0:
            raise Failed(f"{name} ended with {process.returncode}:\n{(directory / 'log').read_text()[-2000:]}")
        stream = subprocess.run(["ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=width,height,pix_fmt,nb_read_packets",
                                 "-of", "json", str(target)], check=True, stdout=subprocess.PIPE)
        video = json.loads(stream.stdout)["streams"][0]
        frames = int(video["nb_read_packets"])
        if (video["width"], video["height"], video["pix_fmt"]) != (WIDTH, HEIGHT, "yuv420p"):
            raise Failed(f"{name} made {video}")
        camera = (directory / "camera").read_text()
        if f"format 0 {WIDTH}x{HEIGHT} {form}" not in camera:
            raise Failed(f"{name} did not take {form}:\n{camera}")
        return {"cpu": cpu_of(usage) / (frames / FPS), "frames": frames, "peak_mb": peak,
                "kbps": target.stat().st_size * 8 / 1000 / (frames / FPS), "driver_lost": int(camera.rsplit(" lost", 1)[0].rsplit(" ", 1)[1])}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="length of each push (20)")
    parser.add_argument("--rounds", type=int, default=2, help="times that everything is measured in turn; the least CPU counts (2)")
    parser.add_argument("--json", action="store_true", help="figures as JSON on stdout instead of a table")
    parser.add_argument("--check", action="store_true", help=f"exit with 1 when livepusher needs more than {GOAL} times FFmpeg's CPU")
    options = parser.parse_args()
    for path, how in ((BIN / "livepusher", "./dev build"), (STAND_IN, "./dev build, with the tests")):
        if not path.exists():
            raise SystemExit(f"camera_bench: {path} is not there: {how}")
    if not shutil.which("ffmpeg"):
        raise SystemExit("camera_bench: ffmpeg is not installed")
    results = {}
    for form in ("YUYV", "MJPG"):
        runs = {name: [] for name in PROGRAMS}
        for turn in range(options.rounds):
            print(f"{form}: round {turn + 1} of {options.rounds}", file=sys.stderr)
            for name in PROGRAMS:
                runs[name].append(measure(name, form, options.seconds))
        results[form] = {name: best(each) for name, each in runs.items()}
        results[form]["ratio"] = results[form]["livepusher"]["cpu"] / results[form]["ffmpeg"]["cpu"]
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        print(f"{WIDTH}x{HEIGHT} at {FPS}, {KBPS} kbps, x264 veryfast, zero latency, no sound")
        for form, figures in results.items():
            for name in PROGRAMS:
                f = figures[name]
                print(f"{form} {name:>10}: {f['cpu']:.3f} CPU s per stream second, {f['peak_mb']:.0f} MB, {f['frames']:.0f} frames, "
                      f"{f['kbps']:.0f} kbps, {f['driver_lost']:.0f} lost by the driver")
            print(f"{form}      ratio: {figures['ratio']:.2f} (goal <= {GOAL})")
    return 1 if options.check and any(figures["ratio"] > GOAL for figures in results.values()) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as why:
        sys.exit(f"camera_bench: {why}")
