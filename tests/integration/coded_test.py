# SPDX-License-Identifier: MIT
"""Pictures that are coded already go out as they are."""
import hashlib
import re
import subprocess

import harness
from recording import Recording
from rtsp import RtspCamera, need_rtsp_server

LEFT_OUT = {"h264": (7, 8, 9, 12), "hevc": (32, 33, 34, 35, 38)}  # parameter sets, delimiters, filler


def nal_units(path, codec):
    """The sums of all NAL units of a file's pictures, in their order, but for those that go elsewhere."""
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-c", "copy", "-f", codec, "-"], stdout=subprocess.PIPE,
                         check=True).stdout
    units = [unit.rstrip(b"\0") for unit in re.split(b"\0\0\1", raw) if unit.strip(b"\0")]
    kind = (lambda unit: unit[0] & 0x1f) if codec == "h264" else (lambda unit: unit[0] >> 1 & 0x3f)
    return [hashlib.md5(unit).hexdigest() for unit in units if kind(unit) not in LEFT_OUT[codec]]


class Test(harness.Case):
    def film(self, name, *coder, seconds=3):
        path = self.directory / name
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s=640x360:r=25:d={seconds}", "-pix_fmt", "yuv420p", *coder,
                     path])
        return path

    def coded(self, source, *options, name="out.flv"):
        return self.push(self.directory / name, "--video-source", f"coded:{source}", "--audio-source", "test", *options)

    def test_a_file_goes_out_as_it_is(self):
        film = self.film("film.mp4", "-c:v", "libx264", "-preset", "veryfast", "-bf", "3", "-g", "25")
        push = self.coded(film, "--duration", "4")
        self.assertEqual(push.wait(20), 0, str(push))
        opened = next(event["message"] for event in push.events("statechange") if event["code"] == 1003)
        self.assertIn("H.264, 640x360, as it is", opened)
        recorded = self.directory / "out.flv"
        before, after = nal_units(film, "h264"), nal_units(recorded, "h264")
        print(f"{len(before)} NAL units before, {len(after)} after")
        self.assertEqual(before, after)
        recording = Recording(recorded)
        self.assertEqual(recording.decode_errors(), "")
        self.assertAlmostEqual(recording.fps(), 25, delta=0.3)
        self.assertIsNotNone(recording.audio)

    def test_a_camera_goes_out_as_it_is_and_comes_back(self):
        need_rtsp_server()
        camera = RtspCamera(self)
        push = self.coded(camera.url())
        push.wait_code(1007)
        camera.kill()
        push.wait_code(1009)
        camera.start()
        push.wait_code(1010, 20)
        harness.time.sleep(1.5)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        self.assertEqual([push.codes().count(code) for code in (1009, -1301, 1010, 1003)], [1, 1, 1, 2], str(push))
        recording = Recording(self.directory / "out.flv")
        self.assertEqual(recording.decode_errors(), "")
        self.assertEqual((recording.video["width"], recording.video["height"]), (640, 360))
        frames = len(recording.times(recording.video))
        print(f"{frames} frames")
        self.assertGreater(frames, 25)

    def test_what_cant_go_out_is_refused(self):
        for name, coder, words in (("film.webm", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"], "is Google VP9: only H.264"),
                                   ("none.mp4", None, "no such file")):
            with self.subTest(name):
                source = self.film(name, *coder, seconds=1) if coder else self.directory / name
                push = self.coded(source, name=f"{name}.flv")
                self.assertEqual(push.wait(10), 3, str(push))
                self.assertIn(words, push.stderr)


if __name__ == "__main__":
    harness.main()
