# SPDX-License-Identifier: MIT
"""The parts of bench/network that need no link: traces, statistics, the wire's queue (time is handed in), the picture."""
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench/network"))
import figures  # noqa: E402
import plot  # noqa: E402
import traces  # noqa: E402
from figures import AUDIO, VIDEO, Arrival  # noqa: E402
from wire import BURST, Wire  # noqa: E402


def pictures(delay_at, seconds=20, size=1000, fps=10):
    """A stream whose pictures are as late as delay_at(time stamp) tells."""
    stamps = [n / fps for n in range(seconds * fps)]
    return [Arrival(0, VIDEO, stamp, size, stamp + 7 + delay_at(stamp)) for stamp in stamps]


class Traces(unittest.TestCase):
    def test_steps_are_read_and_what_is_lasting_lasts(self):
        steps = traces.parse("0 4000 delay=40 jitter=8; 12 1000 loss=1;37.5 0")
        self.assertEqual(steps, [traces.Step(0, 4000, 40, 8, 0), traces.Step(12, 1000, 40, 8, 1), traces.Step(37.5, 0, 40, 8, 1)])

    def test_the_step_in_force_is_found(self):
        steps = traces.parse("0 4000; 12 1000")
        self.assertEqual([traces.step_at(steps, at).kbps for at in (-1, 0, 11.9, 12, 99)], [4000, 4000, 4000, 1000, 1000])

    def test_nonsense_is_refused_with_the_step_named(self):
        for text in ("", "5 1000", "0 4000; 0 1000", "0 x", "0", "0 4000 lag=3", "0 4000 jitter=2", "0 4000 loss=100", "0 -1"):
            with self.subTest(text), self.assertRaises(traces.BadTrace):
                traces.parse(text)

    def test_the_judged_stretch_goes_from_the_first_fall_to_the_next_rise(self):
        stretches = {name: (trace.fall, trace.back) for name, trace in traces.SCENARIOS.items()}
        self.assertEqual(stretches["drop"], (12, 37))
        self.assertEqual(stretches["steady"], (None, None))
        self.assertEqual(stretches["short-drop"], (6, None))
        self.assertEqual(stretches["sawtooth"], (12, 24))

    def test_capacity_is_summed_over_steps(self):
        self.assertEqual(traces.capacity(traces.parse("0 4000; 2 1000; 4 0"), 1, 9), (4000 + 2000) * 1000)


class Figures(unittest.TestCase):
    def test_delay_counts_from_the_least_of_the_first_seconds(self):
        arrivals = pictures(lambda stamp: 0.02 if stamp < 10 else 0.01)
        series = figures.delays([Arrival(0, AUDIO, 0, 9, 0), *arrivals])
        self.assertAlmostEqual(series[0][1], 0)
        self.assertAlmostEqual(series[-1][1], -0.01)

    def test_percentiles_go_by_nearest_rank(self):
        self.assertEqual(figures.percentile(range(1, 101), 95), 95)
        self.assertEqual(figures.percentile([7], 95), 7)
        self.assertIsNone(figures.percentile([], 95))

    def test_low_after_finds_the_last_time_over(self):
        series = [(at / 10, 0.6 if 20 <= at < 30 or at == 45 else 0.1) for at in range(100)]
        self.assertAlmostEqual(figures.low_after(series, 2, 9), 2.6)
        self.assertEqual(figures.low_after(series, 5, 9), 0)
        self.assertIsNone(figures.low_after(series, 2, 4.6), "still over at the end")
        self.assertIsNone(figures.low_after(series, 50, 60), "nothing came")

    def test_ramp_is_when_a_group_of_pictures_came_at_the_rate(self):
        # 10 pictures a second: 80 kbps, from 10 s on 800 kbps, full over two seconds at 12 s.
        arrivals = [Arrival(0, VIDEO, n / 10, 1000 if n < 100 else 10000, n / 10) for n in range(200)]
        self.assertAlmostEqual(figures.ramp(arrivals, 5, 20, 790), 6.9, delta=0.11)
        self.assertIsNone(figures.ramp(arrivals, 5, 20, 900))

    def test_missing_pictures_show_in_the_time_stamps(self):
        arrivals = [a for n, a in enumerate(pictures(lambda _: 0)) if n not in (50, 51, 90)]
        self.assertEqual(figures.missing(arrivals, 10), 3)

    def test_targets_come_from_the_events(self):
        events = [(0.1, {"code": 1008, "message": "AAC-LC, 48000 Hz, 96 kbps"}), (0.2, {"code": 1008, "message": "H.264 x264, 3500 kbps"}),
                  (3, {"code": 1006, "message": "bitrate 800 kbps"}), (4, {"code": 1101, "message": "late by 900 ms at 800 kbps"})]
        self.assertEqual(figures.targets(events), [(0.2, 3500), (3, 800)])

    def test_a_run_is_judged_as_a_whole(self):
        trace = traces.make("t", "t", "0 400; 10 100; 20 400", 40)

        def late(stamp):
            return 1.0 if 10 <= stamp < 12 else 0.05 if stamp < 20 else 0
        arrivals = [a._replace(moment=a.moment - 7) for a in pictures(late, 40)]
        out = figures.judge(trace, arrivals, 1000)
        self.assertAlmostEqual(out["peak"], 0.95, places=3)
        self.assertAlmostEqual(out["drained"], 2.05, delta=0.11)
        self.assertAlmostEqual(out["goodput"], 0.8, delta=0.02)
        self.assertAlmostEqual(out["ramp"], 0, delta=0.2)


