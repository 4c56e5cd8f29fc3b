# SPDX-License-Identifier: MIT
"""The window of `livepusher play` on an X server of its own: what it shows, how it is turned, cropped, made small and full."""
import sys

import harness
import processes
from window_case import NO_DESKTOP, TITLE, WindowCase, black, blue, grey, has_text, straight

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

WIDTH, HEIGHT = 640, 360
SCREEN_WIDTH, SCREEN_HEIGHT = 960, 720  # another aspect than the picture's
SCREEN = SCREEN_WIDTH, SCREEN_HEIGHT


def turned(picture):
    """By 270 degrees clockwise: the bars go from grey below to blue above."""
    return grey(picture.at(0.38, 0.95)) and blue(picture.at(0.38, 0.05))


def turned_clockwise(picture):
    return grey(picture.at(0.62, 0.05)) and blue(picture.at(0.62, 0.95))


def between_bars(picture):
    """All of it on a screen of 4:3: black above and below."""
    return black(picture.at(0.5, 0.05)) and black(picture.at(0.5, 0.95)) and grey(picture.at(0.05, 0.41)) and blue(picture.at(0.95, 0.41))


def filling(picture):
    """No black, and the bars at the sides cut off: an eighth of the picture each."""
    return not black(picture.at(0.5, 0.02)) and not grey(picture.at(0.05, 0.38)) and not blue(picture.at(0.95, 0.38))


