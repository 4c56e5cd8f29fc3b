# SPDX-License-Identifier: MIT
"""FLV posted over HTTP: what the receiver wrote down is what was pushed; refusals, TLS, and coming back."""
import base64

import certificates
import harness
from http_receiver import HttpReceiver
from recording import Recording, check

KEY = "s3cr3tStreamKey"
SIGN = "9f8e7d6c5b4a"
PASSWORD = "hunter2hunter2"
NETWORK = 4


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffprobe="ffmpeg", openssl="openssl")

    def receiver(self, **options):
        receiver = HttpReceiver(self.directory / "received", **options)
        self.addCleanup(receiver.stop)
        return receiver

    def check_received(self, receiver, name, seconds):
        self.assertIn(name, receiver.finished, "the body never came to its end")
        return check(self, receiver.directory / name, 360, 640, 15, seconds)

    def test_posts_what_was_pushed(self):
        receiver = self.receiver()
        push = self.push_cleanly(f"{receiver.base}/live/key.flv?sign=1", "--source", "test", "--duration", 6)
        self.check_received(receiver, "key.flv", 6)
        self.assertLess(push.codes().index(1001), push.codes().index(1002))
        (path, headers), = receiver.requests
        self.assertEqual(path, "/live/key.flv?sign=1")
        self.assertEqual(headers["Transfer-Encoding"], "chunked")
        self.assertEqual(headers["Content-Type"], "video/x-flv")
        self.assertNotIn("Expect", headers)
        info = push.events("netstatus")[-1]["info"]
        self.assertEqual(info["serverIp"], "127.0.0.1")
        size = (receiver.directory / "key.flv").stat().st_size
        self.assertGreater(info["bytesSent"], size * 0.5)
        self.assertLess(info["bytesSent"], size * 1.05 + 1000)

    def test_ipv6_and_basic_auth(self):
        if not harness.processes.accepts_ipv6():
            self.skipTest("this machine has no IPv6 loopback")
        receiver = self.receiver(host="::1")
        push = self.push_cleanly(receiver.base.replace("://", f"://me:{PASSWORD}@") + "/key.flv", "--source", "test", "--duration", 3)
        self.assertEqual(Recording(receiver.directory / "key.flv").decode_errors(), "")
        self.assertEqual(receiver.requests[0][1]["Authorization"], "Basic " + base64.b64encode(f"me:{PASSWORD}".encode()).decode())
        self.assertNotIn(PASSWORD, push.stdout + push.stderr)

    def test_https_with_a_trusted_certificate(self):
        authority = certificates.authority(self.directory, "ca")
        receiver = self.receiver(certificate=certificates.certificate(self.directory, authority, "IP:127.0.0.1"))
        self.push_cleanly(f"{receiver.base}/live/key.flv", "--source", "test", "--duration", 5, "--ca-file", authority)
        self.check_received(receiver, "key.flv", 5)

    def test_https_without_trust_sends_no_http(self):
        authority = certificates.authority(self.directory, "ca")
        receiver = self.receiver(certificate=certificates.certificate(self.directory, authority, "DNS:wrong.invalid"))
        for trust in ([], ["--ca-file", certificates.authority(self.directory, "stranger")], ["--ca-file", authority]):
            with self.subTest(trust=trust):
                push = self.run_push(f"{receiver.base}/live/key.flv", "--source", "test", "--duration", 3, *trust)
                self.assertEqual(push.process.returncode, NETWORK, str(push))
                self.assertEqual([code for code in push.codes() if code in (1001, 1002, 1102, 3003, -1307)], [3003, -1307], str(push))
                self.assertRegex(push.stdout.lower(), "certificate|issuer|host ?name|subject")
        self.assertEqual(receiver.requests, [])

    def test_refusals_give_their_codes(self):
        receiver = self.receiver()
        for status, tried_again in ((401, False), (403, False), (404, False), (307, False), (503, True)):
            with self.subTest(status=status):
                push = self.run_push(f"{receiver.base}/refused/{status}/{KEY}.flv", "--source", "test", "--duration", 20,
                                     "--reconnect", "1x0.2")
                self.assertEqual(push.process.returncode, NETWORK, str(push))
                self.assertEqual(push.codes().count(3004), 2 if tried_again else 1, str(push))
                self.assertEqual(push.codes().count(-1307), 1)
                said = [event["message"] for event in push.events("statechange") if event["code"] == 3004]
                self.assertIn(f"HTTP {status} ", said[0])

    def test_killed_server_is_reached_again(self):
        receiver = self.receiver()
        push = self.push(f"{receiver.base}/live/key.flv", "--source", "test", "--duration", 12)
        push.wait_code(1002)
        harness.processes.wait_for(lambda: receiver.requests, 5, "a request")
        harness.processes.wait_for(lambda: (receiver.directory / "key.flv").exists(), 5, "the stream")
        receiver.drop()
        push.wait_code(1102).wait_code(1002, count=2)
        self.assertEqual(push.wait(), 0, str(push))
        self.assertEqual(push.codes().count(1102), 1)
        self.assertEqual(len(receiver.requests), 2)
        recording = Recording(receiver.directory / "key.flv")
        self.assertEqual(recording.keys()[0], 0, "a new connection begins with a key frame")
        self.assertEqual(recording.decode_errors(), "")

    def test_key_never_shows(self):
        receiver = self.receiver()
        for path in (f"live/{KEY}.flv?txSecret={SIGN}", f"refused/403/{KEY}.flv?txSecret={SIGN}"):
            for json_events in (True, False):
                url = receiver.base.replace("://", f"://me:{PASSWORD}@") + "/" + path
                push = self.run_push(url, "--source", "test", "--duration", 2, "--log-level", "trace", "--reconnect", "off",
                                     json_events=json_events)
                for secret in (KEY, SIGN, PASSWORD):
                    self.assertNotIn(secret, push.stdout + push.stderr)
                self.assertTrue(push.stdout + push.stderr, "nothing was said at all, so nothing was proved")
        self.assertEqual(len(receiver.requests), 4)


if __name__ == "__main__":
    harness.main()
