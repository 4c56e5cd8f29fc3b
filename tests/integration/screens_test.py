# SPDX-License-Identifier: MIT
"""Screens on X servers without a monitor: their rate, their loss and return, what can't be captured, a camera in the corner."""
import shutil
import sys
import time

import harness
import pictures
from recording import Recording

sys.path.insert(0, str(harness.HERE / "devices"))
import stand_ins  # noqa: E402

SIZE = ["--audio-source", "none", "--orientation", "horizontal", "--video-width", "1280", "--video-height", "720", "--fps", "30",
        "--video-preset", "ultrafast"]
CORNERS = {"topLeft": (2, 2), "topRight": (46, 2), "bottomLeft": (2, 25), "bottomRight": (46, 25)}  # of pictures of 64x36


class Test(harness.Case):
    def screen(self, **options):
        harness.need_commands(**stand_ins.Screen.COMMANDS)
        screen = stand_ins.Screen(self.directory / "screen", **options)
        self.addCleanup(screen.stop)
        return screen.start()

    def test_not_a_frame_of_a_moving_screen_is_lost(self):
        screen, flv = self.screen(), self.directory / "out.flv"
        self.push_cleanly(flv, "--video-source", f"screen:{screen.display}", *SIZE, "--duration", "6")
        recording = Recording(flv)
        times = recording.times(recording.video, "pts_time")
        best = max(sum(begin <= time < begin + 2.9995 for time in times) for begin in times[:-90])
        print(f"{best} of 90 frames in 3 s; {len(times)} in {times[-1] - times[0]:.3f} s")
        self.assertEqual(best, 90)
        frames = pictures.of_file(flv)
        moved = sum(before != after for before, after in zip(frames, frames[1:]))
        print(f"{moved} of {len(frames)} frames are another picture than the one before")
        self.assertGreater(moved, len(frames) / 2)
        self.assertEqual(recording.decode_errors(), "")

    def test_a_killed_server_is_taken_up_again_and_the_push_goes_on(self):
        screen, flv = self.screen(), self.directory / "out.flv"
        push = self.push(flv, "--video-source", f"screen:{screen.display}", *SIZE).wait_code(1004).wait_code(1007)
        screen.kill()
        push.wait_code(-1310)
        screen.start()
        push.wait_code(1004, count=2)
        time.sleep(1)  # of the picture that is back
        push.interrupt()
        self.assertEqual(push.wait(), 0, str(push))
        self.assertEqual(push.codes().count(-1310), 1, str(push))
        recording = Recording(flv)
        self.assertEqual(recording.decode_errors(), "")
        times = recording.times(recording.video, "pts_time")
        longest = max(after - before for before, after in zip(times, times[1:]))
        print(f"the longest step between two frames is {longest:.3f} s")
        self.assertGreater(len(times), 30)

    def refused(self, code, saying, source="screen", env=None):
        push = self.run_push(self.directory / "out.flv", "--video-source", source, *SIZE, "--duration", "1",
                             env={"DISPLAY": "", "WAYLAND_DISPLAY": "", "XAUTHORITY": str(self.directory / "none"), **(env or {})})
        self.assertEqual(push.process.returncode, 3, str(push))
        self.assertIn(code, push.codes(), str(push))
        self.assertIn(saying, push.stdout + push.stderr)

    def test_what_cant_be_captured_says_why_and_what_to_do(self):
        self.refused(-1309, "set DISPLAY or name one")
        self.refused(-1309, "log in to an X11 session", env={"WAYLAND_DISPLAY": "wayland-0"})
        broken = self.directory / "libraries"  # one that can't be loaded, as on a server without X
        broken.mkdir()
        (broken / "libxcb-damage.so.0").touch()
        self.refused(-1309, "apt-get install libxcb1", source="screen::0", env={"LD_LIBRARY_PATH": str(broken)})
        self.refused(-1308, "no X server runs there", source="screen::93")
        screen = self.screen(empty=True, cookie="0123456789abcdef")
        self.refused(-1308, "refused access", source=f"screen:{screen.display}")
        shutil.copy(screen.directory / "authority", self.directory / "mine")
        allowed = {"XAUTHORITY": str(self.directory / "mine")}
        self.refused(-1308, "is not there", source=f"screen:{screen.display},window=clock", env=allowed)
        self.refused(-1308, "lies outside", source=f"screen:{screen.display}+1000,0,640x360", env=allowed)

    def test_a_camera_is_in_each_corner_of_a_screen(self):
        screen = self.screen(empty=True)
        env = {"LD_PRELOAD": harness.preload("LIVEPUSHER_FAKE_CAMERA")}
        for corner, (left, top) in CORNERS.items():
            flv = self.directory / f"{corner}.flv"
            push = self.push_cleanly(flv, "--video-source", f"screen:{screen.display}+camera:/dev/video0", *SIZE,
                                     "--inset-position", corner, "--inset-width", "0.25", "--duration", "2", env=env)
            self.assertLessEqual({1003, 1004}, set(push.codes()), str(push))
            frame = pictures.of_file(flv)[-1]
            # A quarter of the width, within the margin; the screen around it is black, the camera's picture nowhere.
            inside = [pictures.pixel(frame, left + x, top + y) for x in (1, 7, 14) for y in (1, 4, 7)]
            self.assertGreater(min(map(max, inside)), 40, f"{corner}: {inside}")
            for other in CORNERS:
                if other != corner:
                    x, y = CORNERS[other]
                    self.assertTrue(pictures.near(pictures.pixel(frame, x + 7, y + 4), 0), f"{corner}: there is something in {other}")
            self.assertTrue(pictures.near(pictures.pixel(frame, 32, 18), 0), corner)


if __name__ == "__main__":
    harness.main()
