# SPDX-License-Identifier: MIT
"""Picture and sound side by side: in which order of time the messages of a stream go out."""
import flv
import harness
import media

TOLERANCE = 34  # ms: what players that read a stream as it comes are content with


def disorder(path):
    """Of each track, by how many ms each message is behind one of the other track that went out before it, sorted."""
    newest, late = {}, {flv.AUDIO: [], flv.VIDEO: []}
    for tag in flv.read(path)[1]:
        if tag.type not in late or tag.body[1] == 0:  # headers have no time of their own
            continue
        other = flv.VIDEO if tag.type == flv.AUDIO else flv.AUDIO
        late[tag.type].append(max(0, newest.get(other, 0) - tag.time))
        newest[tag.type] = max(newest.get(tag.type, 0), tag.time)
    return [sorted(each) for each in late.values()]


class Test(harness.Case):
    def check(self, mode, *source):
        target, recorded = self.directory / f"{mode}.flv", self.directory / f"{mode}-recorded.flv"
        self.push_cleanly(target, *source, "--mode", mode, "--duration", 6, "--record", recorded)
        for path in (target, recorded):
            for late in disorder(path):
                half, most = late[len(late) // 2], late[len(late) * 95 // 100]
                print(f"{path.name}: {half} ms for half of {len(late)}, {most} ms for 95 %, {late[-1]} ms at most")
                self.assertGreater(len(late), 60)
                # Half: a machine that holds an encoder up for longer than sound may wait makes others late.
                self.assertLessEqual(half, TOLERANCE, path.name)

    def test_test_picture_and_tone(self):
        for mode in ("QVGA", "SD", "HD"):
            with self.subTest(mode):
                self.check(mode, "--source", "test")

    def test_file(self):
        source, words = media.source_file(640, 360, 25, 8)
        print(f"pushing {words}")
        self.check("HD", "--source", f"file:{source}", "--fps", "25", "--orientation", "horizontal")


if __name__ == "__main__":
    harness.main()
