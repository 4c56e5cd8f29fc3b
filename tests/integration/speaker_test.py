# SPDX-License-Identifier: MIT
"""Sound out, through a sound server and ALSA: what is played is what is heard, and when; moved, gone, back and hung."""
import array
import math
import pathlib
import signal
import subprocess
import sys
import time

import harness
import listening
from processes import end, wait_for

sys.path.insert(0, str(harness.HERE / "devices"))
import stand_ins  # noqa: E402

RATE = listening.RATE
#: An ALSA without cards whose default is the server.
ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default {{ type pulse server "{server}" }}
ctl.!default {{ type pulse server "{server}" }}
"""


class Playing(harness.Push):
    """tools/play_sound.cpp, as it runs."""

    def told(self, kind):
        return [event for event in self.events() if kind in event]

    def texts(self, event):
        return [each["text"] for each in self.events(event)]

    def wait_told(self, event, count=1, within=10):
        wait_for(lambda: len(self.events(event)) >= count, within, f"{event} {count} times\n{self}")
        return self.events(event)[count - 1]["text"]

    def ask(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def close(self):
        """How long closing took, s."""
        self.process.stdin.close()
        if self.wait(15) != 0:
            raise AssertionError(str(self))
        return self.told("closed")[0]["closed"]


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(**stand_ins.SoundServer.COMMANDS)
        self.sound = stand_ins.SoundServer(self.directory / "sound")
        self.addCleanup(self.sound.stop)
        self.samples = self.directory / "heard.f32"

    def start(self):
        self.sound.start()
        self.sound.place("speakers")
        self.sound.use("sink", "speakers")

    def play(self, what, device="default", latency=60, sink=None, env=None):
        heard = [sink, self.samples] if sink else []
        playing = Playing([what, device, latency, *heard], self.directory, {**self.sound.env, **(env or {})},
                          program=[harness.tool("LIVEPUSHER_PLAY_SOUND")], stdin=subprocess.PIPE)
        self.addCleanup(end, playing.process)
        return playing

    def heard(self):
        sound = array.array("f")
        sound.frombytes(self.samples.read_bytes())
        return sound

    def expect_pace(self, playing, seconds, one_line=True):
        """Samples go on being heard as fast as time goes. A card whose samples came too late, as on a busy machine, begins
        another line."""
        time.sleep(0.5)  # on the line that has begun now
        begin, until = len(playing.told("heard")) - 1, time.monotonic() + 10 * seconds
        while True:
            time.sleep(seconds / 4)
            points = playing.told("heard")[begin:]
            last = points[-1]
            first = next(each for each in points if each["line"] == last["line"] or not one_line)
            if last["at"] - first["at"] > seconds or time.monotonic() > until:
                break
        rate = (last["heard"] - first["heard"]) / (last["at"] - first["at"])
        print(f"{rate:.0f} frames a second over {last['at'] - first['at']:.1f} s")
        self.assertGreater(last["at"] - first["at"], seconds / 2)
        self.assertAlmostEqual(rate / RATE, 1, delta=(0.1 if one_line else 0.3) / seconds)

    def test_a_tone_is_heard_as_it_was_played(self):
        self.start()
        playing = self.play("tone", sink="speakers")
        playing.wait_told("opened")
        time.sleep(11.5)
        print(f"closed in {playing.close():.3f} s")
        self.assertEqual(len(playing.events("opened")), 1, str(playing))
        self.assertFalse(playing.events("lost") + playing.events("moved"), str(playing))
        sound = self.heard()
        begin = next(at for at, value in enumerate(sound) if abs(value) > 0.05) + RATE // 2
        steady = sound[begin:begin + 10 * RATE]
        self.assertEqual(len(steady), 10 * RATE)
        levels = [listening.tone(steady, 440, step / 10, 0.1) for step in range(100)]
        bends = max(abs(a - 2 * b + c) for a, b, c in zip(steady, steady[1:], steady[2:]))
        own = 0.25 * (2 * math.pi * 440 / RATE) ** 2
        print(f"{levels[0]:.3f} dB, {min(levels) - levels[0]:+.4f} {max(levels) - levels[0]:+.4f}; second difference {bends / own:.3f} times its own")
        self.assertAlmostEqual(levels[0], -12.04, delta=0.1)
        self.assertLess(max(levels) - min(levels), 0.02, "a gap")
        self.assertLess(bends, 1.2 * own, "a click")

    def clicks(self, playing, seconds):
        """By how much later than it was told each click was heard, ms."""
        playing.wait_told("opened")
        time.sleep(seconds)
        playing.close()
        points = playing.told("heard")
        line = points[-1]["line"]
        points = [(each["heard"], each["at"]) for each in points if each["line"] == line]
        frames, times = zip(*points)
        middle, moment = sum(frames) / len(frames), sum(times) / len(times)
        slope = sum((f - middle) * (t - moment) for f, t in points) / sum((f - middle) ** 2 for f in frames)
        print(f"{len(points)} points, {(slope * RATE - 1) * 1e6:+.0f} ppm")
        late = []
        for click in playing.told("click"):
            frame = middle + (click["click"] - moment) / slope
            late.append((frame / RATE - round(frame / RATE)) * 1000)
        return late[2:]  # in its first seconds the recording's own figures are no good

    def test_a_click_is_heard_when_it_was_told(self):
        self.start()
        for latency in (60, 30):
            late = self.clicks(self.play("clicks", latency=latency, sink="speakers"), 9)
            print(f"latency {latency} ms: heard", " ".join(f"{each:+.1f}" for each in late), "ms after it was told")
            self.assertGreater(len(late), 3)
            self.assertLess(max(map(abs, late)), 20)

    def test_latency_is_what_was_asked_for(self):
        self.start()
        playing = self.play("tone", latency=60)
        playing.wait_told("opened")

        def delay():
            time.sleep(2.5)
            waiting = [((each["taken"] - each["heard"]) / RATE - (each["now"] - each["at"])) * 1000 for each in playing.told("heard")[-15:]]
            return sum(waiting) / len(waiting)
        normal = delay()
        playing.ask("latency 30")
        short = delay()
        print(f"{normal:.1f} ms, then {short:.1f} ms")
        playing.close()
        self.assertLess(normal, 85)
        self.assertLess(short, normal - 15)

    def test_a_default_sink_that_goes_moves_the_sound(self):
        self.start()
        self.sound.place("others")
        playing = self.play("tone")
        self.assertIn("peakers", playing.wait_told("opened"))
        time.sleep(1)
        self.sound.unplug("speakers")
        where = playing.wait_told("moved")
        self.expect_pace(playing, 2)
        self.sound.place("headphones", "device.form_factor=headphone")
        self.sound.use("sink", "headphones")
        self.assertIn("eadphones", playing.wait_told("moved", 2))
        print("moved to", where, "and then to", playing.texts("moved")[1])
        self.expect_pace(playing, 2)
        self.assertFalse(playing.events("lost"), str(playing))
        playing.close()

    def test_a_named_sink_that_goes_is_waited_for(self):
        self.start()
        self.sound.place("others")
        playing = self.play("tone", device="others")
        playing.wait_told("opened")
        self.sound.unplug("others")
        print(playing.wait_told("lost"))
        self.expect_pace(playing, 3)
        self.sound.place("others")
        playing.wait_told("opened", 2)
        self.expect_pace(playing, 2)
        self.assertEqual(len(playing.events("lost")), 1)
        self.assertFalse(playing.events("moved"), str(playing))
        playing.close()

    def test_a_server_killed_and_back(self):
        self.start()
        playing = self.play("tone")
        playing.wait_told("opened")
        time.sleep(1)
        self.sound.send(signal.SIGKILL)
        self.assertIn("gone", playing.wait_told("lost"))
        self.expect_pace(playing, 2)
        self.start()
        playing.wait_told("opened", 2)
        self.expect_pace(playing, 2)
        self.assertEqual(len(playing.events("lost")), 1, str(playing))
        playing.close()

    def test_a_server_that_hangs_holds_nothing_up(self):
        self.start()
        playing = self.play("tone")
        playing.wait_told("opened")
        time.sleep(1)
        self.sound.send(signal.SIGSTOP)
        self.assertIn("takes no more sound", playing.wait_told("lost"))
        self.expect_pace(playing, 3)
        self.sound.send(signal.SIGCONT)
        playing.wait_told("opened", 2)
        self.expect_pace(playing, 2)
        self.sound.send(signal.SIGSTOP)
        took = playing.close()
        print(f"closed with a server that hangs in {took:.3f} s")
        self.assertLess(took, 1)

    def test_a_suspended_sink_is_told_once(self):
        self.start()
        playing = self.play("tone")
        playing.wait_told("opened")
        self.sound.pactl("suspend-sink", "speakers", "1")
        why = playing.wait_told("lost")
        print(why)
        self.expect_pace(playing, 3)
        self.assertEqual(len(playing.events("lost")), 1, str(playing))
        self.sound.pactl("suspend-sink", "speakers", "0")
        playing.wait_told("opened", 2)
        playing.close()

    def test_the_ear_has_a_sink_of_its_own(self):
        self.start()
        playing = self.play("tone")
        playing.wait_told("opened")
        self.assertIn('media.role = "video"', self.sound.pactl("list", "sink-inputs"))
        playing.ask("ear")
        wait_for(lambda: "no handset" in playing.stderr, 5, f"a warning\n{playing}")
        wait_for(lambda: 'media.role = "phone"' in self.sound.pactl("list", "sink-inputs"), 5, "the other role")
        self.assertFalse(playing.events("moved"))
        self.sound.place("headphones", "device.form_factor=headphone")
        self.assertIn("eadphones", playing.wait_told("moved"))
        self.expect_pace(playing, 2)
        playing.ask("speaker")
        self.assertIn("peakers", playing.wait_told("moved", 2))
        playing.ask("ear")
        self.assertIn("eadphones", playing.wait_told("moved", 3))
        self.sound.unplug("headphones")
        playing.wait_told("moved", 4)
        self.expect_pace(playing, 2)
        self.assertFalse(playing.events("lost"), str(playing))
        playing.close()

    def test_without_a_server_or_a_card_time_goes_on(self):
        playing = self.play("tone", env={"PULSE_SERVER": str(self.directory / "none"), "ALSA_CONFIG_PATH": "/usr/share/alsa/alsa.conf"})
        if playing.wait_told("lost"):
            print(playing.texts("lost")[0])
        self.expect_pace(playing, 2)
        playing.close()

    def test_alsa(self):
        if not list(pathlib.Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
            self.skipTest("needs apt-get install libasound2-plugins")
        self.start()
        conf = self.directory / "asound.conf"
        conf.write_text(ALSA.format(server=self.sound.env["PULSE_SERVER"]))
        playing = self.play("tone", device="alsa:default", sink="speakers", env={"ALSA_CONFIG_PATH": str(conf)})
        playing.wait_told("opened")
        time.sleep(3)
        self.expect_pace(playing, 3, one_line=False)
        self.sound.send(signal.SIGKILL)
        print(playing.wait_told("lost"))
        self.expect_pace(playing, 2)
        self.start()
        playing.wait_told("opened", 2)
        time.sleep(2)  # the server has moved it to the sink that is the default now, which ALSA knows nothing of
        self.expect_pace(playing, 2, one_line=False)
        playing.close()
        sound = self.heard()
        begin = next(at for at, value in enumerate(sound) if abs(value) > 0.05) + RATE // 2
        levels = [listening.tone(sound[begin:], 440, step / 10, 0.1) for step in range(40)]
        right = [abs(level + 12.04) < 0.1 for level in levels]
        print(f"{min(levels):.3f} .. {max(levels):.3f} dB, {right.count(True)} of {len(right)} as they were played")
        self.assertGreater(right.count(True), 30)
        self.assertNotIn("ALSA lib", playing.stderr)


if __name__ == "__main__":
    harness.main()
