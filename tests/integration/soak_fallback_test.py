# SPDX-License-Identifier: MIT
"""Fault after fault: one stream, one recording, every picture of it decodable, and memory that stays where it is.

LIVEPUSHER_SOAK_FAULTS sets how many (10; 120 are an hour of a fault each 30 s, in a quarter of that time).
"""
import itertools
import os
import random
import signal
import statistics
import threading
import time

import harness
from recording import Recording
from soak_test import process_figures

FAULTS = int(os.environ.get("LIVEPUSHER_SOAK_FAULTS", "10"))
AFTER, FPS, WIDTH, HEIGHT = 0.5, 25, 160, 90
SHAPE = ["--orientation", "horizontal", "--video-width", "320", "--video-height", "180", "--fps", str(FPS), "--adapt-resolution", "false",
         "--video-preset", "ultrafast", "--fallback-after", str(AFTER), "--fallback-on", "lost,ended,black,frozen", "--log-level", "error"]
BEGAN, ENDED = 20020, 20021
CHROMA = bytes([128]) * (WIDTH * HEIGHT // 2)


class Pictures:
    """Writes raw pictures into a pipe: "good", "black", "frozen", none ("stalled"), or it goes away and comes again ("gone")."""

    def __init__(self, path):
        self.path, self.state, self.quit = path, "good", False
        dice = random.Random(1)
        self.moving = [bytes(dice.randrange(60, 220) for _ in range(WIDTH * HEIGHT)) for _ in range(8)]
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.quit:
            if self.state == "gone":
                time.sleep(0.01)
                continue
            try:
                with open(self.path, "wb", buffering=0) as pipe:  # waits for the reader
                    self._write(pipe)
            except BrokenPipeError:
                pass

    def _write(self, pipe):
        due = time.monotonic()
        for number in itertools.count():
            if self.quit or self.state == "gone":
                return
            luma = {"good": self.moving[number % 8], "frozen": self.moving[0], "black": bytes([16]) * (WIDTH * HEIGHT)}.get(self.state)
            data = luma + CHROMA if luma else b""
            while data:
                data = data[pipe.write(data):]
            due = max(due + 1 / FPS, time.monotonic() - 0.2)
            time.sleep(max(0.0, due - time.monotonic()))


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")

    def told(self, push, code, count):
        push.wait_code(code, count=count, within=10)
        return [event["time"] / 1000 for event in push.events("statechange") if event["code"] == code][count - 1]

    def test_fault_after_fault(self):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        clip = self.directory / "clip.mp4"
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=blue:s=160x90:r=10", "-f", "lavfi", "-i", "sine=f=880:r=48000", "-t", 2,
                     "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", clip])
        pipe = self.directory / "pipe"
        os.mkfifo(pipe)
        pictures = Pictures(pipe)
        self.addCleanup(setattr, pictures, "quit", True)
        server = self.server()
        push = self.push(server.url("rec", "test"), *SHAPE, "--video-source", f"raw:{pipe},{WIDTH}x{HEIGHT}@{FPS}", "--audio-source", "test",
                         "--fallback", clip)
        push.wait_code(1002)
        time.sleep(1)
        figures, late, back = [], [], []
        for number, fault in zip(range(1, FAULTS + 1), itertools.cycle(("stalled", "black", "gone", "frozen"))):
            pictures.state, since = fault, time.time()
            late.append(self.told(push, BEGAN, number) - since)
            time.sleep(1.5)
            pictures.state, since = "good", time.time()
            back.append(self.told(push, ENDED, number) - since)
            figures.append(process_figures(push.process.pid))
            time.sleep(1.5)
        push.interrupt()
        self.assertEqual(push.wait(20), 0, str(push))
        self.assertEqual(push.codes().count(1002), 1)
        self.assertEqual((push.codes().count(BEGAN), push.codes().count(ENDED)), (FAULTS, FAULTS))
        found = server.recordings("test")
        self.assertEqual(len(found), 1)
        recording = Recording(harness.finished(found[0]))
        self.assertEqual(recording.decode_errors(), "")
        for track in (recording.video, recording.audio):
            stamps = recording.times(track)
            self.assertTrue(all(before < after for before, after in itertools.pairwise(stamps)), track["codec_type"])
        shown = sorted(recording.times(recording.video, "pts_time"))
        gap = max(after - before for before, after in itertools.pairwise(shown))
        print(f"{FAULTS} faults in {recording.length(recording.video):.0f} s, longest gap {gap:.2f} s; stood in for after "
              f"{statistics.median(late):.2f} s ({max(late):.2f} at most), back after {statistics.median(back):.2f} ({max(back):.2f})")
        self.assertLessEqual(gap, AFTER + 0.5)
        self.assertLess(max(back), 1.5)  # with the time until the program's event is read; a busy machine may have both late
        self.check_memory(figures)

    def check_memory(self, figures):
        # By then each fault has been there twice.
        settled = figures[min(8, len(figures) - 2):]
        _, anonymous, threads, descriptors = zip(*settled)
        tenth = max(1, len(settled) // 10)
        before, after = statistics.median(anonymous[:tenth]), statistics.median(anonymous[-tenth:])
        print(f"anonymous memory: {before:.0f} KiB, then {after:.0f}; threads {min(threads)}..{max(threads)}, descriptors "
              f"{min(descriptors)}..{max(descriptors)}")
        self.assertLess(after - before, max(2048, before * 0.03), figures)
        self.assertLessEqual(max(threads[-tenth:]), max(threads[:tenth]) + 2, "threads that nobody ended")
        self.assertLessEqual(max(descriptors[-tenth:]), max(descriptors[:tenth]) + 2)


if __name__ == "__main__":
    harness.main()