class TheWire(unittest.TestCase):
    @staticmethod
    def link(text, limit=65536):
        return Wire(0.0, traces.parse(text)[0], limit, seed=1)

    def test_it_lets_through_at_its_rate_after_a_burst(self):
        wire, came = self.link("0 1000"), 0  # 125 bytes a millisecond
        for _ in range(60):
            wire.take(bytes(1000))
        for ms in range(101):
            came += sum(len(p) for p in wire.ready(ms / 1000))
        self.assertLessEqual(abs(came - (BURST + 12500)), 1000)

    def test_its_buffer_is_exact_and_the_rest_is_dropped(self):
        wire = self.link("0 1000", limit=10000)
        for _ in range(15):
            wire.take(bytes(1000))
        self.assertEqual((wire.queued, wire.dropped), (10000, 5))

    def test_jitter_delays_and_never_reorders(self):
        wire, got = self.link("0 100000 delay=40 jitter=8"), []
        for ms in range(300):
            now = ms / 1000
            if ms < 200:
                wire.take(ms.to_bytes(2, "big"))
            got += [(now - int.from_bytes(p, "big") / 1000, p) for p in wire.ready(now)]
        self.assertEqual([p for _, p in got], sorted(p for _, p in got))
        self.assertEqual(len(got), 200)
        self.assertTrue(all(0.031 < late < 0.0505 for late, _ in got), got)

    def test_loss_is_as_told(self):
        wire, came = self.link("0 100000 loss=10"), 0
        for ms in range(5000):
            wire.take(bytes(100))
            came += len(list(wire.ready(ms / 1000)))
        self.assertTrue(4350 < came < 4650, came)
        self.assertEqual(came + wire.lost, 5000)

    def test_a_cut_wire_forgets_what_it_holds(self):
        wire = self.link("0 1000 delay=40")
        for _ in range(20):
            wire.take(bytes(1000))
        list(wire.ready(0.0))
        wire.set_step(0.01, traces.parse("0 0")[0])
        wire.take(bytes(1000))
        self.assertEqual((list(wire.ready(1.0)), wire.queued, wire.cut), ([], 0, True))


class Picture(unittest.TestCase):
    def test_it_is_xml_with_its_five_lines(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "run.svg"
            arrivals = [a._replace(moment=a.stamp) for a in pictures(lambda _: 0)]
            plot.write(path, "drop <1>", traces.SCENARIOS["short-drop"], arrivals, [(1, 0.2), (2, 0.1)], [(0, 3500), (7, 800)], [(1, 0.1)])
            root = xml.etree.ElementTree.parse(path).getroot()
        self.assertEqual(len(root.findall("{http://www.w3.org/2000/svg}polyline")), 5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
