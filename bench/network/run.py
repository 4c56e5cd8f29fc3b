# SPDX-License-Identifier: MIT
"""One pusher on one link, from beginning to end."""
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

import figures
import links
import pushers

HERE = pathlib.Path(__file__).resolve().parent
COUNTED = {1005: "sizes", 1006: "changes", 1101: "slow", 1102: "reconnects"}


class Failed(Exception):
    """A run could not be measured."""


class Run:
    def __init__(self, options, pusher, trace, limit, congestion, directory):
        self._options, self._pusher, self.trace, self._limit, self._congestion = options, pusher, trace, limit, congestion
        self._directory = directory
        self._events, self._begin = [], 0.0
        self.arrivals, self.series, self.changes, self.queue = [], [], [], []

    def measure(self):
        """Answers with the figures by name; arrivals, series, changes and queue are there then."""
        with contextlib.ExitStack() as stack:
            link = stack.enter_context(links.LINKS[self._options.link](self.trace, self._limit, self._congestion, self._options.seed))
            out = self._directory / "arrivals"
            receiver = self._receiver(stack, link, out)
            url = self._options.url.format(*link.connect)
            words = stack.enter_context(pushers.command(self._options, self._pusher, url, self.trace.seconds, self._directory))
            program, reader = self._program(stack, [*link.client, *words])
            self._wait(program, link)
            program.send_signal(signal.SIGINT)
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                raise Failed("the program did not stop within 10 s") from None
            reader.join(5)
            _end(receiver)
            link.stop()
            self._gather(out, link.samples())
            return {"congestion": link.congestion, **self._figures(link.samples())}

    def _receiver(self, stack, link, out):
        words = [*link.server, sys.executable, HERE / self._options.receiver, link.address[0], str(link.address[1]), out]
        receiver = subprocess.Popen(words, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        stack.callback(_end, receiver)
        port = receiver.stdout.readline().strip()
        if not port:
            raise Failed("the receiver did not start")
        if self._options.link == "proxy":
            link.to(int(port))
        return receiver

    def _program(self, stack, words):
        errors = stack.enter_context(open(self._directory / "stderr", "wb"))
        program = subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, text=True)
        reader = threading.Thread(target=self._read, args=(program.stdout,), daemon=True)
        stack.callback(_end, program, reader)
        reader.start()
        return program, reader

    def _read(self, lines):
        for line in lines:
            with contextlib.suppress(json.JSONDecodeError):
                self._events.append((time.monotonic(), json.loads(line)))

    def _said(self):
        return (self._directory / "stderr").read_text(errors="replace")[-2000:]

    def _wait(self, program, link):
        """The trace begins when the server has taken the stream."""
        limit = time.monotonic() + 20
        while not self._begin:
            self._begin = next((moment for moment, event in list(self._events) if event.get("code") == 1002), 0.0)
            if program.poll() is not None or time.monotonic() > limit:
                raise Failed(f"the program did not push: {self._said()}")
            time.sleep(0.005)
        link.start(self._begin)
        while time.monotonic() < self._begin + self.trace.seconds:
            if program.poll() is not None:
                raise Failed(f"the program ended with status {program.returncode}: {self._said()}")
            time.sleep(0.05)

    def _gather(self, out, samples):
        self._events = [(moment - self._begin, event) for moment, event in self._events]
        self.arrivals = figures.read_arrivals(out, self._begin)
        self.series = figures.delays(self.arrivals)
        self.changes = figures.targets(self._events)
        rate = {step.at: step.kbps for step in self.trace.steps}
        for moment, queued, *_ in samples:
            at = moment - self._begin
            kbps = rate[max((begin for begin in rate if begin <= at), default=0)]
            if at >= 0 and kbps:
                self.queue.append((at, queued * 8 / 1000 / kbps))

    def _encoded(self, status):
        """Pictures the encoder made in all: the program's last words, or bench_rules' last status."""
        summary = re.search(r"(\d+) frames", self._said())
        return int(summary[1]) if summary else status[-1]["videoFrames"]

    def _figures(self, samples):
        during = [(moment, event) for moment, event in self._events if moment < self.trace.seconds]
        out = figures.judge(self.trace, self.arrivals, self._options.max)
        out.update(dict.fromkeys(COUNTED.values(), 0))
        for _, event in during:
            if event.get("code") in COUNTED:
                out[COUNTED[event["code"]]] += 1
        status = [event["info"] for _, event in self._events if event.get("event") == "netstatus"]
        inside = [event["info"] for _, event in during if event.get("event") == "netstatus"]
        if not self.arrivals or not status:
            raise Failed(f"nothing arrived: {self._said()}")
        out["video"] = sum(a.kind == figures.VIDEO for a in self.arrivals)
        out["lost"] = max(0, self._encoded(status) - out["video"])
        out["skipped"] = max(0, figures.missing(self.arrivals, self._options.fps) - out["lost"])
        out["kbps"] = figures.received(self.arrivals, 2, self.trace.seconds)
        out["cpu"] = sum(s.get("cpuUsage", 0) for s in inside) / max(1, len(inside))
        out["load"] = os.getloadavg()[0]
        out["broken"] = sum(not a.whole for a in self.arrivals if a.kind == figures.VIDEO) if self._options.protocol == "srt" else None
        out["connections"] = len({a.connection for a in self.arrivals})
        out["wire_dropped"], out["wire_lost"] = samples[-1][3:5] if samples else (None, None)
        return out


def _end(process, reader=None):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if reader:
        reader.join()  # what it reads has ended
    process.stdout.close()
