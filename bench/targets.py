#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a further target costs: one program pushes the same coded pictures and encoded sound to 1, 2, 4 and 8 targets of a real
server, in turns, and its CPU time, memory and threads are told against those of one target in the same run.

Coded pictures, so that what an encoder takes, which is much and wavers, is no part of the figures.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin"))
sys.path.insert(0, str(ROOT / "tests" / "servers"))
import rtmp_server  # noqa: E402

GOALS = {"cpu": 0.004, "mb": 3.0, "threads": 3}


def clip(path, seconds, kbps):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"testsrc2=s=1280x720:r=30:d={seconds + 5}", "-vf",
                    "noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "veryfast", "-b:v", f"{kbps}k", "-minrate", f"{kbps}k", "-maxrate",
                    f"{kbps}k", "-bufsize", f"{kbps}k", "-x264-params", "nal-hrd=cbr", "-g", "60", "-bf", "0", str(path)], check=True)


def status(pid, name):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise RuntimeError(f"/proc/{pid}/status has no {name}")


def run(server, path, count, seconds):
    """CPU seconds for a second of the stream, peak MB, threads; from when all targets have the stream."""
    command = [BIN / "livepusher", "push", server.url("live", "target-0"), "--video-source", f"coded:{path}", "--audio-source", "test",
               "--quiet", "--json", "--duration", seconds + 4]
    for number in range(1, count):
        command += ["--target", f"t{number}={server.url('live', f'target-{number}')}"]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True, bufsize=1)
    begun = 0
    for line in process.stdout:
        begun += '"code":1002' in line
        if begun == count:
            break
    if begun < count:
        raise RuntimeError(f"{begun} of {count} targets have the stream")
    ticks = os.sysconf("SC_CLK_TCK")

    def cpu():
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / ticks
    time.sleep(1)
    before, began = cpu(), time.monotonic()
    time.sleep(seconds - 1)
    used = (cpu() - before) / (time.monotonic() - began)
    figures = used, status(process.pid, "VmHWM") / 1024, status(process.pid, "Threads")
    process.stdout.read()
    if process.wait() != 0:
        raise RuntimeError(f"livepusher ended with {process.returncode}")
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10, help="of each push that are measured (10)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each number of targets is measured (3); the median counts")
    parser.add_argument("--kbps", type=int, default=2500, help="of the pictures (2500)")
    parser.add_argument("--targets", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="livepusher-targets-") as folder:
        path = pathlib.Path(folder) / "clip.mp4"
        clip(path, options.seconds, options.kbps)
        server = rtmp_server.RtmpServer(pathlib.Path(folder) / "server").start()
        try:
            runs = {count: [] for count in options.targets}
            for number in range(options.rounds):
                for count in options.targets:
                    print(f"round {number + 1} of {options.rounds}, {count} targets …", file=sys.stderr, flush=True)
                    runs[count].append(run(server, path, count, options.seconds))
        finally:
            server.stop()
    median = {count: [statistics.median(column) for column in zip(*rows)] for count, rows in runs.items()}
    one = median[min(median)]
    print("| targets | CPU s per stream second | peak MB | threads | a further target: CPU | MB | threads |")
    print("|---|---|---|---|---|---|---|")
    missed = False
    for count, (cpu, peak, threads) in median.items():
        more = count - min(median)
        further = [(value - base) / more for value, base in zip((cpu, peak, threads), one)] if more else None
        told = f"{further[0]:.4f} | {further[1]:.2f} | {further[2]:.1f}" if further else "– | – | –"
        print(f"| {count} | {cpu:.4f} | {peak:.1f} | {threads:.0f} | {told} |")
        missed = missed or bool(further and count == max(median) and any(value > goal for value, goal in zip(further, GOALS.values())))
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
