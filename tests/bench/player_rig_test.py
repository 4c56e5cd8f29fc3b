# SPDX-License-Identifier: MIT
"""The parts of bench/player that need no player: stamps, what is made of what was seen and heard, the picture."""
import array
import os
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/player"))
import figures  # noqa: E402
import plot  # noqa: E402
import process  # noqa: E402
import stamps  # noqa: E402
from figures import Seen  # noqa: E402


def stream(delay_at, seconds=10, begin=1000.0, fps=30):
    """What is seen of a stream that flashes each second, if it is as late as delay_at(time) tells."""
    captured = [begin + n / fps for n in range(seconds * fps)]
    return [Seen(at + delay_at(at - begin), round(1000 * at), n % fps == 0) for n, at in enumerate(captured)]


class Stamps(unittest.TestCase):
    def test_each_is_read_as_it_was_drawn(self):
        for moment in (0, 1, 39_461_129, 2**32 - 1):
            for flash in (False, True):
                bits = stamps.cells(moment, flash)
                self.assertLess(bits, 2**stamps.CELLS)
                self.assertEqual(stamps.read_cells(bits), (moment, flash))

    def test_a_cell_that_is_misread_is_noticed(self):
        noticed = total = 0
        for moment in range(1000, 1100):
            bits = stamps.cells(moment, False)
            for cell in range(stamps.CELLS):
                total += 1
                noticed += stamps.read_cells(bits ^ 1 << cell) is None
        self.assertGreater(noticed / total, 0.93)

    def test_the_rows_are_as_wide_as_the_picture(self):
        self.assertEqual(len(stamps._drawn(stamps.cells(7, True))), stamps.WIDTH * stamps.CELL)

    def test_a_second_of_sound_has_one_beep_at_its_beginning(self):
        sound = array.array("h", b"".join(stamps._beep(at) for at in range(0, stamps.RATE, stamps.BLOCK)))
        left = [value / 32768 for value in sound[::stamps.CHANNELS]]
        found = stamps.onsets([0.0] * stamps.RATE + left + left)
        self.assertEqual(len(found), 2)
        self.assertLess(abs(found[0] - stamps.RATE), 10)
        self.assertEqual(found[1] - found[0], stamps.RATE)


class Figures(unittest.TestCase):
    def test_the_delay_is_what_lies_between(self):
        seen = stream(lambda _: 0.172)
        self.assertAlmostEqual(figures.part([figures.delay(each) for each in seen], 0.5), 0.172, delta=0.002)
        around = Seen(2**32 / 1000 + 0.1, 2**32 - 50, False)  # the counter has begun anew meanwhile
        self.assertAlmostEqual(figures.delay(around), 0.15, delta=0.002)
        self.assertEqual(figures.plausible([Seen(10.0, 11_000, False)]), [], "from the future")

    def test_parts_and_holes(self):
        self.assertEqual(figures.part(list(range(100)), 0.95), 95)
        self.assertIsNone(figures.part([], 0.5))
        seen = figures.between(stream(lambda _: 0), 1000, 1002)
        self.assertEqual(len(seen), 60)
        del seen[10:20]
        self.assertAlmostEqual(figures.longest_still(seen), 11 / 30, delta=0.001)

    def test_lip_sync_is_without_what_the_stream_has(self):
        shown = figures.flashes(stream(lambda _: 0.3))
        told = figures.lip_sync([at + 0.05 for at in shown], shown, 0.02)
        self.assertAlmostEqual(told["median"], 30, delta=0.1)
        self.assertAlmostEqual(told["worst"], 30, delta=0.1)
        self.assertEqual(told["beeps"], 10)
        early = figures.lip_sync([at - 0.04 for at in shown], shown, 0)
        self.assertAlmostEqual(early["median"], -40, delta=0.1)
        self.assertAlmostEqual(early["p95"], 40, delta=0.1)
        self.assertIsNone(figures.lip_sync([], shown, 0))
        self.assertEqual(figures.offsets([500.0], shown), [], "no flash is near")

    def test_a_start_is_counted_from_the_first_key_frame_that_can_be_had(self):
        keys = [1000.0, 1002.0, 1004.0]
        for began, captured, expected in ((1000.5, 1002.0, 0.1), (1000.5, 1004.0, 2.1), (1000.03, 1000.0, 0.1), (1004.5, 1006.0, None)):
            found = figures.after_key(keys, began, Seen(captured + 0.1, round(1000 * captured), False))
            self.assertEqual(found is None, expected is None)
            if expected is not None:
                self.assertAlmostEqual(found, expected, delta=0.002)

    def test_when_the_delay_is_back(self):
        # 3 s late after the stop, less by 0.2 s a second.
        seen = stream(lambda at: 0.2 + (max(0.0, 3 - 0.2 * (at - 4)) if at >= 4 else 0), seconds=30)
        back = figures.settled(seen, 1004, (0, 0.3))
        self.assertAlmostEqual(back, 14.5 + 0.3, delta=0.1)
        self.assertIsNone(figures.settled(stream(lambda _: 3), 1000, (0, 0.3)))

    def test_the_plot_is_a_picture_with_a_line_for_each(self):
        series = [(n / 30, 0.2) for n in range(300)] + [(13 + n / 30, 3.2) for n in range(300)]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "plot.svg"
            plot.write(path, {"a & b": {"series": series, "marks": [(10, 13)]}, "c": {"series": series[:5], "marks": []}})
            lines = [each for each in xml.etree.ElementTree.parse(path).iter() if each.tag.endswith("polyline")]
            self.assertEqual(len(lines), 3, "the first one's is broken by the stop")

    def test_proc_tells_of_this_process(self):
        self.assertGreater(process.peak_megabytes(os.getpgrp()), 1)
        self.assertGreater(process.own_seconds(os.getpid()), 0)
        busy, had = process.machine_seconds()
        self.assertLess(0, busy)
        self.assertLess(busy, had)


if __name__ == "__main__":
    unittest.main(verbosity=2)
