#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws what docs/targets.md and docs/never-ends.md tell of, from pushes that it runs: what came where, and what was told, in time.

Needs a build (build/release/bin/livepusher, or the folder in LIVEPUSHER_BIN) and what `./dev test` installs; takes a minute.
"""
import contextlib
import html
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BIN = pathlib.Path(os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin"))
sys.path[:0] = [str(ROOT / "tests/servers"), str(ROOT / "bench/network")]
import fault_proxy  # noqa: E402
import processes  # noqa: E402
import rtmp_server  # noqa: E402

WIDTH, LEFT, RIGHT, TOP, ROW, BAND = 1000, 120, 20, 40, 70, 34
STEP = 0.2  # s that a bar stands for; a full one is three times the bitrate
KBPS = 250
BLUE, GREY, RED, YELLOW, GREEN = "#1f6fb4", "#999999", "#d1495b", "#b08900", "#2a7f3f"


class Drawing:
    """Rows over one axis of time, each with bars and with notes below them."""

    def __init__(self, title, seconds):
        self._title, self._seconds, self._rows = title, seconds, 0
        self._parts = []

    def x(self, moment):
        return LEFT + max(0.0, min(moment, self._seconds)) / self._seconds * (WIDTH - LEFT - RIGHT)

    def row(self, name, bars=(), spans=(), notes=()):
        """bars: (moment, 0..1); spans: (from, to, colour, words); notes: (moment, words)."""
        foot = TOP + self._rows * ROW + BAND
        self._rows += 1
        self._parts.append(f'<text x="{LEFT - 10}" y="{foot - 10}" font-size="13" text-anchor="end">{html.escape(name)}</text>'
                           f'<line x1="{LEFT}" y1="{foot}" x2="{WIDTH - RIGHT}" y2="{foot}" stroke="#dddddd"/>')
        wide = self.x(STEP) - self.x(0)
        for moment, part in bars:
            high = part * BAND
            self._parts.append(f'<rect x="{self.x(moment):.1f}" y="{foot - high:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{BLUE}"/>')
        for began, ended, colour, words in spans:
            x = self.x(began)
            self._parts.append(f'<rect x="{x:.1f}" y="{foot - BAND}" width="{self.x(ended) - x:.1f}" height="{BAND}" fill="{colour}" opacity="0.75"/>'
                               f'<text x="{x + 5:.1f}" y="{foot - 12}" font-size="12" fill="white">{html.escape(words)}</text>')
        level = 0
        for number, (moment, words) in enumerate(notes):
            level = 1 - level if number and self.x(moment) - self.x(notes[number - 1][0]) < 8 * len(notes[number - 1][1]) else 0
            x, y = self.x(moment), foot + 13 + 12 * level
            end = x > WIDTH - 200
            self._parts.append(f'<line x1="{x:.1f}" y1="{foot - BAND}" x2="{x:.1f}" y2="{foot + 4}" stroke="{RED}"/>'
                               f'<text x="{x:.1f}" y="{y}" font-size="11" fill="{RED}" text-anchor="{"end" if end else "start"}">{html.escape(words)}</text>')

    def save(self, path):
        foot = TOP + self._rows * ROW
        every = next(step for step in (1, 2, 5, 10) if self._seconds / step <= 20)
        axis = "".join(f'<text x="{self.x(at):.1f}" y="{foot + 12}" font-size="11" text-anchor="middle">{at} s</text>'
                       for at in range(0, int(self._seconds) + 1, every))
        path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{foot + 22}" font-family="sans-serif">'
                        f'<rect width="100%" height="100%" fill="white"/><text x="{LEFT}" y="22" font-size="15">{html.escape(self._title)}</text>'
                        + "\n".join(self._parts) + axis + "</svg>\n", encoding="utf-8")
        print(path.relative_to(ROOT))


class Receiver:
    """Notes when each message was there."""

    def __init__(self, folder, name, port=0):
        self._path = folder / f"{name}-{time.monotonic_ns()}"
        self._child = processes.spawn([sys.executable, ROOT / "bench/network/receiver.py", "127.0.0.1", port, self._path],
                                      stdout=subprocess.PIPE, text=True)
        self.port = int(self._child.stdout.readline())

    def stop(self):
        processes.end(self._child)
        return [(float(row[4]), int(row[3])) for row in (line.split() for line in self._path.read_text(encoding="ascii").splitlines())]


def bars(messages, zero, seconds):
    sums = [0.0] * int(seconds / STEP + 1)
    for moment, size in messages:
        if 0 <= moment - zero < seconds:
            sums[int((moment - zero) / STEP)] += size
    return [(number * STEP, min(1.0, size / (3 * KBPS * 125 * STEP))) for number, size in enumerate(sums) if size]


class Push:
    def __init__(self, *arguments):
        self.events = []
        command = [BIN / "livepusher", "push", *arguments, "--video-width", 320, "--video-height", 180, "--fps", 25, "--gop", 1, "--min-bitrate", KBPS,
                   "--max-bitrate", KBPS, "--adaptation", "off", "--json", "--quiet", "--log-level", "off"]
        self._program = processes.spawn(command, stdout=subprocess.PIPE, text=True, bufsize=1)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        processes.wait_for(lambda: any(each.get("code") == 1002 for each in self.events), 20, "the push")
        self.zero = next(each["at"] for each in self.events if each.get("code") == 1002)

    def _read(self):
        for line in self._program.stdout:
            with contextlib.suppress(ValueError):
                self.events.append({**json.loads(line), "at": time.monotonic()})

    def begin_now(self):
        self.zero = time.monotonic()

    def at(self, moment):
        time.sleep(max(0.0, self.zero + moment - time.monotonic()))

    def notes(self, target, codes):
        found = [each for each in self.events if each.get("event") == "statechange" and each["code"] in codes and each.get("target", target) == target]
        return [(each["at"] - self.zero, f'{each["code"]} {codes[each["code"]]}') for before, each in zip([None, *found], found)
                if not before or before["code"] != each["code"]]

    def end(self):
        self._program.send_signal(signal.SIGINT)
        self._program.wait(20)
        self._reader.join()


LINE = {1102: "tried again", 1002: "has it"}


def targets(folder):
    seconds = 24
    first, third = Receiver(folder, "first"), Receiver(folder, "third")
    second = [Receiver(folder, "second")]
    proxy = fault_proxy.FaultProxy(second[0].port, [fault_proxy.Fault("stall", at="media", bytes=1 << 60)])
    control = folder / "control"
    push = Push(f"rtmp://127.0.0.1:{first.port}/live/a", "--source", "test", "--target", f"second=rtmp://127.0.0.1:{proxy.port}/live/b",
                "--target", "second.reconnect=99x1", "--control", control)
    push.at(4)
    for connection in proxy.connections:
        connection.rate = 12_500
    push.at(11)
    for connection in proxy.connections:
        connection.rate = 0
    push.at(13)
    proxy.refuse()
    proxy.lose()
    push.at(16)
    proxy.accept()
    push.at(18)
    with socket.socket(socket.AF_UNIX) as asks:
        asks.connect(str(control))
        asks.sendall(json.dumps({"method": "addTarget", "target": {"id": "third", "url": f"rtmp://127.0.0.1:{third.port}/live/c"}}).encode() + b"\n")
        asks.recv(4096)
    push.at(seconds)
    push.end()
    proxy.close()
    drawing = Drawing("Three targets of one push: what each received", seconds)
    drawing.row("main", bars(first.stop(), push.zero, seconds), notes=push.notes("main", LINE))
    drawing.row("second", bars(second[0].stop(), push.zero, seconds),
                notes=sorted([(4, "100 kbps for 7 s"), (13, "gone for 3 s"), *push.notes("second", LINE)]))
    drawing.row("third", bars(third.stop(), push.zero, seconds), notes=[(18, "addTarget"), *push.notes("third", LINE)])
    drawing.save(HERE / "targets.svg")


def failover(folder):
    seconds = 20
    first, second = Receiver(folder, "first"), Receiver(folder, "second")
    push = Push(f"rtmp://127.0.0.1:{first.port}/live/a", "--source", "test", "--target", f"main=rtmp://127.0.0.1:{second.port}/live/a", "--target",
                "main.preferFirst=true")
    push.at(6)
    got = first.stop()
    push.at(8)
    again = Receiver(folder, "first", first.port)
    push.at(seconds)
    push.end()
    drawing = Drawing("Two urls of one target with preferFirst: what each server received", seconds)
    drawing.row("first url", bars(got + again.stop(), push.zero, seconds), notes=[(6, "killed"), (8, "there again")])
    drawing.row("second url", bars(second.stop(), push.zero, seconds), notes=push.notes("main", LINE)[1:])
    drawing.save(HERE / "failover.svg")


def never_ends(folder):
    seconds = 24
    studio = rtmp_server.RtmpServer(folder / "studio").start()
    viewer = Receiver(folder, "viewer")
    url = studio.url("live", "studio")

    def camera():
        return processes.spawn(["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i", "sine=f=440:r=48000",
                                "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "25", "-c:a", "aac", "-f", "flv", url])
    source = camera()
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=320x180", "-frames:v", "1", str(folder / "pause.png")], check=True)
    time.sleep(2)
    push = Push(f"rtmp://127.0.0.1:{viewer.port}/live/a", "--source", f"file:{url}", "--fallback", folder / "pause.png", "--fallback-after", 1)
    time.sleep(3)  # until the source's first key frame
    push.begin_now()
    push.at(6)
    processes.end(source, first=signal.SIGKILL)
    push.at(13)
    source = camera()
    push.at(seconds)
    push.end()
    processes.end(source)
    studio.stop()
    changes = [(each["at"] - push.zero, each["code"]) for each in push.events if each.get("code") in (20020, 20021) and each["at"] > push.zero]
    edges = [(0, 20021), *changes, (seconds, 0)]
    spans = [(at, end, *((YELLOW, "fallback") if code == 20020 else (GREEN, "source"))) for (at, code), (end, _) in zip(edges, edges[1:]) if end > at]
    drawing = Drawing("A source that dies and comes back, with a picture as its fallback (fallbackAfter 1 s)", seconds)
    drawing.row("source", spans=[(0, 6, GREEN, "there"), (13, seconds, GREEN, "there again")], notes=[(6, "killed"), (13, "started again")])
    drawing.row("goes out", spans=spans, notes=[(at, "20020 FallbackBegan" if code == 20020 else "20021 FallbackEnded") for at, code in changes])
    drawing.row("viewer gets", bars(viewer.stop(), push.zero, seconds))
    drawing.save(HERE / "never-ends.svg")


def main():
    with tempfile.TemporaryDirectory(prefix="livepusher-in-time-") as folder:
        for number, make in enumerate((targets, failover, never_ends)):
            part = pathlib.Path(folder) / str(number)
            part.mkdir()
            make(part)


if __name__ == "__main__":
    main()