class Test(WindowCase):
    def playing(self, screen, *arguments):
        """A player of a file that plays for a minute, and its control socket."""
        file = self.directory / "test.flv"
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc", "-i", self.clip(), "-map", "1:v", "-map", "0:a", "-shortest",
                     "-c:v", "copy", "-c:a", "aac", file], timeout=60)
        socket = self.directory / "control"
        env = {**NO_DESKTOP, "DISPLAY": screen.display} if screen else NO_DESKTOP
        play = harness.Push(["play", file, "--json", "--sound", "none", "--control", socket, *arguments], self.directory, env)
        self.addCleanup(processes.end, play.process)
        play.wait_code(2004)
        control = Control(socket)
        self.addCleanup(control.close)
        return play, control

    def clip(self):
        """The test picture for a minute: a second of it again and again."""
        self.push_cleanly(self.directory / "second.flv", "--source", "test", "--orientation", "horizontal", "--video-width", WIDTH,
                          "--video-height", HEIGHT, "--fps", "25", "--duration", "2")
        looped = self.directory / "minute.mkv"
        harness.run(["ffmpeg", "-v", "error", "-stream_loop", "30", "-i", self.directory / "second.flv", "-map", "0:v", "-c", "copy", looped],
                    timeout=60)
        return looped

    def screen(self):
        return self.start_screen(*SCREEN)

    def test_follows_orientation_and_fit_and_writes_the_statistics(self):
        screen = self.screen()
        play, control = self.playing(screen)
        self.wait_picture_in(screen, (WIDTH, HEIGHT), straight, "the test picture in its size")
        self.ask(control, {"set": {"orientation": "horizontal", "objectFit": "fillCrop"}})
        self.wait_picture_in(screen, (WIDTH, HEIGHT), lambda picture: not black(picture.at(0.02, 0.5)) and not straight(picture),
                             "the turned picture over all of the window")
        self.ask(control, {"set": {"orientation": "vertical", "debug": True}})
        self.wait_picture_in(screen, (WIDTH, HEIGHT), has_text, "the statistics")
        self.ask(control, {"method": "pause"})
        self.ask(control, {"set": {"debug": False}})
        self.wait_picture_in(screen, (WIDTH, HEIGHT), lambda picture: straight(picture) and not has_text(picture),
                             "the plain picture, while no other comes")
        self.assertEqual(play.interrupt().wait(), 0, play)
        self.assertIsNone(self.window(screen))

    def test_a_turned_picture_has_a_window_of_its_shape(self):
        screen = self.screen()
        self.playing(screen, "--orientation", "horizontal")
        width, height, *_ = self.wait_window(screen, lambda *_: True, "the window")
        self.assertEqual((width, height), (SCREEN_HEIGHT * 2 // 3 * HEIGHT // WIDTH, SCREEN_HEIGHT * 2 // 3), "two thirds of the screen")
        self.wait_picture_in(screen, (width, height), turned, "the turned picture")

    def test_fills_the_screen_as_the_fit_and_the_direction_say_and_comes_back(self):
        screen = self.screen()
        play, control = self.playing(screen)
        before = self.wait_window(screen, lambda width, height, x, y: (width, height) == (WIDTH, HEIGHT), "the window")
        self.ask(control, {"method": "requestFullScreen"})
        self.assertEqual(self.window(screen), (*SCREEN, 0, 0))
        self.wait_picture_in(screen, SCREEN, between_bars, "all of the picture")
        self.ask(control, {"set": {"objectFit": "fillCrop"}})
        self.wait_picture_in(screen, SCREEN, filling, "the picture over all of the screen")
        self.ask(control, {"set": {"objectFit": "contain"}})
        self.assertFalse(control.ask({"method": "requestFullScreen"})["ok"], "it is so already")
        self.ask(control, {"method": "requestFullScreen", "direction": 90})
        middle = (SCREEN_HEIGHT * HEIGHT // WIDTH, SCREEN_HEIGHT, (SCREEN_WIDTH - SCREEN_HEIGHT * HEIGHT // WIDTH) // 2, 0)
        processes.wait_for(lambda: turned(self.grab(screen, *middle)), 10, "the picture turned counter-clockwise")
        self.ask(control, {"method": "requestFullScreen", "direction": -90})
        processes.wait_for(lambda: turned_clockwise(self.grab(screen, *middle)), 10, "the picture turned clockwise")
        self.ask(control, {"method": "exitFullScreen"})
        self.assertEqual(self.window(screen), before)
        self.wait_picture_in(screen, (WIDTH, HEIGHT), straight, "the picture in its old place")
        self.assertEqual([(event["fullScreen"], event["direction"]) for event in play.events("fullscreenchange")],
                         [(True, 0), (True, 90), (True, -90), (False, -90)])

    def test_goes_from_the_small_window_to_the_full_screen(self):
        screen = self.screen()
        play, control = self.playing(screen)
        self.wait_window(screen, lambda width, height, x, y: (width, height) == (WIDTH, HEIGHT), "the window")
        self.ask(control, {"method": "enterPictureInPicture"})
        width, height, x, y = self.window(screen)
        self.assertLessEqual(width, SCREEN_WIDTH // 4)
        self.assertIn("_NET_WM_STATE_ABOVE", self.x11(screen, "xprop", "-name", TITLE, "_NET_WM_STATE"))
        processes.wait_for(lambda: straight(self.grab(screen, width, height, x, y)), 10, "its picture")
        self.ask(control, {"method": "requestFullScreen"})
        self.wait_picture_in(screen, SCREEN, between_bars, "all of the picture")
        self.assertEqual([event["event"] for event in play.events() if event["event"] in ("enterpictureinpicture", "leavepictureinpicture",
                                                                                          "fullscreenchange")],
                         ["enterpictureinpicture", "leavepictureinpicture", "fullscreenchange"])

    def test_closing_it_ends_the_program(self):
        screen = self.screen()
        play, _ = self.playing(screen)
        self.wait_window(screen, lambda width, height, x, y: (width, height) == (WIDTH, HEIGHT), "the window")
        self.close_window(screen)
        self.assertEqual(play.wait(10), 0, play)
        self.assertEqual(len(play.events("windowclosed")), 1)
        self.assertNotIn(2006, play.codes())

    def test_a_desktop_that_goes_away_leaves_the_player_alone(self):
        screen = self.screen()
        play, control = self.playing(screen)
        self.wait_picture_in(screen, (WIDTH, HEIGHT), straight, "the test picture")
        screen.stop()
        processes.wait_for(lambda: "the desktop is gone" in play.stderr, 10, "the warning")
        self.assertEqual(control.ask({"get": "state"})["state"], "playing")
        self.assertFalse(control.ask({"method": "requestFullScreen"})["ok"])
        self.assertEqual(play.interrupt().wait(), 0, play)


if __name__ == "__main__":
    harness.main()
