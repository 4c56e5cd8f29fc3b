#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many pushes in one process, as on a server: coded files of 600 kbps to one server in a process of its own. Tells what a push costs
the process (CPU, memory, threads) and which pictures come late: more than 100 ms behind the one of its stream that was the least
late, by the server's clock."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin"))
GOALS = {"kilobytes": 3072, "late": 0, "dropped": 0, "ended": 0}


def clip(path, kbps):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=20", "-vf",
                    "noise=alls=12:allf=t", "-c:v", "libx264", "-preset", "veryfast", "-b:v", f"{kbps}k", "-maxrate", f"{kbps}k", "-bufsize",
                    f"{kbps}k", "-g", "50", "-bf", "0", "-movflags", "+faststart", str(path)], check=True)


def run(path, pushes, seconds):
    sink = subprocess.Popen([BIN / "bench_many_sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pusher = None
    try:
        port = int(sink.stdout.readline())
        pusher = subprocess.Popen([BIN / "bench_many_pushes", f"rtmp://127.0.0.1:{port}/live", path, str(pushes), str(seconds)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if pusher.stdout.readline().strip() != "begun":
            raise RuntimeError(f"the pushes have not begun: {pusher.wait(10)}")
        sink.stdin.write("begin\n")
        sink.stdin.flush()
        used = json.loads(pusher.stdout.readline())
        sink.stdin.write("end\n")
        sink.stdin.flush()
        seen = json.loads(sink.stdout.readline())
        pusher.stdin.close()
        if pusher.wait(60) != 0:
            raise RuntimeError(f"the pushes ended with {pusher.returncode}")
        return {**used, **seen}
    finally:
        for process in (pusher, sink):
            if process and process.poll() is None:
                process.kill()
                process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pushes", type=int, nargs="+", default=[1, 50, 100, 200])
    parser.add_argument("--seconds", type=int, default=20, help="that are measured, from when all have begun (20)")
    parser.add_argument("--kbps", type=int, default=600, help="of each push (600)")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a goal is missed: 3 MB a push, no picture late or left out")
    options = parser.parse_args()
    print("| pushes | CPU s per second | of it a push | MB a push | threads a push | pictures | late | median ms | 99 % ms | most ms | left out |")
    print("|---|---|---|---|---|---|---|---|---|---|---|", flush=True)
    missed = False
    with tempfile.TemporaryDirectory(prefix="livepusher-many-") as folder:
        path = pathlib.Path(folder) / "clip.mp4"
        clip(path, options.kbps)
        for pushes in options.pushes:
            seen = run(path, pushes, options.seconds)
            print(f"| {pushes} | {seen['cpu'] * pushes:.3f} | {seen['cpu']:.4f} | {seen['kilobytes'] / 1024:.2f} | {seen['threads']:.1f} | "
                  f"{seen['pictures']} | {seen['late']} | {seen['median']:.1f} | {seen['p99']:.1f} | {seen['most']:.1f} | {seen['dropped']} |",
                  flush=True)
            missed = missed or any(seen[name] > goal for name, goal in GOALS.items() if pushes > 1)
    return 1 if options.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
