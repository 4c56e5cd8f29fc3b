# SPDX-License-Identifier: MIT
"""Pushes over SRT: what a receiver wrote down is what was pushed, whoever called whom; refusals, coming back, and no secret shown."""
import socket
import subprocess
import time

import harness  # first: it knows where the servers are
import processes
import srt_server
from recording import Recording, check

KEY = "#!::r=live/s3cr3tStreamId,m=publish"
SECRET = "s3cr3tStreamId"
PASSPHRASE = "hunter2hunter2"
NETWORK = 4


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffprobe="ffmpeg", ffmpeg="ffmpeg")
        if gone := srt_server.missing():
            self.skipTest("needs " + ", ".join(gone))
        protocols = harness.run(["ffmpeg", "-v", "error", "-protocols"])
        if "srt" not in protocols.split():
            self.skipTest("needs an ffmpeg with libsrt")

    def receiver(self, **options):
        receiver = srt_server.SrtServer(self.directory / "received", **options)
        self.addCleanup(receiver.stop)
        return receiver.start()

    def ffmpeg(self, url, path, *options):
        """ffmpeg writes down what it gets from an srt url."""
        with open(f"{path}.log", "w", encoding="utf-8") as log:
            return self.spawn(["ffmpeg", "-nostdin", "-v", "warning", "-i", url, *options, "-c", "copy", "-y", path],
                              stdout=subprocess.DEVNULL, stderr=log)

    def said(self, push, code):
        return [event["message"] for event in push.events("statechange") if event["code"] == code]

    def test_ffmpeg_records_what_is_pushed(self):
        """ffmpeg listens; encrypted, with a stream id as people write it."""
        port = srt_server.free_udp_port()
        path = self.directory / "recorded.ts"
        query = f"passphrase={PASSPHRASE}&pbkeylen=32"
        child = self.ffmpeg(f"srt://127.0.0.1:{port}?mode=listener&{query}", path)
        srt_server.wait_for_listener(port)
        push = self.push_cleanly(f"srt://127.0.0.1:{port}?streamid={KEY}&{query}&latency=200", "--source", "test", "--duration", 6)
        child.wait(10)
        recording = check(self, path, 360, 640, 15, 6)
        self.assertLess(push.codes().index(1001), push.codes().index(1002))
        counter = recording.frames()["counter"]
        self.assertEqual(counter["last"] - counter["first"] + 1, len(recording.packets(recording.video)), "frames are missing")
        info = push.events("netstatus")[-1]["info"]
        self.assertEqual(info["serverIp"], "127.0.0.1")

    def test_srt_live_transmit_forwards_what_is_pushed(self):
        harness.need_commands(**{"srt-live-transmit": "srt-tools"})
        port = srt_server.free_udp_port()
        path = self.directory / "forwarded.ts"
        with open(path, "wb") as out:
            child = self.spawn(["srt-live-transmit", "-q", "-a", "no", f"srt://127.0.0.1:{port}?mode=listener&passphrase={PASSPHRASE}",
                                "file://con"], stdout=out, stderr=subprocess.DEVNULL)
            srt_server.wait_for_listener(port)
            push = self.push_cleanly(f"srt://127.0.0.1:{port}?passphrase={PASSPHRASE}", "--source", "test", "--duration", 5)
            child.wait(10)
        recording = check(self, path, 360, 640, 15, 5)
        sent = push.events("netstatus")[-1]["info"]["bytesSent"]
        self.assertGreater(path.stat().st_size, sent * 0.5)
        self.assertEqual(recording.video["codec_name"], "h264")

    def test_hevc_and_opus(self):
        receiver = self.receiver()
        self.push_cleanly(receiver.url(), "--source", "test", "--duration", 4, "--video-codec", "hevc", "--audio-codec", "opus",
                          within=60)
        recording = Recording(receiver.streams()[0])
        self.assertEqual(recording.video["codec_name"], "hevc")
        self.assertEqual(recording.audio["codec_name"], "opus")
        self.assertEqual(recording.decode_errors(), "")
        av1 = self.run_push(receiver.url(), "--source", "test", "--video-codec", "av1")
        self.assertEqual(av1.process.returncode, 2, str(av1))
        self.assertIn("videoCodec av1: an srt url takes MPEG-TS, which holds h264 and hevc", av1.stdout + av1.stderr)

    def test_ipv6(self):
        if not processes.accepts_ipv6():
            self.skipTest("this machine has no IPv6 loopback")
        receiver = self.receiver(host="::1")
        push = self.push_cleanly(receiver.url(), "--source", "test", "--duration", 3)
        self.assertEqual(push.events("netstatus")[-1]["info"]["serverIp"], "::1")
        self.assertEqual(Recording(receiver.streams()[0]).decode_errors(), "")

    def test_receivers_call_one_after_the_other(self):
        """livepusher listens: a receiver leaves, the next one gets the stream from a key frame on; a stranger doesn't."""
        port = srt_server.free_udp_port()
        push = self.push(f"srt://:{port}?mode=listener&streamid={SECRET}&passphrase={PASSPHRASE}", "--source", "test", "--duration", 14,
                         "--reconnect", "1x0.2")
        here = f"srt://127.0.0.1:{port}?passphrase={PASSPHRASE}"
        stranger = self.ffmpeg(f"{here}&streamid=somebody", self.directory / "stranger.ts", "-t", "1")
        stranger.wait(10)
        for name in ("first", "second", "third"):
            path = self.directory / f"{name}.ts"
            child = self.ffmpeg(f"{here}&streamid={SECRET}", path, "-t", "1.5")
            self.assertEqual(child.wait(20), 0, path.with_name(path.name + ".log").read_text() + str(push))
            recording = Recording(path)
            self.assertEqual(recording.keys()[0], 0, "a receiver begins with a key frame")
            self.assertEqual(recording.decode_errors(), "")
        self.assertFalse((self.directory / "stranger.ts").exists())
        self.assertEqual(push.wait(30), 0, str(push))
        self.assertGreaterEqual(push.codes().count(1002), 3, str(push))
        self.assertIn("the receiver closed the connection", self.said(push, 3004)[0])
        for secret in (SECRET, PASSPHRASE):
            self.assertNotIn(secret, push.stdout + push.stderr)

    def test_rendezvous(self):
        harness.need_commands(**{"srt-live-transmit": "srt-tools"})
        port = srt_server.free_udp_port()
        path = self.directory / "met.ts"
        with open(path, "wb") as out:
            child = self.spawn(["srt-live-transmit", "-q", "-a", "no", f"srt://127.0.0.2:{port}?mode=rendezvous&adapter=127.0.0.1", "file://con"],
                               stdout=out, stderr=subprocess.DEVNULL)
            self.push_cleanly(f"srt://127.0.0.1:{port}?mode=rendezvous", "--source", "test", "--duration", 4, "--network-interface", "127.0.0.2")
            child.wait(10)
        self.assertEqual(Recording(path).decode_errors(), "")

    def test_refusals_give_their_codes(self):
        receiver = self.receiver(passphrase=PASSPHRASE, refuse={"forbidden": 1403, "gone": 1404, "busy": 1503})
        right = f"passphrase={PASSPHRASE}"
        cases = (("passphrase=another-one", 3003, "has another passphrase", False),
                 ("", 3003, "wants a passphrase", False),
                 (f"{right}&streamid=forbidden", 3004, "refused the streamid: forbidden (1403)", False),
                 (f"{right}&streamid=gone", 3004, "refused the streamid: not found (1404)", False),
                 (f"{right}&streamid=busy", 3004, "refused the stream: out of service (1503)", True))
        for query, code, words, tried_again in cases:
            with self.subTest(query=query):
                push = self.run_push(receiver.url(query), "--source", "test", "--duration", 20, "--reconnect", "1x0.2")
                self.assertEqual(push.process.returncode, NETWORK, str(push))
                self.assertEqual(push.codes().count(code), 2 if tried_again else 1, str(push))
                self.assertEqual(push.codes().count(-1307), 1)
                self.assertIn(words, self.said(push, code)[0])
        self.assertEqual(receiver.streams(), [])

    def test_nobody_there(self):
        """A port that nobody has is known at once; one that says nothing, in ten seconds; both end at once when they are told to."""
        gone = self.run_push(f"srt://127.0.0.1:{srt_server.free_udp_port()}", "--source", "test", "--reconnect", "off")
        self.assertEqual(gone.process.returncode, NETWORK, str(gone))
        self.assertIn("nobody listens for SRT there (UDP)", self.said(gone, 3002)[0])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            url = f"srt://127.0.0.1:{silent.getsockname()[1]}"
            ended = self.push(url, "--source", "test")
            begun = time.monotonic()
            push = self.run_push(url, "--source", "test", "--reconnect", "off")
            self.assertLess(time.monotonic() - begun, 13)
            self.assertIn("does not answer", self.said(push, 3002)[0])
            begun = time.monotonic()
            ended.interrupt()
            self.assertEqual(ended.wait(5), 0, str(ended))
            self.assertLess(time.monotonic() - begun, 2)

    def test_killed_server_is_reached_again(self):
        receiver = self.receiver()
        push = self.push(receiver.url(f"streamid={KEY}"), "--source", "test").wait_code(1002)
        processes.wait_for(lambda: receiver.streams() and receiver.streams()[0].stat().st_size > 20_000, 10, "the stream")
        receiver.kill()
        push.wait_code(1102)
        receiver.start()
        push.wait_code(1002, count=2)
        processes.wait_for(lambda: len(receiver.streams()) == 2 and receiver.streams()[1].stat().st_size > 40_000, 10, "the stream again")
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        self.assertRegex(self.said(push, 3004)[0], "nobody listens there any more")
        again = Recording(receiver.streams()[1])
        self.assertEqual(again.keys()[0], 0, "a new connection begins with a key frame")
        self.assertEqual(again.decode_errors(), "")
        self.assertEqual(receiver.callers(), [KEY, KEY])

    def test_a_receiver_that_falls_silent_is_given_up(self):
        """As a machine that is switched off, or a line that is cut: nobody answers that the port is free."""
        receiver = self.receiver()
        push = self.push(receiver.url(), "--source", "test", "--reconnect", "off").wait_code(1002)
        receiver.freeze()
        self.assertEqual(push.wait(20), NETWORK, str(push))
        self.assertRegex(self.said(push, 3005)[0], "nothing was heard from the receiver for [45] s")

    def test_secrets_never_show(self):
        receiver = self.receiver(passphrase=PASSPHRASE, refuse={"*": 1403, KEY: None})
        right = f"streamid={KEY}&passphrase={PASSPHRASE}&pbkeylen=16"
        urls = (receiver.url(right), receiver.url(f"streamid={SECRET}&passphrase={PASSPHRASE}"),
                receiver.url(f"{right}&{SECRET}=1"), receiver.url(f"{right}&latency={SECRET}"), receiver.url(right).replace("srt:", "ftp:"),
                f"srt://127.0.0.1:{srt_server.free_udp_port()}?{right}", f"srt://:9?{right}", f"srt://127.0.0.1/{SECRET}?{right}")
        for url in urls:
            for json_events in (True, False):
                with self.subTest(url=url):
                    push = self.run_push(url, "--source", "test", "--duration", 2, "--log-level", "trace", "--reconnect", "off",
                                         json_events=json_events)
                    self.assertTrue(push.stdout + push.stderr, "nothing was said at all, so nothing was proved")
                    for secret in (SECRET, PASSPHRASE):
                        self.assertNotIn(secret, push.stdout + push.stderr)
        self.assertIn(KEY, receiver.callers(), "the id did not reach the server, so hiding it proves nothing")
        apart = self.run_push(receiver.url(f"passphrase={PASSPHRASE}"), "--stream-key", KEY, "--source", "test", "--duration", 1,
                              "--log-level", "trace")
        self.assertEqual(apart.process.returncode, 0, str(apart))
        self.assertNotIn(SECRET, apart.stdout + apart.stderr)
        shown = self.run_push(receiver.url(right), "--source", "test", "--print-config", json_events=False)
        self.assertNotIn(SECRET, shown.stdout)
        self.assertNotIn(PASSPHRASE, shown.stdout)

    def test_the_process_list_hides_them(self):
        receiver = self.receiver()
        push = self.push(receiver.url(f"streamid={KEY}"), "--source", "test", "--duration", 3).wait_code(1002)
        with open(f"/proc/{push.process.pid}/cmdline", "rb") as arguments:
            self.assertNotIn(SECRET.encode(), arguments.read())
        self.assertEqual(push.wait(), 0, str(push))


if __name__ == "__main__":
    harness.main()
