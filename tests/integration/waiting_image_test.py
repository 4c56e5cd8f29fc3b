# SPDX-License-Identifier: MIT
"""The picture that goes out during a pause: what a viewer sees of it, and what happens when it can't be had."""
import array
import functools
import hashlib
import http.server
import ssl
import subprocess
import sys
import threading
import time

import certificates
import harness
import pictures
import processes
from recording import Recording

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

COLOURS = (0xDC2828, 0x28C828, 0x2828DC, 0xF0F0F0)
SIZE = ["--orientation", "horizontal", "--video-width", "640", "--video-height", "360", "--fps", "25"]
CODE = 10004


def is_image(frame):
    """Fields of the square picture in the middle of the 16:9 frame, and black beside it."""
    fields = [pictures.pixel(frame, x, y) for y in (9, 27) for x in (23, 41)]
    beside = [pictures.pixel(frame, x, 18) for x in (4, 60)]
    return all(map(pictures.near, fields, COLOURS)) and all(pictures.near(each, 0) for each in beside)


def samples(path):
    """The recording's sound: mono, 16 bits, 48 kHz."""
    raw = subprocess.run([*pictures.QUIET, "-i", str(path), "-map", "0:a", "-ac", "1", "-ar", "48000", "-f", "s16le", "-"],
                         capture_output=True, check=True).stdout
    return array.array("h", raw)


