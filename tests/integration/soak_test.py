# SPDX-License-Identifier: MIT
"""A push that lasts: memory stays where it is, and sound stays with the picture.

LIVEPUSHER_SOAK_SECONDS sets how long it is (20; 1800 shows what a long push is like).
"""
import os
import statistics
import time

import harness
from recording import Recording

SECONDS = int(os.environ.get("LIVEPUSHER_SOAK_SECONDS", "20"))
WARM_UP = min(60.0, SECONDS * 0.3)  # until every buffer has its size
PICTURE = ["--orientation", "vertical", "--video-width", "360", "--video-height", "640", "--fps", "15", "--video-preset", "ultrafast",
           "--min-bitrate", "200", "--max-bitrate", "300"]


def patch(width, height):
    """Where the test picture flashes, a little inside of its border."""
    return ",".join(str(int(part)) for part in (0.82 * width, 0.52 * height, 0.11 * width, 0.15 * height))


def process_figures(pid):
    """(resident KiB, those of them that are no file's, threads, descriptors)."""
    with open(f"/proc/{pid}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    return *(int(fields[name].split()[0]) for name in ("VmRSS", "RssAnon", "Threads")), len(os.listdir(f"/proc/{pid}/fd"))


class Test(harness.Case):
    def watch(self, push):
        """The process's figures, twice a second, from the end of the warm-up to the last second."""
        began, found = time.monotonic(), []
        while time.monotonic() - began < SECONDS - 1:
            self.assertIsNone(push.process.poll(), str(push))
            if time.monotonic() - began >= WARM_UP:
                found.append(process_figures(push.process.pid))
            time.sleep(0.5)
        return found

    def check_memory(self, found):
        tenth = max(5, len(found) // 10)
        resident, anonymous, threads, descriptors = zip(*found)
        for name, memory in (("anonymous", anonymous), ("resident", resident)):
            before, after = statistics.median(memory[:tenth]), statistics.median(memory[-tenth:])
            drift = 100 * (after - before) / before
            print(f"{name} memory: {before:.0f} KiB after {WARM_UP:.0f} s, {after:.0f} KiB at the end, drift {drift:+.2f} %; "
                  f"every tenth: {list(memory[::tenth])}")
        print(f"threads {min(threads)}..{max(threads)}, descriptors {min(descriptors)}..{max(descriptors)}")
        self.assertLess(drift, 2)
        self.assertLessEqual(threads[-1], threads[0])
        self.assertLessEqual(descriptors[-1], descriptors[0])

    def test_memory_and_sound_stay(self):
        harness.need_commands(ffprobe="ffmpeg")
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", *PICTURE, "--duration", SECONDS)
        push.wait_code(1002)
        found = self.watch(push)
        self.assertEqual(push.wait(60), 0, str(push))
        recording = Recording(harness.finished(server.recordings("test")[0]))
        figures = recording.frames("--flash", patch(360, 640))
        info = push.events("netstatus")[-1]["info"]
        print(f"{SECONDS} s: {figures}; dropped {info['videoDrop']} + {info['audioDrop']}, reconnects {info['reconnects']}")
        self.check_memory(found)
        self.assertAlmostEqual(recording.length(recording.video), SECONDS, delta=2)
        self.assertAlmostEqual(recording.length(recording.audio), recording.length(recording.video), delta=0.5)
        self.assertGreater(figures["offsetMs"]["pairs"], SECONDS * 0.4)
        for which in ("least", "median", "most"):
            self.assertLess(abs(figures["offsetMs"][which]), 40, figures)
        counter = figures["counter"]
        self.assertEqual((counter["unreadable"], counter["backwards"]), (0, 0))
        if os.environ.get("LIVEPUSHER_SOAK_SECONDS"):
            self.assertEqual(recording.decode_errors(), "")


if __name__ == "__main__":
    harness.main()
