# SPDX-License-Identifier: MIT
"""A thousand snapshots during a push at 720p30: no frame lost, memory flat. LIVEPUSHER_TEST_SNAPSHOTS sets how many (200)."""
import os
import pathlib
import statistics
import sys

import harness
from recording import Recording

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

COUNT = int(os.environ.get("LIVEPUSHER_TEST_SNAPSHOTS", "200"))
SIZE = ["--orientation", "horizontal", "--video-width", "1280", "--video-height", "720", "--fps", "30"]


def resident(pid):
    """MB of memory."""
    fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1000


class Test(harness.Case):
    def test_many_during_a_push(self):
        server = self.server()
        pictures = self.directory / "pictures"
        pictures.mkdir()
        push = self.push(server.url("rec", "test"), "--source", "test", *SIZE, "--snapshot-directory", pictures,
                         "--control", self.directory / "control")
        push.wait_code(1002)
        push.wait_code(1008, count=2)  # sound and picture are encoded: there is one
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        memory = []
        for number in range(COUNT):
            quality = ("raw", "compressed")[number % 2]
            answer = control.ask({"method": "snapshot", "quality": quality, "sourceType": ("stream", "view")[number % 3 == 0]})
            self.assertTrue(answer["ok"], answer)
            self.assertEqual((answer["width"], answer["height"]), (1280, 720))
            written = pathlib.Path(answer["tempImagePath"])
            self.assertEqual((written.parent, written.suffix), (pictures, {"raw": ".png", "compressed": ".jpg"}[quality]))
            if number == 0:
                self.assertEqual(harness.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width,height", "-of",
                                              "csv=p=0", written]).strip(), "png,1280,720")
            written.unlink()
            memory.append(resident(push.process.pid))
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        print(f"{COUNT} snapshots; resident MB: {memory[0]:.1f} at first, {max(memory):.1f} at most, {memory[-1]:.1f} at last")
        # Single readings rise and fall by the pictures that are just being written: 1.4 MB each, and what zlib needs.
        quarter = COUNT // 4
        grown = statistics.mean(memory[-quarter:]) - statistics.mean(memory[quarter:2 * quarter])
        self.assertLess(grown, 12, "memory grows")

        recording = Recording(harness.finished(server.recordings("test")[0]))
        self.assertEqual(recording.decode_errors(), "")
        counter = recording.frames()["counter"]
        print(counter)
        self.assertEqual((counter["unreadable"], counter["lost"], counter["doubled"], counter["backwards"]), (0, 0, 0, 0))


if __name__ == "__main__":
    harness.main()