class Test(harness.Case):
    def picture(self, name, *options):
        harness.need_commands(ffmpeg="ffmpeg")
        return pictures.four_fields(self.directory / name, (400, 400), COLOURS, *options)

    def serve(self, context=None):
        """This test's directory over HTTP(S)."""
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(self.directory))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"

    def pushed_and_paused(self, pause, *arguments):
        """Pushes, pauses and resumes before a viewer's eyes; gives the recording and what the viewer saw when."""
        server = self.server()
        url = server.url("rec", "test")
        push = self.push(url, "--source", "test", *SIZE, "--control", self.directory / "control", *arguments)
        push.wait_code(1002)
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        viewer = pictures.Viewer(url)
        self.addCleanup(viewer.close)
        processes.wait_for(lambda: len(viewer.frames) > 50, 20, "a viewer's frames")
        connections = server.rtmp_connections()

        paused = time.monotonic()
        self.assertTrue(control.ask({"method": "pause"})["ok"])
        time.sleep(pause)
        resumed = time.monotonic()
        self.assertTrue(control.ask({"method": "resume"})["ok"])
        time.sleep(3)
        self.assertEqual(server.rtmp_connections(), connections, "the connection was made again")
        viewer.close()
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        self.assertEqual(len(server.recordings("test")), 1)
        self.assertEqual(push.codes().count(1008), 2, f"an encoder was started again\n{push}")
        return push, viewer, paused, resumed, Recording(harness.finished(server.recordings("test")[0]))

    def check_time(self, recording):
        self.assertEqual(recording.decode_errors(), "")
        for track in (recording.video, recording.audio):
            times = recording.times(track)
            steps = [after - before for before, after in zip(times, times[1:])]
            self.assertGreater(min(steps), 0, "time stamps go back")
            # A live picture's 1/25 s, a still one's 1/5 s and half of that for the change; a block of sound is 21 ms.
            self.assertLess(max(steps), 0.35 if track is recording.video else 0.03, f"{track['codec_type']} has a gap")

    def check_still_pace(self, times):
        self.assertAlmostEqual((len(times) - 1) / (times[-1] - times[0]), 5, delta=0.25)

    def check_shown(self, pause, *arguments):
        push, viewer, paused, resumed, recording = self.pushed_and_paused(pause, *arguments)
        self.assertEqual([event for event in push.events("error")], [])
        shown = viewer.first(is_image, paused)
        live = viewer.first(lambda frame: not is_image(frame), resumed)
        self.assertIsNotNone(shown, "the viewer never saw the image")
        self.assertIsNotNone(live, "the viewer saw nothing live after resume")
        print(f"seen {shown - paused:.3f} s after pause, live {live - resumed:.3f} s after resume")
        self.assertLess(shown - paused, 1)
        self.assertLess(live - resumed, 1)

        self.check_time(recording)
        times = sorted(recording.times(recording.video, "pts_time"))
        frames = pictures.of_file(recording.path)
        self.assertEqual(len(frames), len(times))
        kinds = [is_image(frame) for frame in frames]
        first, last = kinds.index(True), len(kinds) - 1 - kinds[::-1].index(True)
        self.assertTrue(all(kinds[first:last + 1]), "something else between the image's frames")
        self.assertGreater(first, 25)
        self.assertGreater(len(kinds) - last, 25)
        self.check_still_pace(times[first:last + 1])
        self.assertAlmostEqual(times[last] - times[first], resumed - paused, delta=1)
        keys = [float(each["pts_time"]) for each in recording.packets(recording.video) if "K" in each["flags"]]
        self.assertIn(times[last + 1], keys, "live pictures don't begin with a key frame")
        self.check_silence(recording, times[first] + 0.4, times[last] - 0.4)
        return recording, times[(first + last) // 2]

    def check_silence(self, recording, begin, end):
        sound = samples(recording.path)
        zero = recording.times(recording.audio, "pts_time")[0]
        at = [int((moment - zero) * 48000) for moment in (begin, end)]
        self.assertLess(max(map(abs, sound[at[0]:at[1]])), 50, "a pause is silent")
        for part in (sound[:at[0]], sound[at[1]:]):
            self.assertGreater(max(map(abs, part)), 1000, "there was no sound to fall silent")

    def test_png_from_a_path(self):
        image = self.picture("image.png")
        digest = hashlib.md5(image.read_bytes()).hexdigest().upper()
        self.check_shown(harness.seconds(), "--waiting-image", image, "--waiting-image-md5", digest)

    def test_jpeg_from_a_url(self):
        self.picture("image.jpg", "-q:v", "2", "-pix_fmt", "yuvj444p")
        self.check_shown(5, "--waiting-image", self.serve() + "/image.jpg?token=hidden")

    def test_webp_from_an_https_url(self):
        harness.need_commands(openssl="openssl")
        self.picture("image.webp", "-c:v", "libwebp", "-quality", "95")
        authority = certificates.authority(self.directory, "ca")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificates.certificate(self.directory, authority, "IP:127.0.0.1"))
        self.check_shown(5, "--waiting-image", self.serve(context) + "/image.webp", "--ca-file", authority)

    def check_told(self, push, said):
        """10004, as error and as change of state, with these words and no secret."""
        errors = push.events("error")
        self.assertEqual({event["errCode"] for event in errors}, {CODE}, str(push))
        self.assertIn(said, errors[0]["errMsg"])
        changes = [event["message"] for event in push.events("statechange") if event["code"] == CODE]
        self.assertEqual(changes, [event["errMsg"] for event in errors])
        self.assertNotIn("hidden", push.stdout + push.stderr)

    def check_refused(self, said, *arguments):
        """The image can't be had: that is told when the push begins and again when a pause wants it, and the push goes on."""
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", *SIZE, "--control", self.directory / "control", *arguments)
        push.wait_code(CODE).wait_code(1002)
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        self.assertTrue(control.ask({"method": "pause"})["ok"])
        push.wait_code(CODE, count=2)
        self.assertTrue(control.ask({"method": "resume"})["ok"])
        time.sleep(1)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        self.check_told(push, said)
        recording = Recording(harness.finished(server.recordings("test")[0]))
        self.assertEqual(recording.decode_errors(), "")

    def test_wrong_hash(self):
        image = self.picture("image.png")
        digest = hashlib.md5(image.read_bytes()).hexdigest()
        push, _, _, _, recording = self.pushed_and_paused(4, "--waiting-image", image, "--waiting-image-hash", "0" * 32)
        self.check_told(push, f"MD5 is {digest}, waitingImageHash says {'0' * 32}")
        self.check_time(recording)
        counter = recording.frames()["counter"]
        print(counter)
        self.assertEqual((counter["unreadable"], counter["backwards"]), (0, 0), counter)
        self.assertAlmostEqual(counter["doubled"], 20, delta=3, msg=f"the last picture at 5 fps for 4 s: {counter}")

    def test_missing_file(self):
        self.check_refused("there is no such file", "--waiting-image", self.directory / "none.png")

    def test_missing_url(self):
        self.check_refused("status 404", "--waiting-image", self.serve() + "/hidden.png?token=hidden")

    def test_untrusted_https_url(self):
        harness.need_commands(openssl="openssl")
        self.picture("image.png")
        authority = certificates.authority(self.directory, "ca")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificates.certificate(self.directory, authority, "IP:127.0.0.1"))
        self.check_refused("certificate", "--waiting-image", self.serve(context) + "/image.png?token=hidden")


if __name__ == "__main__":
    harness.main()
