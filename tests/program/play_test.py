# SPDX-License-Identifier: MIT
"""Playing: the control socket, keys, signals and summary of a player, and the examples. Files are played: they need no server."""
import json
import os
import re
import signal
import subprocess

import program_case
import terminal_case
from program_case import Control, DONE, OTHER, harness, processes

KEY = "s3cr3tkey"
SECONDS = 4


class Case(harness.Case):
    def clip(self, seconds=SECONDS):
        path = self.directory / "clip.flv"
        if not path.exists():
            self.push_cleanly(path, "--source", "test", "--mode", "QVGA", "--duration", seconds)
        return path


class Play(Case):
    def test_json_has_one_object_a_line_and_nothing_else(self):
        play = self.play(self.clip())
        self.assertEqual(play.wait(), DONE, str(play))
        self.assertEqual(len(play.events()), len(play.stdout.splitlines()))
        for event in play.events():
            self.assertIsInstance(event["time"], int)
        self.assertRegex(play.stderr, rf"^livepusher: played [34]\.\d s, \d+\.\d kB, 0 stalls, 0 skips, 0 reconnects\n$")

    def test_people_read_of_what_matters_and_quiet_says_nothing(self):
        play = self.play(self.clip(), json_events=False)
        self.assertEqual((play.wait(), play.stdout), (DONE, ""), str(play))
        for line in ("2008 DecoderStarted: H.264", "2004 PlayBegan: playing", "2006 PlayEnded"):
            self.assertIn(line, play.stderr)
        for detail in ("2001", "2003", "2005"):
            self.assertNotIn(detail, play.stderr)
        quiet = self.play(self.clip(), "--quiet", json_events=False)
        self.assertEqual((quiet.wait(), quiet.stdout, quiet.stderr), (DONE, "", ""))

    def test_no_desktop_is_told_and_plays_without_a_window(self):
        nowhere = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
        done = program_case.livepusher("play", self.clip(), "--sound", "none", env=nowhere)
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertIn("livepusher: no window: ", done.stderr)

    def test_the_control_socket_takes_a_player_s_methods(self):
        path = self.directory / "control"
        play = self.play(self.clip(8), "--control", path).wait_code(2032).wait_code(2004)
        client = Control(path)
        self.addCleanup(client.close)
        self.assertEqual(client.ask({"get": "state"})["state"], "playing")
        self.assertTrue(client.ask({"method": "pause", "id": 7})["ok"])
        self.assertEqual(client.ask({"get": "state"})["state"], "paused")
        answer = client.ask({"method": "resume", "id": {"a": 1}})
        self.assertEqual((answer["method"], answer["ok"], answer["id"]), ("resume", True, {"a": 1}))
        self.assertTrue(client.ask({"method": "mute"})["ok"])
        self.assertTrue(client.ask({"set": {"max-cache": 2, "volume": 0.5}})["ok"])
        shown = client.ask({"get": "properties"})["properties"]
        self.assertEqual((shown["maxCache"], shown["volume"], shown["muted"]), (2, 0.5, True))
        processes.wait_for(lambda: client.ask({"get": "netstatus"})["info"]["videoWidth"] == 180, 5, "the picture's size")
        for wrong in ({"volume": 2}, {"volume": 0.7, "maxCache": 0.2, "minCache": 1}, {"volume": 0.7, "beauty": 1}):
            self.assertFalse(client.ask({"set": wrong})["ok"], wrong)
        self.assertEqual(client.ask({"get": "properties"})["properties"]["volume"], 0.5)  # all or nothing
        self.assertIn("did you mean pause?", client.ask({"method": "puase"})["errMsg"])
        self.assertEqual(client.ask({"method": "switchCamera"})["errCode"], 20001)
        answer = client.ask({"method": "snapshot"})
        self.assertTrue(answer["ok"], answer)
        self.addCleanup(os.unlink, answer["tempImagePath"])
        self.assertEqual((answer["width"], answer["height"]), (180, 320))
        self.assertTrue(client.ask({"method": "stop"})["ok"])
        self.assertEqual(client.ask({"get": "state"})["state"], "idle")
        self.assertTrue(client.ask({"method": "start"})["ok"])
        self.assertEqual(client.ask({"get": "state"})["state"], "playing")
        self.assertTrue(client.ask({"method": "quit"})["ok"])
        self.assertEqual(play.wait(), DONE, str(play))
        self.assertFalse(path.exists())

    def test_signals_end_it_in_order(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            play = self.play(self.clip()).wait_code(2004)
            play.process.send_signal(number)
            self.assertEqual(play.wait(), DONE, str(play))
            self.assertEqual([event["method"] for event in play.events("result")], ["start", "stop"])


class OnATerminal(terminal_case.OnATerminal, Case):
    def test_keys_change_the_player_and_the_terminal_is_given_back(self):
        self.open("play", self.clip(8), "--sound", "none", "--no-window", until=r"\rplaying 00:00:0")
        self.assertFalse(self.cooked())
        self.press("?")
        self.wait_text("q quit .*f full screen")
        self.press("p")
        self.wait_text(r"\rpaused 0")
        self.press("p")
        self.wait_text(r"(?s)\rpaused 0.*\rplaying 0")
        self.press("f")
        self.wait_text("requestFullScreen:fail")  # there is no window
        self.press("s")
        self.wait_text(r"snapshot: \S+\.png\r\n")
        os.unlink(re.search(r"snapshot: (\S+\.png)", self.text).group(1))
        self.press("m")
        self.press("q")
        self.assertEqual(self.exit_code(), DONE)
        self.read(0.1)
        self.assertTrue(self.cooked())
        self.assertIn("played ", self.text)


class Examples(Case):
    def example(self, name, *arguments):
        program = os.path.join(os.environ["LIVEPUSHER_EXAMPLES"], name)
        return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=40)

    def test_play_frames_has_pictures_and_sound_in_its_hands(self):
        done = self.example("play_frames", self.clip())
        self.assertEqual(done.returncode, DONE, done.stdout + done.stderr)
        seconds = re.findall(r"^180x320, (\d+) pictures, peak (-?\d+\.\d) dB, (\d+) ms behind$", done.stdout, re.M)
        self.assertGreaterEqual(len(seconds), SECONDS - 1, done.stdout)
        self.assertAlmostEqual(sum(int(pictures) for pictures, _, _ in seconds), SECONDS * 15, delta=16)
        self.assertGreater(max(float(peak) for _, peak, _ in seconds), -30)
        self.assertEqual(self.example("play_frames").returncode, 2)
        refused = self.example("play_frames", "ftp://h/" + KEY)
        self.assertEqual(refused.returncode, 2)
        self.assertNotIn(KEY, refused.stderr)
        self.assertEqual(self.example("play_frames", self.directory / "none.flv").returncode, 1)

    def test_play_in_c_prints_events_to_the_end_or_until_it_is_interrupted(self):
        options = json.dumps({"properties": {"audioDevice": "none"}})
        done = self.example("play", self.clip(), options)
        self.assertEqual((done.returncode, done.stderr), (DONE, ""), done.stdout)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(events[0]["event"], "attached")
        codes = [event["code"] for event in events if event["event"] == "statechange"]
        self.assertEqual([code for code in codes if code in (2001, 2002, 2006)], [2001, 2002, 2006])

        program = os.path.join(os.environ["LIVEPUSHER_EXAMPLES"], "play")
        running = subprocess.Popen([program, self.clip(), options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(running.kill)
        for line in running.stdout:
            if json.loads(line).get("code") == 2004:
                running.send_signal(signal.SIGINT)
                break
        rest, errors = running.communicate(timeout=40)
        self.assertEqual((running.returncode, errors), (DONE, ""))
        self.assertNotIn('"code":2006', rest)
        self.assertEqual(self.example("play").returncode, 2)
        refused = self.example("play", "ftp://" + KEY)
        self.assertEqual(refused.returncode, 2)
        self.assertNotIn(KEY, refused.stderr)
        self.assertEqual(self.example("play", f"rtmp://127.0.0.1:{processes.free_ports(1)[0]}/live/{KEY}",
                                      json.dumps({"properties": {"reconnect": "off"}})).returncode, OTHER)


if __name__ == "__main__":
    harness.main()
