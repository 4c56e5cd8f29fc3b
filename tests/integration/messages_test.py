# SPDX-License-Identifier: MIT
"""sendMessage()'s texts are in the stream as SEI messages, in order, each at the time it was sent."""
import sys
import time
import uuid

import harness
import sei
from recording import Recording

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

OURS = uuid.UUID("835b05c8-2192-4730-a5a6-6a78783bffe6").bytes  # docs/messages.md


class Test(harness.Case):
    def test_texts_are_in_the_stream(self):
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", "test", "--control", self.directory / "control")
        push.wait_code(1002)
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        sent = ["first", "你好, zwei", "x" * 1024]
        for text in sent:
            self.assertTrue(control.ask({"method": "sendMessage", "msg": text})["ok"])
            time.sleep(0.5)
        control.ask({"method": "pause"})
        self.assertTrue(control.ask({"method": "sendMessage", "msg": "while paused"})["ok"])
        time.sleep(1)
        refused = control.ask({"method": "sendMessage", "msg": "x" * 1025})
        self.assertEqual((refused["ok"], refused["errCode"]), (False, 20001), refused)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        path = harness.finished(server.recordings("test")[0])
        self.assertEqual(Recording(path).decode_errors(), "")
        found = [data[len(OURS):].decode() for data in sei.user_data(path) if data.startswith(OURS)]
        self.assertEqual(found, [*sent, "while paused"])


if __name__ == "__main__":
    harness.main()
