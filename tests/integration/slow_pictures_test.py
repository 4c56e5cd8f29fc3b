# SPDX-License-Identifier: MIT
"""Pictures that can't be decoded as fast as they play: they give way, the sound never, and what is seen stays with it."""
import harness
from clips import clip, h264
from playback_rows import Case, Row

SECONDS = 12


class Test(Case):
    def test_files(self):
        # None that no other needs, so that it could be left out alone.
        often = clip("slow-often.mp4", SECONDS, video=h264(45))
        once = clip("slow-once.mp4", SECONDS, video=h264(3000))
        env = harness.preloaded("LIVEPUSHER_SLOW_DECODER", SLOW_DECODER_MS=100)
        common = {"seconds": SECONDS, "within": 1.5, "beeps": (SECONDS - 1, SECONDS), "pictures": 0, "warnings": 1,
                  "words": ("can't be decoded as fast as they play",), "env": env}
        self.run_rows([
            Row("a key frame each 1.5 s", often, flashes=(3, SECONDS), pair=480, **common),
            Row("no key frame but the first", once, pair=None, **common),
        ])


if __name__ == "__main__":
    harness.main()
