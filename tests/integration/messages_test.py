# SPDX-License-Identifier: MIT
"""sendMessage()'s texts are in the stream as SEI messages, in order, each at the time it was sent."""
import subprocess
import sys
import time
import uuid

import harness
from recording import Recording

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

OURS = uuid.UUID("835b05c8-2192-4730-a5a6-6a78783bffe6").bytes  # docs/messages.md
SEI, USER_DATA_UNREGISTERED = 6, 5  # ITU-T H.264, table 7-1 and annex D


def units(path):
    """The NAL units of a recording's video, without their escapes."""
    stream = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-map", "0:v", "-c", "copy", "-bsf:v",
                             "h264_mp4toannexb", "-f", "h264", "-"], capture_output=True, check=True).stdout
    return [unit.rstrip(b"\0").replace(b"\0\0\3", b"\0\0") for unit in stream.split(b"\0\0\1")[1:]]


def texts(unit):
    """Of an SEI unit, annex D's syntax: type and size as runs of 255 and a rest."""
    at = 1
    while at + 2 < len(unit):
        numbers = []
        for _ in range(2):
            number = 0
            while unit[at] == 255:
                number, at = number + 255, at + 1
            numbers.append(number + unit[at])
            at += 1
        payload, at = unit[at:at + numbers[1]], at + numbers[1]
        if numbers[0] == USER_DATA_UNREGISTERED and payload.startswith(OURS):
            yield payload[len(OURS):].decode()


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
        found = [text for unit in units(path) if unit[0] & 31 == SEI for text in texts(unit)]
        self.assertEqual(found, [*sent, "while paused"])


if __name__ == "__main__":
    harness.main()
