# SPDX-License-Identifier: MIT
"""A server that goes away, or asks us to: the stream comes back or goes on, or the push ends and says why."""
import time

import harness  # first: it knows where the servers are
import fault_proxy
import processes
import rtmp_wire as wire
from recording import Recording

FPS = 15


class Test(harness.Case):
    def test_server_killed_and_back_after_3_s(self):
        """Media flows at most 2 s after the server listens, with the default policy."""
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", "--fps", FPS).wait_code(1002)
        time.sleep(3)
        killed = time.monotonic()
        server.kill()
        push.wait_code(1102)
        before = server.recordings("test")
        time.sleep(max(0, killed + 3 - time.monotonic()))
        starting = time.monotonic()
        server.start()
        arrived = self.media_of_a_new_recording(server, before)
        push.wait_code(1002, count=2)
        time.sleep(3)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))

        # 1002 once a publish, not for every attempt; -1307 is for giving up.
        self.assertEqual(push.codes().count(1002), 2, str(push))
        self.assertNotIn(-1307, push.codes())
        recording = self.recording_after(server, before)
        self.assertGreater(recording.length(recording.video), 1.5)
        self.assertGreater(recording.length(recording.audio), 1.5)
        outage = arrived - killed
        gap = self.gap(Recording(before[-1]), recording)
        print(f"media {arrived - starting:.2f} s after the server's start; out for {outage:.2f} s, of the stream {gap:.2f} s are missing")
        self.assertLessEqual(arrived - starting, 2)
        self.assertLessEqual(gap, outage + 0.5)

    def media_of_a_new_recording(self, server, before):
        """When it is there: time.monotonic()."""
        def there():
            return [path for path in server.recordings("test") if path not in before and path.stat().st_size > 2000]
        processes.wait_for(there, 15, "a new recording")
        return time.monotonic()

    def recording_after(self, server, before):
        after = [path for path in server.recordings("test") if path not in before]
        self.assertEqual(len(after), 1)
        recording = Recording(harness.finished(after[0]))
        self.assertEqual(recording.keys()[0], 0, "it comes back with a key frame")
        self.assertEqual(recording.decode_errors(), "")
        return recording

    def gap(self, before, after):
        """Seconds of the stream between the last picture of one and the first of another, by the test picture's counter."""
        return (after.frames()["counter"]["first"] - before.frames()["counter"]["last"]) / FPS

    def test_server_gone_for_good(self):
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", "--reconnect", "3x0.3").wait_code(1002)
        server.kill()
        self.assertEqual(push.wait(20), 4, str(push))
        codes = push.codes()
        self.assertEqual(codes.count(1102), 3, str(push))
        self.assertEqual(codes.count(-1307), 1, str(push))
        self.assertEqual(codes[-1], -1307, str(push))
        self.assertEqual([code for code in codes if code == 3002], [3002] * 3, str(push))

    def test_vendors_policy(self):
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", "--reconnect", "vendor").wait_code(1002)
        killed = time.monotonic()
        server.kill()
        self.assertEqual(push.wait(60), 4, str(push))
        took = time.monotonic() - killed
        print(f"three times three seconds took {took:.2f} s")
        self.assertGreaterEqual(took, 9)
        told = [event["message"] for event in push.events("statechange") if event["code"] == 1102]
        self.assertEqual(told, [f"reconnecting: attempt {number} of 3 in 3.0 s" for number in (1, 2, 3)], str(push))

    def test_ghost_is_waited_for(self):
        """The connection is cut and the server does not know: it holds the name, longer than the policy has attempts."""
        server = self.server()
        proxy = fault_proxy.FaultProxy(server.rtmp_port)
        self.addCleanup(proxy.close)
        push = self.push(proxy.url("rec"), "--source", "test", "--reconnect", "1x0.3").wait_code(1002)
        time.sleep(1)
        proxy.lose()
        push.wait_code(3004)
        before = server.recordings("test")
        proxy.connections[0].end()  # now the server does
        push.wait_code(1002, count=2)
        time.sleep(1)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        self.assertNotIn(-1307, push.codes())
        told = [event["message"] for event in push.events("statechange") if event["code"] == 1102]
        self.assertEqual(told, ["reconnecting: attempt 1 of 1 in 0.3 s",
                                "reconnecting: attempt 1 of 12 to get the stream's name back in 2.5 s"], str(push))
        self.recording_after(server, before)

    def test_server_asks_to_reconnect_elsewhere(self):
        """Enhanced RTMP: the stream goes on at another server, without a picture lost or doubled."""
        old = self.server()
        new = harness.rtmp_server.RtmpServer(self.directory / "other", host="127.0.0.2").start()
        self.addCleanup(new.stop)
        proxy = fault_proxy.FaultProxy(old.rtmp_port)
        self.addCleanup(proxy.close)
        push = self.push(proxy.url("rec"), "--source", "test", "--fps", FPS, "--enhanced-rtmp", "--log-level", "debug").wait_code(1002)
        time.sleep(2)
        info = {"level": "status", "code": "NetConnection.Connect.ReconnectRequest", "description": "moving",
                "tcUrl": f"rtmp://127.0.0.2:{new.rtmp_port}/rec"}
        body = b"".join(map(wire.amf, ("onStatus", 0, None, info)))
        proxy.say(wire.message(3, wire.COMMAND, body, size=4096))
        push.wait_code(1002, count=2)
        time.sleep(3)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        self.assertEqual([code for code in push.codes() if code in (1001, 1002, 1102, 3004, 3005)], [1001, 1002, 1001, 1002], str(push))
        self.assertEqual(push.events("netstatus")[-1]["info"]["serverIp"], "127.0.0.2", str(push))
        recording = self.recording_after(new, [])
        first = Recording(harness.finished(old.recordings("test")[0]))
        self.assertEqual(first.decode_errors(), "")
        self.assertAlmostEqual(self.gap(first, recording), 1 / FPS, msg="pictures lost or doubled")
        for part in (first, recording):
            self.assertEqual(part.frames()["counter"]["lost"], 0)


if __name__ == "__main__":
    harness.main()
