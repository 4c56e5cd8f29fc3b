#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What renditions cost: one push of 720p with targets of 480p and 360p beside, against x264 alone at the same three sizes,
bitrates and preset, added up; in turns, on the same film, paced alike, without sound.

What the push makes is looked at, too: all pictures, in their sizes, with key frames at the same moments.
"""
import argparse
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import material
import push_bench
from feeder import feed
from push_bench import BIN, Failed, cpu_of, peak_mb, processes, running, wait_for
from rtmp_sink import VIDEO, Sink, write_flv

GOAL = 1.05
FPS = 30
SIZES = {"whole": (1280, 720, 2500), "middle": (854, 480, 1200), "low": (640, 360, 700)}  # kbps


def alone(name, seconds, cache, threads):
    """CPU s per stream second of x264 with nothing around it."""
    width, height, kbps = SIZES[name]
    command = (BIN / "bench_codecs_alone", material.pictures(cache, width, height, FPS), f"{width}x{height}", FPS, kbps, "-", material.RATE,
               material.CHANNELS, 128, seconds, threads, "fast", "veryfast")
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    usage = wait_for(process, seconds + 20)
    if process.returncode != 0:
        raise Failed(f"bench_codecs_alone failed with status {process.returncode}")
    return cpu_of(usage) / seconds


def command(fifo, ports):
    width, height, kbps = SIZES["whole"]
    words = [BIN / "livepusher", "push", f"rtmp://127.0.0.1:{ports['whole']}/live/whole", "--video-source", f"raw:{fifo},{width}x{height}@{FPS}",
             "--audio-source", "none", "--mode", "RTC", "--video-width", width, "--video-height", height, "--fps", FPS, "--min-bitrate", kbps,
             "--max-bitrate", kbps, "--video-preset", "veryfast", "--quiet"]
    for name, port in ports.items():
        if name == "whole":
            continue
        width, height, kbps = SIZES[name]
        for setting in (f"{name}=rtmp://127.0.0.1:{port}/live/{name}", f"{name}.videoWidth={width}", f"{name}.videoHeight={height}",
                        f"{name}.maxBitrate={kbps}"):
            words += ["--target", setting]
    return [str(word) for word in words]


def push(names, seconds, cache):
    """One push with these sizes: CPU s per stream second, peak MB, and what came, by size."""
    width, height, _ = SIZES["whole"]
    with tempfile.TemporaryDirectory(prefix="livepusher-bench-") as directory:
        directory = pathlib.Path(directory)
        fifo = directory / "video"
        os.mkfifo(fifo)
        sinks, results = {name: Sink() for name in names}, {name: processes.Queue() for name in names}
        children = [processes.Process(target=lambda name=name: results[name].put(sinks[name].receive()), daemon=True) for name in names]
        handed = processes.Queue()
        children.append(processes.Process(target=feed, daemon=True, args=(
            material.pictures(cache, width, height, FPS), fifo, width * height * 3 // 2, 1 / FPS, seconds, handed)))
        for child in children:
            child.start()
        with open(directory / "log", "wb") as log:
            process = subprocess.Popen(command(fifo, {name: sink.port for name, sink in sinks.items()}), stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log)
        try:
            time.sleep(seconds)  # the FIFO ends a little later, by as much as the program took to open it
            peak = peak_mb(process.pid) if running(process) else float("nan")
            count = len(handed.get(timeout=10))
            if running(process):
                time.sleep(0.3)  # what is under way
                os.kill(process.pid, signal.SIGINT)
            usage = wait_for(process, 10)
            got = {name: queue.get(timeout=5) for name, queue in results.items()}
        finally:
            if process.returncode is None:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            for child in children:
                child.terminate()
        judge(got, count, directory)
        return cpu_of(usage) / seconds, peak


def judge(got, count, directory):
    keys = {}
    for name, messages in got.items():
        pictures = [m for m in messages if m.is_media() and m.type == VIDEO]
        if len(pictures) < count - 2 * FPS // 10:
            raise Failed(f"{name}: {len(pictures)} of {count} pictures came:\n{(directory / 'log').read_text()[-2000:]}")
        keys[name] = [m.timestamp for m in pictures if m.body[0] >> 4 == 1]
        path = directory / f"{name}.flv"
        write_flv(messages, path)
        size = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of", "csv=p=0", path],
                              check=True, capture_output=True, text=True).stdout.strip().rstrip(",")
        if size != ",".join(str(length) for length in SIZES[name][:2]):
            raise Failed(f"{name} is {size}")
        errors = subprocess.run(["ffmpeg", "-v", "error", "-xerror", "-i", path, "-fps_mode", "passthrough", "-f", "null", "-"],
                                stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if errors.returncode or errors.stderr:
            raise Failed(f"{name} can't be decoded: {errors.stderr}")
    # The program was asked to end: one may have a picture more than the other.
    shortest = min(len(times) for times in keys.values())
    if len({tuple(times[:shortest]) for times in keys.values()}) != 1 or shortest < 2:
        raise Failed(f"key frames are at {keys}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="length of each push (20)")
    parser.add_argument("--rounds", type=int, default=3, help="times that everything is measured in turn (3); the least counts")
    parser.add_argument("--check", action="store_true", help=f"exit with 1 above {GOAL} x x264 alone")
    options = parser.parse_args()
    if options.seconds < 5 or options.rounds < 1:
        parser.error("--seconds must be 5 or more and --rounds 1 or more")
    cache = push_bench.ROOT / "build/cache/bench"
    cache.mkdir(parents=True, exist_ok=True)
    reference, pushes = {name: [] for name in SIZES}, {"one": [], "three": []}
    for turn in range(options.rounds):
        print(f"round {turn + 1} of {options.rounds}", file=sys.stderr, flush=True)
        for name in SIZES:
            reference[name].append(alone(name, options.seconds, cache, 1))
        pushes["one"].append(push(["whole"], options.seconds, cache))
        pushes["three"].append(push(list(SIZES), options.seconds, cache))
    # Others on the machine can only add to it.
    floor = {name: min(values) for name, values in reference.items()}
    total = sum(floor.values())
    one, three = (min(cpu for cpu, _ in pushes[name]) for name in ("one", "three"))
    ratio = three / total
    print("| | CPU s per stream second | x264 alone | ratio | peak MB |\n|---|---|---|---|---|")
    print(f"| 720p | {one:.3f} | {floor['whole']:.3f} | {one / floor['whole']:.3f} | {max(peak for _, peak in pushes['one']):.0f} |")
    print(f"| 720p + 480p + 360p | {three:.3f} | {' + '.join(f'{value:.3f}' for value in floor.values())} | {ratio:.3f} | "
          f"{max(peak for _, peak in pushes['three']):.0f} |")
    print(f"| the two beside | {three - one:.3f} | {total - floor['whole']:.3f} | {(three - one) / (total - floor['whole']):.3f} | |")
    print(f"goal: at most {GOAL} x the sum of x264 alone")
    return 1 if options.check and ratio > GOAL else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as why:
        sys.exit(f"renditions: {why}")
