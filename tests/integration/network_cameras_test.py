# SPDX-License-Identifier: MIT
"""Cameras in the network: RTSP as GStreamer's server speaks it, MJPEG over HTTP, and what goes wrong with either."""
import http.server
import signal
import socket
import threading
import time

import certificates
import harness
from harness import processes
from recording import Recording
from rtsp import RtspCamera, need_rtsp_server

import mjpeg_camera  # of tests/servers

SECRET = "s3cr3t-of-the-camera"


class Test(harness.Case):
    def watch(self, source, *options, name="out.flv"):
        """Begins a push of the camera alone into a file."""
        return self.push(self.directory / name, "--video-source", f"camera:{source}", "--audio-source", "none", "--orientation",
                         "horizontal", "--fps", "25", *options)

    def refused(self, source, *words, within=10):
        """The camera can't be opened, for a reason that is told in `words`, and in none that nobody should read."""
        before = time.monotonic()
        push = self.watch(source)
        self.assertEqual(push.wait(within), 3, str(push))
        told = [event["message"] for event in push.events("statechange") if event["code"] == -1301]
        self.assertEqual(len(told), 1, str(push))
        for word in words:
            self.assertIn(word, told[0])
        self.assertNotIn(SECRET, push.stdout + push.stderr)
        print(f"{time.monotonic() - before:.2f} s: {told[0]}")

    def lose_and_find(self, push, lose, find, episode, within):
        """One episode: lost is told once within its time, and found as well."""
        before = time.monotonic()
        lose()
        push.wait_code(1009, 10, episode)
        lost = time.monotonic() - before
        before = time.monotonic()
        find()
        push.wait_code(1010, 20, episode)
        push.wait_code(1003, 5, episode + 1)
        print(f"lost told after {lost:.2f} s, found {time.monotonic() - before:.2f} s after it was back")
        self.assertLess(lost, within, str(push))
        codes = push.codes()
        self.assertEqual([codes.count(code) for code in (1009, -1301, 1010)], [episode] * 3, str(push))

    def ends_well(self, push):
        before = time.monotonic()
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        print(f"ended in {time.monotonic() - before:.2f} s")

    def test_rtsp_is_pushed_and_comes_back(self):
        need_rtsp_server()
        camera = RtspCamera(self)
        push = self.watch(camera.url())
        push.wait_code(1007)
        self.lose_and_find(push, camera.kill, camera.start, 1, 4)
        self.lose_and_find(push, lambda: camera.signal(signal.SIGSTOP), lambda: camera.signal(signal.SIGCONT), 2, 5)
        time.sleep(1)
        camera.signal(signal.SIGSTOP)  # it ends as well while nothing comes
        self.ends_well(push)
        self.assertNotIn(1102, push.codes(), "the push itself never broke")
        recording = Recording(self.directory / "out.flv")
        self.assertEqual(recording.decode_errors(), "")
        times = recording.times(recording.video)
        gap = max(after - before for before, after in zip(times, times[1:]))
        print(f"{len(times)} frames in {times[-1] - times[0]:.1f} s, the longest gap {gap:.2f} s")
        self.assertLess(gap, 1.5, "the last picture stands in for what doesn't come")

    def test_rtsp_in_other_ways(self):
        need_rtsp_server()
        issuer = certificates.authority(self.directory, "authority")
        pem, key = certificates.certificate(self.directory, issuer, "IP:127.0.0.1")
        user = f"viewer:{SECRET}"
        ways = {"udp": (["--udp-only"], "rtsp", "", "h264"), "hevc": (["--codec", "h265"], "rtsp", "", "hevc"),
                "mjpeg": (["--codec", "mjpeg"], "rtsp", "", "mjpeg"), "password": (["--user", user], "rtsp", user, "h264"),
                "tls": (["--certificate", pem, key], "rtsps", "", "h264")}
        pushes = {}
        for name, (options, scheme, given, codec) in ways.items():
            camera = RtspCamera(self, "--fps", "15", "--size", "320x240", *options)
            pushes[name] = self.watch(camera.url(given, scheme), "--duration", "2", name=f"{name}.flv"), codec
        for name, (push, codec) in pushes.items():
            with self.subTest(name):
                self.assertEqual(push.wait(20), 0, str(push))
                opened = next(event["message"] for event in push.events("statechange") if event["code"] == 1003)
                self.assertIn(f"({codec}, 320x240)", opened)
                self.assertNotIn(SECRET, push.stdout + push.stderr)
                frames = len(Recording(self.directory / f"{name}.flv").times(Recording(self.directory / f"{name}.flv").video))
                print(f"{name}: {frames} frames; {opened}")
                self.assertGreater(frames, 10)
                if name == "tls":
                    self.assertIn("can't be verified", push.stderr)

    def test_mjpeg_over_http_comes_back(self):
        for name, fault, within in (("ended", "stop=25", 5), ("stalled", "stall=25", 8)):
            with self.subTest(name):
                camera = mjpeg_camera.MjpegCamera()
                self.addCleanup(camera.stop)
                push = self.watch(camera.url(f"/video?{fault}&key={SECRET}", f"viewer:{SECRET}"), name=f"{name}.flv")
                push.wait_code(1007)
                self.lose_and_find(push, lambda: None, lambda: None, 1, within)
                self.ends_well(push)
                self.assertNotIn(SECRET, push.stdout + push.stderr)

    def test_damaged_pictures_are_passed_over(self):
        camera = mjpeg_camera.MjpegCamera()
        self.addCleanup(camera.stop)
        push = self.watch(camera.url("/video?bad=5"), "--duration", "3")
        self.assertEqual(push.wait(20), 0, str(push))
        self.assertNotIn(1009, push.codes())
        self.assertEqual(Recording(self.directory / "out.flv").decode_errors(), "")

    def test_refusals_over_http(self):
        camera = mjpeg_camera.MjpegCamera()
        self.addCleanup(camera.stop)
        issuer = certificates.authority(self.directory, "authority")
        secure = mjpeg_camera.MjpegCamera(certificate=certificates.certificate(self.directory, issuer, "IP:127.0.0.1"))
        self.addCleanup(secure.stop)
        self.refused(camera.url("/guarded"), "wants a user and a password")
        self.refused(camera.url("/guarded", f"viewer:{SECRET}"), "does not take this user and password")
        self.refused(camera.url(f"/nothing?key={SECRET}"), "no such stream (404)")
        self.refused(camera.url("/picture.jpg"), "single picture")
        self.refused(camera.url("/page"), "page or a text")
        self.refused(secure.url("/video"), "TLS: ", "certificate")
        self.assertEqual(secure.connections, 0)
        with RefusingPort() as port:
            self.refused(f"http://127.0.0.1:{port}/video", "refuses the connection")
        push = self.watch(camera.url("/guarded", mjpeg_camera.USER), "--duration", "1")
        self.assertEqual(push.wait(10), 0, str(push))
        self.assertNotIn("p4ssw0rd", push.stdout + push.stderr)

    def test_refusals_over_rtsp(self):
        with RefusingPort() as port:
            self.refused(f"rtsp://viewer:{SECRET}@127.0.0.1:{port}/live", "refuses the connection")
        web = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        self.addCleanup(web.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(web.shutdown)
        self.refused(f"rtsp://127.0.0.1:{web.server_address[1]}/{SECRET}", "not as a camera")
        self.refused("ftp://127.0.0.1/live", "must begin with rtsp://")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            self.refused(f"rtsp://127.0.0.1:{port}/live", "no answer within 5 s", within=15)
            push = self.watch(f"rtsp://127.0.0.1:{port}/live", name="stopped.flv")
            push.wait_code(1002)
            before = time.monotonic()
            push.interrupt()
            push.wait(10)
            took = time.monotonic() - before
            print(f"stopped while connecting in {took:.2f} s")
            self.assertLess(took, 4)
        need_rtsp_server()
        camera = RtspCamera(self, "--user", f"viewer:{SECRET}")
        self.refused(camera.url(), "wants a user and a password")
        self.refused(camera.url(f"other:{SECRET}"), "does not take this user and password")


class RefusingPort:
    """A port that refuses: bound, but not listened on."""

    def __enter__(self):
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        return self._socket.getsockname()[1]

    def __exit__(self, *_):
        self._socket.close()


if __name__ == "__main__":
    harness.main()
