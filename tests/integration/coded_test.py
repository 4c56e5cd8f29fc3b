# SPDX-License-Identifier: MIT
"""Pictures that are coded already go out as they are."""
import hashlib
import re
import subprocess

import flv
import harness
from recording import Recording
from rtsp import RtspCamera, need_rtsp_server

NAMES = {"h264": "H.264", "hevc": "HEVC"}
LEFT_OUT = {"h264": (7, 8, 9, 12), "hevc": (32, 33, 34, 35, 38)}  # parameter sets, delimiters, filler


def raw(path, codec):
    """A film's NAL units behind start codes."""
    return subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-map", "0:v", "-c", "copy", "-f", codec, "-"], stdout=subprocess.PIPE,
                          check=True).stdout


def nal_units(data, codec):
    """The sums of all NAL units of the pictures, in their order, but for those that go elsewhere."""
    units = [unit.rstrip(b"\0") for unit in re.split(b"\0\0\1", data) if unit.strip(b"\0")]
    kind = (lambda unit: unit[0] & 0x1f) if codec == "h264" else (lambda unit: unit[0] >> 1 & 0x3f)
    return [hashlib.md5(unit).hexdigest() for unit in units if kind(unit) not in LEFT_OUT[codec]]


class Test(harness.Case):
    def film(self, name, *coder, seconds=2):
        path = self.directory / name
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s=640x360:r=25:d={seconds}", "-pix_fmt", "yuv420p", *coder,
                     path])
        return path

    def coded(self, source, *options, name="out.flv"):
        return self.push(self.directory / name, "--video-source", f"coded:{source}", "--audio-source", "test", *options)

    def test_files_go_out_as_they_are(self):
        films = {codec: self.film(name, "-c:v", coder, "-preset", "veryfast", "-bf", "3", "-g", "25")
                 for codec, name, coder in (("h264", "film.mp4", "libx264"), ("hevc", "film.hevc", "libx265"))}
        pushes = {codec: self.coded(film, "--video-codec", codec, "--duration", "3", name=f"{codec}.flv") for codec, film in films.items()}
        for codec, push in pushes.items():
            with self.subTest(codec):
                self.assertEqual(push.wait(20), 0, str(push))
                opened = next(event["message"] for event in push.events("statechange") if event["code"] == 1003)
                self.assertIn(f"{NAMES[codec]}, 640x360, as it is", opened)
                recorded = self.directory / f"{codec}.flv"
                tags = flv.read(recorded)[1]
                data = raw(recorded, codec) if codec == "h264" else flv.hevc_stream(*flv.enhanced_video(tags))
                before, after = nal_units(raw(films[codec], codec), codec), nal_units(data, codec)
                print(f"{codec}: {len(before)} NAL units before, {len(after)} after")
                self.assertEqual(before, after)
                if codec == "h264":
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
