# SPDX-License-Identifier: MIT
"""The ways that a push ends well."""
import socket
import time

import harness
import media
from recording import Recording


class Test(harness.Case):
    def test_interrupt(self):
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", json_events=False)
        harness.processes.wait_for(lambda: server.recordings("test"), 10, "a recording")
        time.sleep(3)  # something worth summing up
        push.interrupt()
        self.assertEqual(push.wait(5), 0, str(push))
        last = push.stderr.strip().splitlines()[-1]
        for word in ("frames", "drop", "reconnect"):
            self.assertIn(word, last, f"the last line is no summary: {last}")
        self.assertEqual(Recording(harness.finished(server.recordings("test")[0])).decode_errors(), "")

    def test_interrupt_while_connecting(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            push = self.push(f"rtmp://127.0.0.1:{silent.getsockname()[1]}/live/test", "--source", "test")
            push.wait_code(1001)
            before = time.monotonic()
            push.interrupt()
            self.assertEqual(push.wait(5), 0, str(push))
            self.assertLess(time.monotonic() - before, 2.5)

    def test_end_of_file(self):
        source, words = media.source_file(640, 360, 25, 5)
        print(f"pushing {words}")
        server = self.server()
        push = self.push_cleanly(server.url("rec", "test"), "--source", f"file:{source}", "--fps", "25", "--orientation", "horizontal",
                                 within=20)
        self.assertIn({"method": "stop", "ok": True}, [{key: event[key] for key in ("method", "ok")} for event in push.events("result")])
        recording = Recording(harness.finished(server.recordings("test")[0]))
        self.assertAlmostEqual(recording.length(recording.video), 5, delta=0.5)


if __name__ == "__main__":
    harness.main()
