#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`livepusher play` against real servers and real pushes: what it tells, how it ends, what it keeps and what it hides."""
import pathlib
import time

import certificates
import flv
import harness
import media_server
import processes

SIZE = ("--mode", "QVGA")
KEY = "s3cr3tPlayKey"
SIGN = "9f8e7d6c5b4a"
LINGER = 1.5
# What is told, in the order in which it is first told: of a stream from its beginning, and of one from its midst, where
# nginx-rtmp gives sound at once and pictures from the next key frame on.
BEGINNING = ((2001, 2002, 2003, 2032, 2005, 2006), (2002, 2008, 2032), (2003, 2004, 2005))
MIDST = ((2001, 2002, 2003, 2032, 2006), (2002, 2008, 2004, 2005, 2006))


class Test(harness.Case):
    def check_order(self, play, orders=BEGINNING):
        codes = play.codes()
        for order in orders:
            self.assertLessEqual(set(order), set(codes), str(play))
            self.assertEqual(sorted(order, key=codes.index), list(order), f"{codes}\n{play}")
        self.assertEqual([codes.count(code) for code in (2001, 2002, 2032, 2006)], [1, 1, 1, 1], str(play))
        self.assertEqual(codes.count(2008), 2, "a decoder each for picture and sound")
        self.assertEqual([event["method"] for event in play.events("result") if event["ok"]], ["start", "stop"], str(play))
        self.assertEqual(play.events("error"), [])

    def figures(self, play):
        """The last net status while it played."""
        return [event["info"] for event in play.events("netstatus") if event["info"]["videoWidth"] > 0][-1]

    def push_test(self, server):
        return self.push(server.url("live", KEY), "--source", "test", *SIZE, "--duration", 5)

    def check_played(self, push, play, orders):
        """To the end that its publisher gives it."""
        play.wait_code(2004)
        self.assertEqual(push.wait(), 0, str(push))
        self.assertNotIn(2006, play.codes(), "it ended before its publisher was gone for endLinger")
        self.assertEqual(play.wait(), 0, str(play))
        self.check_order(play, orders)
        stopped, = (event["time"] for event in push.events("result") if event["method"] == "stop")
        ended, = (event["time"] for event in play.events("statechange") if event["code"] == 2006)
        self.assertGreater(ended - stopped, LINGER * 1000 - 100)
        figures = self.figures(play)
        self.assertEqual((figures["videoWidth"], figures["videoHeight"]), (180, 320))
        self.assertGreater(figures["bytesReceived"], 20_000)
        progress = [event for event in play.events("statechange") if event["code"] == 2005]
        self.assertGreaterEqual(len(progress), 2)
        print(f"{play.codes()}; target {figures['targetDelay']} ms, stalls {figures['stalls']}")

    def test_rtmp(self):
        server = self.server()
        push = self.push_test(server).wait_code(1002)
        self.check_played(push, self.play(server.url("live", KEY), "--end-linger", LINGER), MIDST)

    def test_rtmps(self):
        ca = certificates.authority(self.directory, "ca")
        server = self.server(certificate=certificates.certificate(self.directory, ca, "IP:127.0.0.1"))
        url = server.url("live", KEY, scheme="rtmps")
        # It waits for the stream, which is not there yet: nginx-rtmp takes that, and is silent.
        play = self.play(url, "--end-linger", LINGER, "--ca-file", ca).wait_code(2002)
        self.check_played(self.push_test(server), play, BEGINNING)
        stranger = self.play(url, "--reconnect", "off")
        self.assertEqual(stranger.wait(), 4, str(stranger))
        self.assertIn(3003, stranger.codes())

    def clip(self, seconds):
        path = self.directory / "pushed.flv"
        self.push_cleanly(path, "--source", "test", *SIZE, "--duration", seconds)
        return path

    def test_http_flv(self):
        path = self.clip(5)
        server = media_server.MediaServer(pace=path.stat().st_size // 5)
        self.addCleanup(server.close)
        play = self.play(server.url("slow", path))
        self.assertEqual(play.wait(), 0, str(play))
        self.check_order(play)
        self.assertNotIn("secret-token", play.stdout + play.stderr)
        refused = self.play(server.url("404", path), "--reconnect", "1x0.2")
        self.assertEqual(refused.wait(), 4, str(refused))
        self.assertIn(3004, refused.codes())
        self.assertNotIn("secret-token", refused.stdout + refused.stderr)

    def test_file(self):
        path = self.clip(4)
        play = self.play(path)
        self.assertEqual(play.wait(), 0, str(play))
        self.check_order(play)
        played = [event["time"] for event in play.events("statechange") if event["code"] in (2004, 2006)]
        self.assertGreater(played[1] - played[0], 3500, "files play at their pace")
        gone = self.play(self.directory / "none.flv", "--reconnect", "off")
        self.assertEqual(gone.wait(), 3, str(gone))
        self.assertIn("there is no such file", gone.stderr)

    def test_no_server(self):
        play = self.play(f"rtmp://127.0.0.1:{processes.free_ports(1)[0]}/live/{KEY}", "--reconnect", "2x0.2")
        self.assertEqual(play.wait(), 4, str(play))
        self.assertEqual(play.codes(), [3002, 2103, 3002, 2103, 3002, -2301])
        start, stop = play.events("result")
        self.assertEqual((start["method"], start["ok"], stop["method"], stop["ok"]), ("start", False, "stop", True))
        self.assertIn("Connection refused", play.stderr)

    def test_a_server_that_dies(self):
        server = self.server()
        self.push(server.url("live", KEY), "--source", "test", *SIZE).wait_code(1002)
        play = self.play(server.url("live", KEY), "--reconnect", "1x0.2").wait_code(2004)
        server.kill()
        self.assertEqual(play.wait(), 4, str(play))
        codes = play.codes()
        self.assertIn(2103, codes)
        self.assertEqual(codes[-1], -2301)

    def test_record(self):
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")
        path, got = self.clip(4), self.directory / "got.flv"
        play = self.play(path, "--record", got)
        self.assertEqual(play.wait(), 0, str(play))
        self.assertIn(2006, play.codes())
        self.assertIn(20008, play.codes())

        def media(file):
            return [(tag.type, tag.body) for tag in flv.read(file)[1] if tag.type in (flv.VIDEO, flv.AUDIO)]
        for kind in (flv.VIDEO, flv.AUDIO):
            self.assertEqual([body for type, body in media(got) if type == kind], [body for type, body in media(path) if type == kind])
        for file in (path, got):
            self.assertEqual(harness.run(["ffmpeg", "-v", "error", "-i", file, "-f", "null", "-"]), "")
        seconds = [float(harness.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file]))
                   for file in (path, got)]
        self.assertAlmostEqual(*seconds, delta=0.1)
        again = self.play(path, "--record", got, "--duration", 1)
        self.assertEqual(again.wait(), 0, str(again))
        self.assertTrue((self.directory / "got-2.flv").exists(), "a name that is taken is kept")

    def test_ends_at_once(self):
        server = self.server()
        self.push(server.url("live", KEY), "--source", "test", *SIZE).wait_code(1002)
        closed = f"rtmp://127.0.0.1:{processes.free_ports(1)[0]}/live/{KEY}"
        cases = {"while it plays": (server.url("live", KEY), 2004), "while it waits for a stream": (server.url("live", "none"), 2002),
                 "while it tries again": (closed, 2103)}
        for when, (url, code) in cases.items():
            with self.subTest(when):
                play = self.play(url).wait_code(code)
                asked = time.monotonic()
                self.assertEqual(play.interrupt().wait(10), 0, str(play))
                self.assertLess(time.monotonic() - asked, 2)
        limited = self.play(server.url("live", KEY), "--duration", 1)
        self.assertEqual(limited.wait(), 0, str(limited))
        began, = (event["time"] for event in limited.events("statechange") if event["code"] == 2004)
        stopped, = (event["time"] for event in limited.events("result") if event["method"] == "stop")
        self.assertGreater(stopped - began, 950)

    def test_key_never_shows(self):
        server = self.server()
        self.push(server.url("live", KEY), "--source", "test", *SIZE).wait_code(1002)
        url = server.url("live", f"{KEY}?txSecret={SIGN}")
        for json_events in (True, False):
            for way in ([url], ["--play-url", url], [f"--src={url}"]):
                play = self.play(*way, "--log-level", "trace", "--duration", 1, json_events=json_events)
                command_line = pathlib.Path(f"/proc/{play.process.pid}/cmdline")
                processes.wait_for(lambda: "***" in command_line.read_text(), 10, "the URL masked")  # as soon as it is read
                for secret in (KEY, SIGN):
                    self.assertNotIn(secret, command_line.read_text())
                self.assertEqual(play.wait(), 0, str(play))
                for secret in (KEY, SIGN):
                    self.assertNotIn(secret, play.stdout + play.stderr)
                self.assertTrue(play.stdout + play.stderr)
        self.assertIn(SIGN, "".join(path.read_text() for path in server.directory.glob("*.log")), "it did not reach the server")


if __name__ == "__main__":
    harness.main()
