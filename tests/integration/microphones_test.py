# SPDX-License-Identifier: MIT
"""Microphones of a sound server and of ALSA, and what the machine plays: heard, gone, back, mute and refused."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import harness
import listening
from processes import free_ports, wait_for
from recording import Recording

sys.path.insert(0, str(harness.HERE / "devices"))
sys.path.insert(0, str(harness.HERE.parent / "program"))
import stand_ins  # noqa: E402
from program_case import Control  # noqa: E402

DENIED, GONE, MUTE = 10002, -1302, -1311
STEP = 0.1  # s, of what is listened to at once
NOBODY = 65534
#: An ALSA without cards whose default is the server.
ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default {{ type pulse server "{server}" }}
ctl.!default {{ type pulse server "{server}" }}
"""


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(**stand_ins.SoundServer.COMMANDS, ffmpeg="ffmpeg")
        self.sound = stand_ins.SoundServer(self.directory / "sound")
        self.addCleanup(self.sound.stop)
        self.flv = self.directory / "heard.flv"

    def listen(self, source, *arguments, env=None):
        """A push to a file that has begun."""
        push = self.push(self.flv, "--overwrite", "--video-source", "none", "--audio-source", source, "--log-level", "info", *arguments,
                         env={**self.sound.env, **(env or {})})
        return push.wait_code(1002)

    def heard(self, push, *tones):
        """Ends the push: whether each tone was heard, for each tenth of a second of the recording, which has no hole."""
        push.interrupt()
        self.assertEqual(push.wait(15), 0, str(push))
        recording = Recording(self.flv)
        times = recording.times(recording.audio)
        self.assertLess(max(b - a for a, b in zip(times, times[1:])), 0.05, "the track goes on whatever happens")
        samples = listening.samples(self.flv)
        steps = range(int(len(samples) / listening.RATE / STEP))
        levels = [[listening.tone(samples, hz, step * STEP, STEP) for step in steps] for hz in tones]
        for hz, level in zip(tones, levels):
            print(f"{hz} Hz:", "".join("#" if each > -40 else "-" if each > -80 else "." for each in level))
        return levels

    def wait_log(self, push, text, within=15):
        wait_for(lambda: text in push.stderr, within, f"{text!r} in the log\n{push}")

    @staticmethod
    def episodes(level):
        """How often the tone was there and was not: [(True, how many steps), (False, ...)]."""
        found = []
        for each in level:
            there = each > -40
            if found and found[-1][0] == there:
                found[-1][1] += 1
            else:
                found.append([there, 1])
        return found

    def test_tone_level_and_role(self):
        self.sound.start()
        push = self.listen("mic", "--control", self.directory / "control")
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        wait_for(lambda: 'media.role = "production"' in self.sound.listeners(), 10, "the stream with its role")
        self.assertIn('application.name = "livepusher"', self.sound.listeners())
        time.sleep(2)
        self.assertTrue(control.ask({"set": {"audioVolumeType": "voicecall"}})["ok"])
        wait_for(lambda: 'media.role = "phone"' in self.sound.listeners(), 10, "the other role")
        self.assertTrue(control.ask({"set": {"audioVolumeType": "media"}})["ok"])
        wait_for(lambda: 'media.role = "production"' in self.sound.listeners(), 10, "the first role")
        time.sleep(2)
        level = self.heard(push, 1000)[0]
        steady = level[5:-3]
        middle = sorted(steady)[len(steady) // 2]
        print(f"{middle:.2f} dB, {min(steady) - middle:+.2f} {max(steady) - middle:+.2f}")
        self.assertGreater(len(steady), 30)
        self.assertLess(max(steady) - min(steady), 0.5, "a dropout or a click")
        self.assertFalse({DENIED, GONE, MUTE} & set(push.codes()), push.codes())

    def sides(self, push):
        """Ends the push: the samples of either channel."""
        push.interrupt()
        self.assertEqual(push.wait(15), 0, str(push))
        return [listening.samples(self.flv, channel) for channel in (0, 1)]

    def test_one_of_two_channels(self):
        self.sound.start()
        source = self.sound.plug_interface("interface", ["front-left", "front-right"])
        self.sound.sing("interface", "front-left", 1000)
        push = self.listen(f"mic:{source}", "--control", self.directory / "control")
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        self.wait_log(push, "right channel is dead", 6)
        time.sleep(1)
        self.sound.sing("interface", "front-right", 2500)
        self.wait_log(push, "both channels give sound", 6)
        time.sleep(1)
        self.assertTrue(control.ask({"set": {"micChannels": "right"}})["ok"])
        time.sleep(1)
        left, right = self.sides(push)
        steps = range(int(min(len(left), len(right)) / listening.RATE / STEP) - 2)
        levels = {(side, hz): [listening.tone(samples, hz, step * STEP, STEP) for step in steps]
                  for side, samples in (("left", left), ("right", right)) for hz in (1000, 2500)}
        for (side, hz), level in levels.items():
            print(f"{side:5} {hz}:", "".join("#" if each > -40 else "." for each in level))
        dead = [level < -40 for level in levels["right", 1000]]
        found = dead.index(False, 3)
        print(f"the dead side was heard after {found * STEP:.1f} s; left {levels['left', 1000][found + 5]:.1f}, "
              f"right {levels['right', 1000][found + 5]:.1f} dB")
        self.assertLess(found * STEP, 3.5)
        self.assertAlmostEqual(levels["left", 1000][found + 5], levels["right", 1000][found + 5], delta=0.3)
        # Then each side has its own, and in the end the right one both.
        self.assertIn((True, False, False, True), [tuple(levels[key][step] > -40 for key in
                      (("left", 1000), ("left", 2500), ("right", 1000), ("right", 2500))) for step in steps])
        self.assertEqual([levels[key][-1] > -40 for key in (("left", 1000), ("left", 2500), ("right", 1000), ("right", 2500))],
                         [False, True, False, True])

    def test_one_of_two_channels_in_mono_keeps_its_level(self):
        self.sound.start()
        source = self.sound.plug_interface("interface", ["front-left", "front-right"])
        self.sound.sing("interface", "front-left", 1000)
        push = self.listen(f"mic:{source}", "--audio-quality", "low")
        self.wait_log(push, "right channel is dead", 6)
        time.sleep(1)
        low = self.sides(push)[0]
        end = len(low) / listening.RATE
        before, after = listening.tone(low, 1000, 0.5, 0.5), listening.tone(low, 1000, end - 0.7, 0.5)
        print(f"{before:.1f} dB, then {after:.1f} dB")
        self.assertAlmostEqual(after - before, 6.0, delta=0.4)

    def test_channels_without_places_are_the_first_two(self):
        self.sound.start()
        source = self.sound.plug_interface("interface", ["aux0", "aux1", "aux2", "aux3"])
        for place, hertz in (("aux0", 1000), ("aux1", 2500), ("aux2", 4000)):
            self.sound.sing("interface", place, hertz)
        push = self.listen(f"mic:{source}")
        time.sleep(2)
        left, right = self.sides(push)
        heard = [[listening.tone(samples, hz, 1, 0.5) > -40 for hz in (1000, 2500, 4000)] for samples in (left, right)]
        self.assertEqual(heard, [[True, False, False], [False, True, False]])

    def test_unplugged_and_back(self):
        self.sound.start()
        self.sound.plug("other", 2500)
        push = self.listen("mic:microphone")
        time.sleep(1.5)
        self.sound.unplug("microphone")
        push.wait_code(GONE)
        time.sleep(1.5)
        self.sound.plug("microphone", 1000)
        self.wait_log(push, "is there again")
        time.sleep(1.5)
        own, other = self.heard(push, 1000, 2500)
        self.assertEqual([there for there, count in self.episodes(own) if count > 5], [True, False, True])
        self.assertLess(max(other), -40, "another microphone is no substitute for one that was named")
        self.assertEqual(push.codes().count(GONE), 1)

    def test_server_killed_and_back(self):
        self.sound.start()
        push = self.listen("mic")
        time.sleep(1.5)
        self.sound.send(signal.SIGKILL)
        push.wait_code(GONE)
        time.sleep(1)
        self.sound.start()
        self.wait_log(push, "is there again")
        time.sleep(1.5)
        level = self.heard(push, 1000)[0]
        self.assertEqual([there for there, count in self.episodes(level) if count > 5], [True, False, True])
        self.assertEqual(push.codes().count(GONE), 1)

    def test_suspended_muted_and_hung(self):
        self.sound.start()
        push = self.listen("mic:microphone")
        time.sleep(1)
        self.sound.pactl("suspend-source", "microphone", "1")
        push.wait_code(MUTE)
        self.assertIn("it is suspended", push.stdout)
        self.sound.pactl("suspend-source", "microphone", "0")
        self.wait_log(push, "gives sound again")
        time.sleep(0.5)
        self.sound.pactl("set-source-mute", "microphone", "1")
        push.wait_code(MUTE, count=2)
        self.assertIn("it is muted", push.stdout)
        self.sound.pactl("set-source-mute", "microphone", "0")
        wait_for(lambda: push.stderr.count("gives sound again") >= 2, 15, "sound after it was muted")
        time.sleep(1)
        self.sound.send(signal.SIGSTOP)
        push.wait_code(MUTE, count=3)
        begin = time.monotonic()
        level = self.heard(push, 1000)[0]
        print(f"ended with a server that hangs: {time.monotonic() - begin:.2f} s with what is measured here")
        self.assertEqual([there for there, count in self.episodes(level) if count > 3], [True, False, True, False, True, False])

    def test_follows_the_default(self):
        self.sound.start()
        self.sound.plug("second", 2500)
        push = self.listen("mic")
        time.sleep(1.5)
        self.sound.use("source", "second")
        self.wait_log(push, "to Second")
        time.sleep(1.5)
        self.sound.unplug("second")
        self.wait_log(push, "to Microphone")
        time.sleep(1)
        # What the machine plays is left alone: that is no microphone.
        self.sound.play("speakers", 4000)
        self.sound.unplug("microphone")
        push.wait_code(GONE)
        time.sleep(1)
        first, second, played = self.heard(push, 1000, 2500, 4000)
        self.assertEqual([there for there, count in self.episodes(first) if count > 5], [True, False, True, False])
        self.assertEqual([there for there, count in self.episodes(second) if count > 5], [False, True, False])
        self.assertLess(max(played), -40)

    def test_mixed_with_what_the_machine_plays(self):
        self.sound.start()
        self.sound.play("speakers", 2500)
        self.sound.use("sink", "speakers")
        push = self.listen("mic:microphone+system")
        time.sleep(2.5)
        self.sound.unplug("microphone")
        push.wait_code(GONE)
        time.sleep(1.5)
        self.sound.plug("microphone", 1000)
        self.wait_log(push, "is there again")
        time.sleep(1.5)
        own, played = self.heard(push, 1000, 2500)
        self.assertEqual([there for there, count in self.episodes(own) if count > 5], [True, False, True])
        steady = played[6:-4]
        print(f"what the machine plays: {min(steady):.1f} .. {max(steady):.1f} dB")
        self.assertLess(max(steady) - min(steady), 3, "it was to go on as if nothing were")

    def test_only_what_the_machine_plays(self):
        self.sound.start()
        self.sound.play("speakers", 2500)
        self.sound.use("sink", "speakers")
        push = self.listen("system")
        time.sleep(1.5)
        self.sound.play("others", 4000)
        self.sound.use("sink", "others")
        self.wait_log(push, "follows the default")
        time.sleep(1.5)
        first, second, microphone = self.heard(push, 2500, 4000, 1000)
        self.assertEqual([there for there, count in self.episodes(first) if count > 5], [True], "the server moves it along")
        self.assertEqual([there for there, count in self.episodes(second) if count > 5], [False, True])
        self.assertLess(max(microphone), -40)

    def test_alsa(self):
        if not list(pathlib.Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
            self.skipTest("needs apt-get install libasound2-plugins")
        self.sound.start()
        conf = self.directory / "asound.conf"
        conf.write_text(ALSA.format(server=self.sound.env["PULSE_SERVER"]))
        push = self.listen("mic", env={"PULSE_SERVER": str(self.directory / "none"), "ALSA_CONFIG_PATH": str(conf)})
        time.sleep(1.5)
        self.sound.send(signal.SIGKILL)
        push.wait_code(GONE)
        time.sleep(0.8)
        self.sound.start()
        self.wait_log(push, "is there again")
        time.sleep(1.5)
        level = self.heard(push, 1000)[0]
        self.assertEqual([there for there, count in self.episodes(level) if count > 3], [True, False, True])
        self.assertNotIn("ALSA lib", push.stderr)

    def test_refusals(self):
        port, = free_ports(1)
        cookie, other = self.directory / "cookie", self.directory / "other"
        cookie.write_bytes(b"a" * 256)
        other.write_bytes(b"b" * 256)
        self.sound.start(f"module-native-protocol-tcp listen=127.0.0.1 port={port} auth-cookie={cookie}")
        none = {"PULSE_SERVER": str(self.directory / "none"), "ALSA_CONFIG_PATH": "/usr/share/alsa/alsa.conf"}
        forbidden = self.directory / "forbidden"
        forbidden.mkdir()
        cases = [("mic", DENIED, "cookie", {"PULSE_SERVER": f"tcp:127.0.0.1:{port}", "PULSE_COOKIE": str(other)}),
                 ("mic:nothing", GONE, "no such source", {}),
                 ("system:nothing", GONE, "no such source", {}),
                 ("system:microphone", GONE, "use mic:microphone", {}),
                 ("mic:hw:31", GONE, "is not there", {}),
                 ("mic", GONE, "no sound server answers", none),
                 ("system", GONE, "no sound server answers", none),
                 ("mic+system", GONE, "no sound server answers", none)]
        for source, code, text, env in cases:
            with self.subTest(source=source, text=text):
                push = self.run_push(self.flv, "--video-source", "none", "--audio-source", source, "--duration", "1",
                                     env={**self.sound.env, **env})
                self.assertIn(code, push.codes(), str(push))
                self.assertIn(text, push.stdout)
                self.assertNotIn("ALSA lib", push.stderr)
                self.assertNotEqual(push.process.returncode, 0)
        good = {"PULSE_SERVER": f"tcp:127.0.0.1:{port}", "PULSE_COOKIE": str(cookie)}
        self.push_cleanly(self.flv, "--video-source", "none", "--audio-source", "mic", "--duration", "1",
                          env={**self.sound.env, **good})

    def test_listed(self):
        def listed():
            # Where nothing at all is found it ends with an error, and tells why all the same.
            return json.loads(subprocess.run([harness.tool("LIVEPUSHER_BIN"), "devices", "--json"], env={**os.environ, **self.sound.env},
                                             stdin=subprocess.DEVNULL, capture_output=True, timeout=20).stdout)

        self.sound.start()
        self.sound.plug("second", 2500)
        self.sound.play("speakers", 4000)
        self.sound.pactl("set-source-mute", "second", "1")
        found = [each for each in listed()["microphones"] if each["server"] == "pulse"]
        print(json.dumps(found, indent=1))
        self.assertEqual((found[0]["id"], found[0]["isDefault"], found[0]["system"]), ("microphone", True, False))
        self.assertEqual((found[0]["sampleRate"], found[0]["channels"]), (48000, 2))
        by_id = {each["id"]: each for each in found}
        self.assertTrue(by_id["speakers"]["system"])
        self.assertIn("it is muted", by_id["second"]["problem"])
        self.sound.send(signal.SIGSTOP)
        self.assertTrue(any("does not answer" in note for note in listed()["notes"]))

    def test_a_socket_without_rights(self):
        self.sound.start()
        env = dict(self.sound.env)
        self.directory.chmod(0o777)
        if os.geteuid() == 0:
            self.sound.socket.chmod(0o700)
            before = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        else:
            self.sound.socket.chmod(0)
            before = []
        program, libraries = harness.for_anyone(self.directory)
        push = harness.Push(["push", str(self.flv), "--json", "--video-source", "none", "--audio-source", "mic", "--duration", "1"],
                            self.directory, {**env, **libraries, "HOME": str(self.directory)}, [*before, program])
        push.wait()
        self.assertIn(DENIED, push.codes(), str(push))
        self.assertIn("may not be opened", push.stdout)


if __name__ == "__main__":
    harness.main()
