# SPDX-License-Identifier: MIT
"""Cameras of the kernel's driver vivid and a sound card of snd-aloop, in a virtual machine that boots once for all tests.

For a closer look: LIVEPUSHER_VM_KEEP=DIR leaves there what the guest brought back, LIVEPUSHER_VM_SCENES="switching …" plays
only those scenes.
"""
import functools
import itertools
import json
import os
import pathlib
import sys
import tempfile
import unittest

import machine
import watching

sys.path.insert(0, str(machine.HERE.parent / "integration"))
import harness  # noqa: E402
import listening  # noqa: E402
from recording import Recording  # noqa: E402

SCENES = os.environ.get("LIVEPUSHER_VM_SCENES") or ("devices camera_and_sound switching camera_in_trouble camera_unplugged "
                                                    "sound_card_unplugged")
LIMIT = 500  # s; what it takes is in docs/testing-devices.md
HZ, DECIBELS = 880, -6
STILL = 1.3  # s; a camera's last picture is repeated when it has stood for 1 s
CLOCK = "320:48:0:0"  # where vivid writes a running clock into its pictures


@functools.cache
def boot():
    """(folder of what the scenes brought back, why there is none, why it broke off): once for all tests."""
    kernel = harness.cache() / "vm"
    reason = machine.missing(kernel)
    if reason:
        return None, reason, None
    if os.environ.get("LIVEPUSHER_VM_KEEP"):
        out = pathlib.Path(os.environ["LIVEPUSHER_VM_KEEP"])
        out.mkdir(parents=True)
    else:
        holder = tempfile.TemporaryDirectory(prefix="livepusher-vm-out-")
        unittest.addModuleCleanup(holder.cleanup)
        out = pathlib.Path(holder.name)
    listening.write_tone(out / "tone.wav", HZ, 20, DECIBELS)
    environment = {"LIVEPUSHER_BIN": os.path.realpath(harness.tool("LIVEPUSHER_BIN")), "LANG": "C.UTF-8",
                   "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    # The interpreter itself: a wrapper of it (pyenv's, for one) would cost seconds under emulation.
    command = [os.path.realpath(sys.executable), "-B", machine.HERE / "guest.py", *SCENES.split()]
    try:
        code = machine.Machine(kernel, out).run(command, environment, LIMIT, lambda line: print(line, flush=True))
    except (machine.Died, TimeoutError) as error:
        return out, None, str(error)
    return out, None, None if code == 0 else f"the guest's script ended with {code}"


def longest(times):
    """The longest time from one packet to the next."""
    return max(after - before for before, after in itertools.pairwise(times))


class Test(unittest.TestCase):
    maxDiff = None

    def scene(self, name):
        """Its recording; self.facts are what the guest saw. Of a scene that was played to its end."""
        if name not in SCENES.split():
            self.skipTest(f"LIVEPUSHER_VM_SCENES leaves {name} out")
        harness.need_commands(aplay="alsa-utils", ffmpeg="ffmpeg")
        out, reason, broken = boot()
        if reason:
            self.skipTest(reason)
        folder = out / name
        if not (folder / "facts.json").exists():
            self.fail(broken or "the scene was not played")
        self.facts = json.loads((folder / "facts.json").read_text())
        if "failure" in self.facts:
            self.fail(self.facts["failure"])
        if not (folder / "recording.flv").exists():
            return None
        self.assertEqual(self.facts["exit code"], 0, self.facts["stderr"])
        recording = Recording(folder / "recording.flv")
        self.assertEqual((recording.video["width"], recording.video["height"]), (640, 360))
        self.assertEqual(recording.decode_errors(), "")
        return recording

    def codes(self, *wanted):
        """The events' codes in order, of those that matter here."""
        return [event["code"] for event in self.facts["events"] if event["event"] == "statechange" and event["code"] in wanted]

    def moment(self, code, number=0):
        """When it was told, in s of the guest's clock."""
        return [event["time"] / 1000 for event in self.facts["events"] if event.get("code") == code][number]

    def in_recording(self, recording, moment):
        """A moment of the guest's clock on the recording's, by the first frame, which is in both."""
        return recording.times(recording.video, "pts_time")[0] + moment - self.moment(1007)

    def denied(self, kind, code, group):
        done = self.facts[f"denied {kind}"]
        self.assertEqual(done["exit code"], 3, done)
        errors = [event for event in map(json.loads, done["stdout"].splitlines()) if event["event"] == "error"]
        self.assertEqual([event["errCode"] for event in errors], [code])
        self.assertIn(f'put the user into the group "{group}"', errors[0]["errMsg"])

    def test_the_devices_are_listed_and_denied_to_who_has_no_right(self):
        self.scene("devices")
        listed = self.facts["listed"]
        self.assertEqual(listed["exit code"], 0, listed)
        devices = json.loads(listed["stdout"])
        cameras = devices["cameras"]
        self.assertEqual([camera["path"] for camera in cameras], ["/dev/video0", "/dev/video1"])
        self.assertEqual(len({camera["id"] for camera in cameras}), 2)
        for camera in cameras:
            sizes = {(mode["width"], mode["height"]) for mode in camera["modes"]}
            self.assertLessEqual({(320, 180), (640, 360), (1280, 720)}, sizes)
            self.assertIn("Brightness", [control["name"] for control in camera["controls"]])
            self.assertEqual((camera["autoFocus"], camera["focus"], camera["torch"]), (False, False, False))
        self.assertTrue([each for each in devices["microphones"] if "Loopback" in each["id"] + each["name"]], devices)
        nobodys = json.loads(self.facts["listed to nobody"]["stdout"])
        problems = [each["problem"] for kind in ("cameras", "microphones") for each in nobodys[kind]]
        self.assertEqual([("access denied" in problem) for problem in problems], [True] * 3, nobodys)
        self.denied("video", 10001, "video")
        self.denied("audio", 10002, "audio")

    def test_a_camera_at_360p15_and_a_sound_card_arrive_whole(self):
        recording = self.scene("camera_and_sound")
        times = recording.times(recording.video, "pts_time")
        print(f"{len(times)} frames, {recording.fps():.2f} a second, at most {longest(times) * 1000:.0f} ms apart")
        self.assertGreaterEqual(len(times), 85)
        self.assertAlmostEqual(recording.fps(), 15, delta=0.3)
        self.assertLess(longest(times), 0.15)
        self.assertEqual(watching.turns(watching.colours(recording.path)), ["green"])

        sound = listening.samples(recording.path)
        part = sound[2 * listening.RATE:4 * listening.RATE]
        hertz = sum(before < 0 <= after for before, after in itertools.pairwise(part)) / 2
        level = listening.tone(sound, HZ, 2, 1)
        print(f"the tone of {HZ} Hz is there with {hertz:.1f} Hz and {level:.1f} dB of {DECIBELS}")
        self.assertAlmostEqual(hertz, HZ, delta=2)
        self.assertAlmostEqual(level, DECIBELS, delta=1.5)
        self.assertAlmostEqual(recording.length(recording.audio), times[-1] - times[0], delta=0.5)

    def test_switching_cameras_breaks_neither_stream_nor_size(self):
        recording = self.scene("switching")
        self.assertEqual((self.facts["torch"]["ok"], self.facts["torch"]["errCode"]), (False, 20003), self.facts["torch"])
        self.assertTrue(self.facts["most zoom"]["ok"], self.facts["most zoom"])
        self.assertEqual(self.facts["most zoom"]["maxZoom"], 4)
        self.assertTrue(self.facts["zoom"]["ok"], self.facts["zoom"])
        self.assertFalse(self.facts["too much zoom"]["ok"], self.facts["too much zoom"])
        for turn in ("there", "back"):
            self.assertTrue(self.facts[f"switch {turn}"]["ok"], self.facts[f"switch {turn}"])
        self.assertEqual(self.codes(1003, 1009, -1301, 1010, 1005), [1003, 1003, 1003])
        seen = watching.colours(recording.path)
        self.assertEqual(watching.turns(seen), ["green", "red", "green"])
        times = recording.times(recording.video, "pts_time")
        turning = [times[at] - times[at - 1] for at in range(1, len(times)) if seen[at] != seen[at - 1]]
        print(f"from one camera's last picture to the other's first: {', '.join(f'{gap * 1000:.0f} ms' for gap in turning)}")
        self.assertLess(longest(times), 0.5)
        self.assertEqual(watching.still(recording.path, CLOCK, 0.5), [])

    def test_a_camera_in_trouble_is_opened_again(self):
        recording = self.scene("camera_in_trouble")
        lost = [1009, -1301, 1010, 1003]
        self.assertEqual(self.codes(1003, 1009, -1301, 1010), [1003, *lost, *lost])
        broken, silent = self.moment(1003, 1) - self.facts["broken"], self.moment(1009, 1) - self.facts["silent"]
        back = self.moment(1003, 2) - self.facts["gives again"]
        print(f"1003 {broken:.2f} s after the stream broke; 1009 {silent:.2f} s after it fell silent, 1003 {back:.2f} s after "
              "it gave again")
        self.assertLess(broken, 2)
        self.assertAlmostEqual(silent, 2, delta=0.5)
        self.assertLess(back, 3)
        self.assertEqual(watching.turns(watching.colours(recording.path)), ["green"])
        self.assertLess(longest(recording.times(recording.video, "pts_time")), STILL)

    def test_a_camera_that_is_pulled_out_leaves_its_last_picture_and_comes_back(self):
        recording = self.scene("camera_unplugged")
        self.assertEqual(self.codes(1003, 1009, -1301, 1010), [1003, 1009, -1301, 1010, 1003])
        gone, back = self.moment(1009) - self.facts["pulled"], self.moment(1003, 1) - self.facts["put back"]
        times = recording.times(recording.video, "pts_time")
        print(f"1009 {gone:.2f} s after the pull, 1003 {back:.2f} s after the return; at most {longest(times) * 1000:.0f} ms "
              "without a picture")
        self.assertLess(gone, 3)
        self.assertLess(back, 5)
        # Its green is the last picture; after the return it shows what it shows when it is new.
        seen = watching.colours(recording.path)
        self.assertEqual(watching.turns(seen), ["green", "other"])
        turned = times[seen.index("other")]
        self.assertAlmostEqual(turned, self.in_recording(recording, self.moment(1003, 1)), delta=0.5)
        self.assertLess(longest(times), STILL)
        self.assertLess(longest(recording.times(recording.audio)), 0.1)
        before, after = ({name: path for path, name in self.facts[f"nodes {when}"].items()} for when in ("before", "after"))
        self.assertNotEqual(before["vivid-000-vid-cap"], after["vivid-000-vid-cap"])
        opened = [event["message"] for event in self.facts["events"] if event.get("code") == 1003]
        self.assertIn(before["vivid-000-vid-cap"], opened[0])
        self.assertIn(after["vivid-000-vid-cap"], opened[1], f"another camera was opened: {before}, {after}")

    def test_a_sound_card_that_is_pulled_out_leaves_silence_and_is_heard_again(self):
        recording = self.scene("sound_card_unplugged")
        self.assertEqual(self.codes(-1311, -1302), [-1311, -1302])
        self.assertLess(longest(recording.times(recording.audio)), 0.1, "the track broke off")
        sound = listening.samples(recording.path)
        begin = recording.times(recording.audio)[0]

        def level(moment):
            return listening.tone(sound, HZ, self.in_recording(recording, moment) - begin, 0.5)

        heard = {"tone": level(self.facts["quiet"] - 1), "nobody plays": level(self.facts["quiet"] + 1),
                 "tone again": level(self.facts["pulled"] - 0.6), "pulled out": level(self.moment(-1302) + 0.3),
                 "back": level(self.facts["heard again"] + 0.5)}
        print(", ".join(f"{name}: {decibels:.0f} dB" for name, decibels in heard.items()))
        print(f"heard {self.facts['heard again'] - self.facts['put back']:.1f} s after the card's return")
        for name in ("tone", "tone again", "back"):
            self.assertAlmostEqual(heard[name], DECIBELS, delta=1.5, msg=name)
        for name in ("nobody plays", "pulled out"):
            self.assertLess(heard[name], -60, name)


if __name__ == "__main__":
    harness.main()
