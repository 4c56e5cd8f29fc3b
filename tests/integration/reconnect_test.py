# SPDX-License-Identifier: MIT
"""A server that goes away: the stream comes back, or the push ends and says why."""
import time

import harness
from recording import Recording


class Test(harness.Case):
    def test_server_killed_and_started_again(self):
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", "--reconnect", "20x0.5").wait_code(1002)
        time.sleep(3)
        server.kill()
        push.wait_code(1102)
        before = set(server.recordings("test"))
        server.start()
        push.wait_code(1002, count=2)
        time.sleep(3)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        # 1002 once a publish, not for every attempt; -1307 is for giving up.
        self.assertEqual(push.codes().count(1002), 2, str(push))
        self.assertNotIn(-1307, push.codes())
        after = [path for path in server.recordings("test") if path not in before]
        self.assertEqual(len(after), 1)
        recording = Recording(harness.finished(after[0]))
        self.assertEqual(recording.keys()[0], 0, "it comes back with a key frame")
        self.assertGreater(recording.length(recording.video), 1.5)
        self.assertGreater(recording.length(recording.audio), 1.5)
        self.assertEqual(recording.decode_errors(), "")

    def test_server_gone_for_good(self):
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", "--reconnect", "2x0.3").wait_code(1002)
        server.kill()
        self.assertEqual(push.wait(20), 4, str(push))
        self.assertEqual(push.codes().count(1102), 2, str(push))
        self.assertEqual(push.codes().count(-1307), 1, str(push))


if __name__ == "__main__":
    harness.main()
