# SPDX-License-Identifier: MIT
"""A process that is stopped (SIGSTOP, a frozen container, a debugger) and goes on: what was missed stays a gap in both tracks."""
import re
import signal
import sys
import time

import flv
import harness
import media
from clips import clip

sys.path.insert(0, str(harness.HERE / "devices"))
import stand_ins  # noqa: E402

BEGAN, SLOW = 1002, 1101
STOPPED = 5  # s
MADE_UP = 2  # s of sound at most
GROWTH = 20_000  # kB


def resident(push):
    with open(f"/proc/{push.process.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1])


def stand_still(push, seconds=STOPPED):
    push.process.send_signal(signal.SIGSTOP)
    time.sleep(seconds)
    push.process.send_signal(signal.SIGCONT)


def times(path):
    """The time stamps of each track's media, in s, in the order of the file."""
    found = {flv.AUDIO: [], flv.VIDEO: []}
    for tag in flv.read(path)[1]:
        if tag.type in found and tag.body[1] != 0:
            found[tag.type].append(tag.time / 1000)
    return found


def longest_step(stamps):
    """(how long, when it begins)"""
    return max((after - before, before) for before, after in zip(stamps, stamps[1:]))


class Test(harness.Case):
    def check_gap(self, path):
        """One gap, at the same moment of both tracks, which go on side by side."""
        found = times(path)
        sound, pictures = found[flv.AUDIO], found[flv.VIDEO]
        (long, at), (picture_long, picture_at) = longest_step(sound), longest_step(pictures)
        print(f"sound: {long:.2f} s missing at {at:.2f} s, pictures: {picture_long:.2f} s at {picture_at:.2f} s")
        self.assertGreaterEqual(long, STOPPED - MADE_UP)
        self.assertGreaterEqual(picture_long, STOPPED - MADE_UP)
        self.assertAlmostEqual(at, picture_at, delta=1)
        self.assertAlmostEqual(at + long, picture_at + picture_long, delta=1)
        self.assertAlmostEqual(sound[-1], pictures[-1], delta=0.7)
        self.assertLessEqual(len(sound) * 1024 / 48000, sound[-1] - sound[0] - STOPPED + MADE_UP, "sound was made up")
        for stamps in found.values():
            self.assertEqual(stamps, sorted(stamps))
        return at

    def stop_and_go_on(self, *source, env=None):
        server = self.server()
        path = self.directory / "recorded.flv"
        push = self.push(server.url("live", "still"), "--record", path, *source, env=env)
        push.wait_code(BEGAN)
        time.sleep(3)
        before = resident(push)
        stand_still(push)
        time.sleep(3)
        grown = resident(push) - before
        print(f"the process has grown by {grown} kB")
        push.interrupt().wait()
        self.assertEqual(push.process.returncode, 0, str(push))
        self.assertNotIn(SLOW, push.codes(), str(push))
        self.assertLess(grown, GROWTH)
        self.check_gap(path)
        return push

    def test_test_picture_and_tone(self):
        self.stop_and_go_on("--source", "test")

    def test_file(self):
        source, words = media.source_file(640, 360, 25, 30)
        print(f"pushing {words}")
        push = self.stop_and_go_on("--source", f"file:{source}")
        self.assertNotRegex(push.stderr, "could not be read|can.t be decoded", "it was not the file that was slow")

    def test_coded_file(self):
        push = self.stop_and_go_on("--video-source", f"coded:{clip('standstill.mp4', 30)}", "--audio-source", "test")
        self.assertNotRegex(push.stderr, "could not be read|can.t be decoded", "it was not the file that was slow")

    def test_microphone(self):
        harness.need_commands(**stand_ins.SoundServer.COMMANDS)
        sound = stand_ins.SoundServer(self.directory / "sound")
        self.addCleanup(sound.stop)
        sound.start()
        self.stop_and_go_on("--video-source", "test", "--audio-source", "mic", env=sound.env)

    def test_a_server_that_has_given_up_is_reached_again(self):
        server = self.server()
        push = self.push(server.url("live", "still"), "--source", "test")
        push.wait_code(BEGAN)
        push.process.send_signal(signal.SIGSTOP)
        server.kill()
        time.sleep(2)
        server.start()
        push.process.send_signal(signal.SIGCONT)
        push.wait_code(BEGAN, count=2)
        push.interrupt().wait()
        self.assertEqual(push.process.returncode, 0, str(push))


if __name__ == "__main__":
    harness.main()
