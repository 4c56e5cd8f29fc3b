# SPDX-License-Identifier: MIT
"""`livepusher devices`: for people and as JSON, on a machine with devices that stand in for real ones, and on one with none."""
import json
import os
import sys

from program_case import DONE, SOURCE, harness, livepusher

sys.path.insert(0, str(harness.HERE / "devices"))
import stand_ins  # noqa: E402

NOTHING = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "PULSE_SERVER": "unix:/no/such/socket"}


class Devices(harness.Case):
    def stand_in(self, kind, *arguments):
        harness.need_commands(**kind.COMMANDS)
        device = kind(self.directory / kind.__name__, *arguments)
        self.addCleanup(device.stop)
        return device.start()

    def test_lists_what_is_there_with_the_words_that_push_takes(self):
        sound, screen = self.stand_in(stand_ins.SoundServer), self.stand_in(stand_ins.Screen, 640, 480)
        environment = {**os.environ, **sound.env, "DISPLAY": screen.display, "LD_PRELOAD": harness.preload("LIVEPUSHER_FAKE_CAMERA")}
        done = livepusher("devices", "--json", env=environment)
        self.assertEqual((done.returncode, done.stderr), (DONE, ""))
        self.assertEqual(done.stdout.count("\n"), 1)
        found = json.loads(done.stdout)
        self.assertEqual(set(found), {"cameras", "microphones", "screens", "notes"})
        camera = found["cameras"][0]
        self.assertEqual(camera["problem"], "")
        self.assertIn({"width": 1280, "height": 720}, [{"width": m["width"], "height": m["height"]} for m in camera["modes"]])
        self.assertTrue(all(c["minimum"] <= c["value"] <= c["maximum"] for c in camera["controls"]), camera["controls"])
        microphone = found["microphones"][0]
        self.assertEqual((microphone["id"], microphone["server"], microphone["isDefault"]), ("microphone", "pulse", True))
        self.assertTrue(any(m["system"] for m in found["microphones"]))
        whole = next(s for s in found["screens"] if s["isDefault"])
        self.assertEqual((whole["width"], whole["height"], whole["window"]), (640, 480, False))

        shown = livepusher("devices", env=environment)
        self.assertEqual((shown.returncode, shown.stderr), (DONE, ""))
        for word in (f"  camera:{camera['id']}  ", "  mic:microphone  ", f"  screen:{whole['id']}  ", "1280x720@30"):
            self.assertIn(word, shown.stdout)
        for kind, device in (("video", f"camera:{camera['id']}"), ("audio", "mic:microphone"), ("video", f"screen:{whole['id']}")):
            other = "--audio-source" if kind == "video" else "--video-source"
            pushed = livepusher("push", self.directory / "out.flv", f"--{kind}-source", device, other, "none", "--duration", "1",
                                env=environment)
            self.assertEqual(pushed.returncode, DONE, f"{device}: {pushed.stderr}")

    def test_says_why_there_is_nothing(self):
        if os.path.exists("/dev/video0") or os.path.exists("/dev/snd"):
            self.skipTest("this machine has devices of its own")
        done = livepusher("devices", env={**os.environ, **NOTHING})
        self.assertEqual((done.returncode, done.stderr), (SOURCE, ""))
        for text in ("Cameras: none", "no sound server answers", "there is no X display: set DISPLAY"):
            self.assertIn(text, done.stdout)


if __name__ == "__main__":
    harness.main()
