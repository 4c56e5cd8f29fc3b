# SPDX-License-Identifier: MIT
"""Cameras in a real push: no frame is lost, one that goes comes again, another takes over, and each failure has its code."""
import re
import sys
import time

import harness
import pictures
from recording import Recording, check

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

SMALL = ["--orientation", "horizontal", "--video-width", "640", "--video-height", "360", "--fps", "30", "--audio-source", "none",
         "--adapt-resolution", "false"]
LARGE = ["--orientation", "horizontal", "--video-width", "1280", "--video-height", "720", "--fps", "30", "--audio-source", "none",
         "--min-bitrate", "2500", "--max-bitrate", "2500", "--adapt-resolution", "false", "--video-preset", "veryfast"]
NATIVE_SECONDS = 6


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        self.faults, self.log = self.directory / "faults", self.directory / "log"

    def environment(self, **variables):
        return {"LD_PRELOAD": harness.preload("LIVEPUSHER_FAKE_CAMERA"), "FAKE_CAMERA_CONTROL": str(self.faults),
                "FAKE_CAMERA_LOG": str(self.log), **{f"FAKE_CAMERA{name}": value for name, value in variables.items()}}

    def fault(self, *lines):
        """What is wrong with the cameras from now on, as "0 unplug"."""
        new = self.directory / "new"
        new.write_text("".join(line + "\n" for line in lines))
        new.replace(self.faults)

    def control(self):
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        return control

    def ended(self, push):
        push.interrupt()
        self.assertEqual(push.wait(15), 0, str(push))

    def lasts(self, recording, longest):
        """Decodes without an error, and is never without a frame for longer."""
        self.assertEqual(recording.decode_errors(), "")
        times = recording.times(recording.video, "pts_time")
        gap = max(after - before for before, after in zip(times, times[1:]))
        print(f"longest time from frame to frame: {gap:.3f} s")
        self.assertLess(gap, longest)

    def native(self, form):
        """What the frames' numbers tell; of a machine that is busy elsewhere the best of three."""
        server = self.server()
        for attempt in range(3):
            name = f"native{attempt}"
            self.log.unlink(missing_ok=True)
            self.push_cleanly(server.url("rec", name), "--video-source", "camera:/dev/video0", *LARGE, "--duration", NATIVE_SECONDS,
                              env=self.environment(_FORMATS=form), within=NATIVE_SECONDS + 30)
            path = harness.finished(server.recordings(name)[0])
            asked = self.log.read_text()
            self.assertIn(f"format 0 1280x720 {form}\n", asked)
            lost = re.search(r"stream 0 off, \d+ frames, (\d+) lost", asked).group(1)
            counter = Recording(path).frames()["counter"]
            print(counter, "lost by the driver:", lost)
            if (counter["lost"], lost) == (0, "0"):
                break
        check(self, path, 1280, 720, 30, NATIVE_SECONDS, audio=False)
        self.assertEqual((counter["unreadable"], counter["lost"], counter["doubled"]), (0, 0, 0))
        self.assertEqual(lost, "0", "the driver had no buffer for a frame")
        return counter

    def test_native_raw_without_a_lost_frame(self):
        self.assertEqual(self.native("YUYV")["backwards"], 0)

    def test_native_mjpeg_without_a_lost_frame(self):
        counter = self.native("MJPG")
        # Its pictures come again after the 8th, from which the number falls back.
        self.assertAlmostEqual(counter["backwards"], counter["read"] / 8, delta=1)

    def test_unplugged_and_back(self):
        server = self.server()
        push = self.push(server.url("rec", "test"), "--video-source", "camera:0", *SMALL, env=self.environment())
        push.wait_code(1002).wait_code(1003)
        time.sleep(1)
        self.fault("0 unplug")
        push.wait_code(-1301)
        time.sleep(2)
        self.fault("0 ok 3")
        push.wait_code(1003, count=2)
        time.sleep(1)
        self.ended(push)
        told = [code for code in push.codes() if code in (1003, 1009, -1301, 1010)]
        self.assertEqual(told, [1003, 1009, -1301, 1010, 1003], str(push))
        self.assertEqual(push.codes().count(1002), 1, "the connection was made again")
        self.lasts(Recording(harness.finished(server.recordings("test")[0])), 1.5)

    def test_switched_zoomed_and_lit(self):
        server = self.server()
        push = self.push(server.url("rec", "test"), "--video-source", "camera", *SMALL, "--control", self.directory / "control",
                         env=self.environment(S="2", _RICH="1"))
        push.wait_code(1002).wait_code(1003)
        control = self.control()
        time.sleep(1)
        refused = control.ask({"method": "toggleTorch"})
        self.assertFalse(refused["ok"])
        self.assertIn("has no light", str(refused))
        answer = control.ask({"method": "switchCamera"})
        self.assertTrue(answer["ok"], answer)
        push.wait_code(1003, count=2)
        for call in ({"method": "toggleTorch"}, {"method": "setZoom", "zoom": 2.5}, {"method": "getMaxZoom"}):
            answer = control.ask(call)
            self.assertTrue(answer["ok"], answer)
        self.assertIn("control 1 LED Mode = 2\n", self.log.read_text())
        self.assertIn("control 1 Zoom, Absolute = 250\n", self.log.read_text())
        time.sleep(1)
        self.ended(push)
        path = harness.finished(server.recordings("test")[0])
        recording = Recording(path)
        self.lasts(recording, 0.5)
        self.assertEqual((recording.video["width"], recording.video["height"]), (640, 360))
        # One camera is reddish, the other bluish.
        shown = "".join("r" if red > blue else "b" for red, _, blue in (pictures.pixel(each, 32, 4) for each in pictures.of_file(path)))
        self.assertRegex(shown, "^r{20,}b{20,}$")

    def test_failures_have_their_codes(self):
        pushes = []
        for fault, code, words in (("deny", 10001, 'group "video"'), ("busy", -1301, "in use by another program"),
                                   ("unplug", -1301, "is not there"), ("stall", -1301, "gives no picture")):
            faults = self.directory / fault
            faults.write_text(f"0 {fault}\n")
            push = self.push(str(self.directory / f"{fault}.flv"), "--video-source", "camera:/dev/video0", *SMALL,
                             env={**self.environment(), "FAKE_CAMERA_CONTROL": str(faults)})
            pushes.append((fault, code, words, push, time.monotonic()))
        for fault, code, words, push, begun in pushes:
            with self.subTest(fault):
                self.assertEqual(push.wait(30), 3, str(push))
                print(f"{fault}: given up after {time.monotonic() - begun:.1f} s")
                self.assertIn(code, push.codes() + [each.get("code") for each in push.events("error")], str(push))
                self.assertIn(words, push.stdout.replace('\\"', '"'))

    def test_a_start_is_tried_again(self):
        server = self.server()
        pushes = []
        for fault in ("busy", "unplug", "mute"):
            faults = self.directory / fault
            faults.write_text(f"0 {fault}\n")
            push = self.push(server.url("rec", fault), "--video-source", "camera:/dev/video0", *SMALL,
                             env={**self.environment(), "FAKE_CAMERA_CONTROL": str(faults)})
            pushes.append((fault, faults, push))
        for fault, faults, push in pushes:
            push.wait_code(-1301)
            self.assertNotIn(1002, push.codes(), "published before there was a picture")
            faults.write_text("0 ok\n")
        for fault, faults, push in pushes:
            push.wait_code(1002, within=20).wait_code(1003)
        time.sleep(1)
        for fault, faults, push in pushes:
            with self.subTest(fault):
                self.ended(push)
                self.lasts(Recording(harness.finished(server.recordings(fault)[0])), 0.5)

    def test_a_camera_is_waited_for_under_black(self):
        server = self.server()
        self.fault("0 unplug")
        push = self.push(server.url("rec", "test"), "--video-source", "camera:0", *SMALL, "--wait-for-devices", env=self.environment())
        push.wait_code(1002).wait_code(-1301)
        self.assertNotIn(1003, push.codes())
        time.sleep(2)
        self.fault("0 ok")
        push.wait_code(1003)
        time.sleep(2)
        self.ended(push)
        path = harness.finished(server.recordings("test")[0])
        self.lasts(Recording(path), 1.5)
        shown = ["b" if max(pictures.pixel(each, 32, 4)) < 8 else "c" for each in pictures.of_file(path)]
        self.assertRegex("".join(shown), "^b{5,}c{20,}$")

    def test_jpegs_of_another_size_than_agreed(self):
        server = self.server()
        self.fault("0 padded")
        push = self.push(server.url("rec", "test"), "--video-source", "camera:0", *SMALL, "--log-level", "info",
                         env=self.environment(_FORMATS="MJPG"))
        push.wait_code(1002).wait_code(1003)
        for fault in ("half", "ok", "padded"):
            time.sleep(1)
            self.fault(f"0 {fault}")
        time.sleep(1)
        self.ended(push)
        self.assertNotIn(1009, push.codes())
        self.assertEqual(push.stderr.count("where its driver says 640x360"), 2, push.stderr)
        path = harness.finished(server.recordings("test")[0])
        self.lasts(Recording(path), 0.5)
        # The counter is where it is in every picture, which is neither shifted nor cut.
        counter = Recording(path).frames()["counter"]
        self.assertLess(counter["unreadable"], counter["read"] / 50, counter)


if __name__ == "__main__":
    harness.main()
