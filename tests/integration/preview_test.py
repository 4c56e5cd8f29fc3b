# SPDX-License-Identifier: MIT
"""The preview's window on an X server of its own: what it shows, how it floats, and a push that needs none of it."""
import subprocess
import sys
import time

import harness
import processes
from window_case import NO_DESKTOP, TITLE, Picture, WindowCase, blue, grey, has_text, straight

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

WIDTH, HEIGHT = 640, 360
SIZE = ["--orientation", "horizontal", "--video-width", WIDTH, "--video-height", HEIGHT, "--fps", "25"]
SCREEN_WIDTH, SCREEN_HEIGHT = 1280, 720


def mirrored(picture):
    return blue(picture.at(0.05, 0.38)) and grey(picture.at(0.95, 0.38))


class Test(WindowCase):
    def screen(self):
        return self.start_screen(SCREEN_WIDTH, SCREEN_HEIGHT)

    def previewed(self, screen, *arguments):
        """A push into a file with a window, and its control socket."""
        socket = self.directory / "control"
        env = {**NO_DESKTOP, "DISPLAY": screen.display} if screen else NO_DESKTOP
        push = self.push(self.directory / "out.flv", "--source", "test", "--preview", *SIZE, "--control", socket, *arguments, env=env)
        push.wait_code(1007)
        control = Control(socket)
        self.addCleanup(control.close)
        return push, control

    def wait_picture(self, screen, is_right, what):
        return self.wait_picture_in(screen, (WIDTH, HEIGHT), is_right, what)

    def recorded(self, at):
        """A frame of the file that was pushed into, `at` seconds from its beginning."""
        raw = subprocess.run(["ffmpeg", "-v", "error", "-ss", str(at), "-i", self.directory / "out.flv", "-frames:v", "1", "-f",
                              "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True, timeout=20).stdout
        return Picture(WIDTH, HEIGHT, raw)

    def test_shows_what_is_pushed_and_mirrors_it_as_told(self):
        screen = self.screen()
        push, control = self.previewed(screen)
        first = self.wait_picture(screen, straight, "the test picture")
        self.wait_picture(screen, lambda picture: picture.rgb != first.rgb, "a picture that moves")
        for change, right in (({"localMirror": "enable"}, mirrored), ({"remoteMirror": True}, mirrored),
                              ({"localMirror": "disable"}, straight), ({"localMirror": "enable"}, mirrored),
                              ({"remoteMirror": False, "localMirror": "auto"}, straight)):
            self.ask(control, {"set": change})
            self.wait_picture(screen, right, f"the view after {change}")
        self.assertEqual(push.interrupt().wait(), 0, push)
        self.assertIsNone(self.window(screen))

    def test_debug_writes_over_the_view_alone(self):
        screen = self.screen()
        push, control = self.previewed(screen)
        self.assertFalse(has_text(self.wait_picture(screen, straight, "the test picture")))
        self.ask(control, {"set": {"debug": True}})
        self.wait_picture(screen, has_text, "the statistics")
        began = time.monotonic()
        processes.wait_for(lambda: time.monotonic() - began > 1, 5, "a second of it")
        self.ask(control, {"set": {"debug": False}})
        self.wait_picture(screen, lambda picture: not has_text(picture), "the plain view")
        self.assertEqual(push.interrupt().wait(), 0, push)
        for tenth in range(0, 20):
            self.assertFalse(has_text(self.recorded(tenth / 10)), f"after {tenth / 10} s")

    def test_picture_in_picture_is_small_above_all_and_goes_back(self):
        screen = self.screen()
        push, control = self.previewed(screen, "--picture-in-picture-mode", "push")
        before = self.wait_window(screen, lambda width, height, x, y: (width, height) == (WIDTH, HEIGHT), "the window")
        self.ask(control, {"method": "hostNavigated", "event": "pop"})
        self.assertEqual(self.window(screen), before)
        self.ask(control, {"method": "hostNavigated", "event": "push"})
        width, height, x, y = self.window(screen)
        self.assertLessEqual(width, SCREEN_WIDTH // 4)
        self.assertLessEqual(height, SCREEN_HEIGHT // 3)
        self.assertAlmostEqual(width / height, WIDTH / HEIGHT, delta=0.02)
        self.assertGreater(x, SCREEN_WIDTH // 2)
        self.assertGreater(y, SCREEN_HEIGHT // 2)
        self.assertIn("_NET_WM_STATE_ABOVE", self.x11(screen, "xprop", "-name", TITLE, "_NET_WM_STATE"))
        processes.wait_for(lambda: straight(self.grab(screen, width, height, x, y)), 10, "its picture")
        self.assertFalse(control.ask({"method": "enterPictureInPicture"})["ok"])
        self.ask(control, {"method": "exitPictureInPicture"})
        self.assertEqual(self.window(screen), before)
        self.wait_picture(screen, straight, "the picture in its old place")
        self.assertEqual([event["event"] for event in push.events() if "pictureinpicture" in event["event"]],
                         ["enterpictureinpicture", "leavepictureinpicture"])

    def test_stop_preview_closes_the_window_and_start_preview_opens_it(self):
        screen = self.screen()
        push, control = self.previewed(screen)
        self.wait_picture(screen, straight, "the test picture")
        self.ask(control, {"method": "stopPreview"})
        processes.wait_for(lambda: self.window(screen) is None, 10, "the window's end")
        self.assertEqual(control.ask({"get": "state"})["state"], "pushing")
        self.ask(control, {"method": "startPreview"})
        self.wait_picture(screen, straight, "the picture again")
        self.assertEqual(push.interrupt().wait(), 0, push)

    def test_without_a_desktop_the_push_goes_on(self):
        push, _ = self.previewed(None, "--duration", "2")
        self.assertEqual(push.wait(), 0, push)
        self.assertIn("preview window: there is no desktop", push.stderr)

    def test_a_desktop_that_goes_away_leaves_the_push_alone(self):
        screen = self.screen()
        push, control = self.previewed(screen)
        self.wait_picture(screen, straight, "the test picture")
        screen.stop()
        processes.wait_for(lambda: "the desktop is gone" in push.stderr, 10, "the warning")
        self.assertEqual(control.ask({"get": "state"})["state"], "pushing")
        self.assertFalse(control.ask({"method": "enterPictureInPicture"})["ok"])
        self.assertEqual(push.interrupt().wait(), 0, push)


if __name__ == "__main__":
    harness.main()
