# SPDX-License-Identifier: MIT
"""A few files as chance has them: each is pushed right, or it is told why not. Many of them: playback_soak.py --files 200."""
import os

import harness
import playback_soak


class Test(harness.Case):
    def test_random_files(self):
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")
        options = playback_soak.parser().parse_args(["--program", harness.tool("LIVEPUSHER_BIN"), "--files",
                                                     os.environ.get("LIVEPUSHER_SOAK_FILES", "24")])
        _, faults = playback_soak.run(options)
        if faults:
            self.fail("\n" + "\n".join(faults))


if __name__ == "__main__":
    harness.main()
