# SPDX-License-Identifier: MIT
"""Whole pushes: events, status, summary, signals, keys, exit codes, and the examples."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

import program_case
import terminal_case
from program_case import ARGUMENTS, DONE, NETWORK, OTHER, SOURCE, harness, processes

KEY = "s3cr3tkey"


class Push(harness.Case):
    def check_secret(self, push):
        self.assertNotIn(KEY, push.stdout + push.stderr)

    def test_json_has_one_object_a_line_and_nothing_else(self):
        push = self.push_cleanly(self.server().url("live", KEY), "--source", "test", "--duration", "3")
        self.assertEqual(len(push.events()), len(push.stdout.splitlines()))
        for event in push.events():
            self.assertIsInstance(event["time"], int)
        for code in (1001, 1002, 1007, 1008):
            self.assertIn(code, push.codes())
        results = {event["method"]: event for event in push.events("result")}
        self.assertTrue(results["start"]["ok"] and results["stop"]["ok"])
        info = push.events("netstatus")[-1]["info"]
        self.assertEqual(len(info), 24)
        self.assertGreater(info["videoFrames"], 15)
        self.assertRegex(push.stderr, r"pushed 3\.\d s, \d+ frames, [\d.]+ [kM]B, \d+ dropped, 0 reconnects\n$")  # none on an idle machine
        self.check_secret(push)

    def test_plain_lines_without_a_terminal_and_nothing_when_quiet(self):
        server = self.server()
        loud = self.push_cleanly(server.url("live", KEY), "--source", "test", "--duration", "6", json_events=False)
        self.assertEqual(loud.stdout, "")
        self.assertNotIn("\r", loud.stderr)
        self.assertRegex(loud.stderr, r"(?m)^pushing 00:00:0\d  \d+\+\d+ kbps  ")
        quiet = self.push_cleanly(server.url("live", KEY), "--source", "test", "--duration", "1", "--quiet", json_events=False)
        self.assertEqual((quiet.stdout, quiet.stderr), ("", ""))
        self.check_secret(loud)

    def test_interrupt_and_terminate_stop_cleanly(self):
        server = self.server()
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            push = self.push(server.url("live", KEY), "--source", "test").wait_code(1002)
            processes.wait_for(lambda: push.events("result"), 10, "start's success, which may follow 1002 by a little")
            push.process.send_signal(sig)
            self.assertEqual(push.wait(5), DONE, str(push))
            self.assertIn("pushed ", push.stderr)

    def test_interrupt_while_connecting(self):
        silent = self.silent_server()
        push = self.push(f"rtmp://127.0.0.1:{silent}/live/{KEY}", "--source", "test").wait_code(1001)
        self.assertEqual(push.interrupt().wait(4), DONE, str(push))
        self.check_secret(push)

    def silent_server(self):
        """A port that accepts and never answers."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        self.addCleanup(listener.close)
        return listener.getsockname()[1]

    def test_exit_codes(self):
        def code(url, *arguments):
            push = self.run_push(url, *arguments, "--reconnect", "off")
            self.check_secret(push)
            self.assertIn("livepusher: ", push.stderr)
            self.assertFalse(push.events("result")[0]["ok"])
            return push.process.returncode

        url = self.server().url("live", KEY)
        refused, = processes.free_ports(1)
        self.assertEqual(code(f"rtmp://127.0.0.1:{refused}/live/{KEY}", "--source", "test"), NETWORK)
        self.assertEqual(code(f"rtmp://no-such-host.invalid/live/{KEY}", "--source", "test"), NETWORK)
        self.assertEqual(code(self.server().url("guarded", KEY), "--source", "test"), NETWORK)
        self.assertEqual(code(url, "--source", "file:/no/such/file.mp4"), SOURCE)
        self.assertEqual(code(url, "--source", f"file:{__file__}"), SOURCE)
        self.assertEqual(code(url, "--video-source", "camera:/dev/null", "--audio-source", "none"), SOURCE)
        self.assertEqual(code(url, "--source", "nonsense:5"), ARGUMENTS)
        unrecorded = self.run_push(url, "--source", "test", "--duration", "1", "--record", "/no/such/dir/x.flv")
        self.assertEqual(unrecorded.process.returncode, OTHER, str(unrecorded))  # pushed, but not all that was asked for
        self.assertIn("pushed 1.", unrecorded.stderr)

    def test_a_lost_server_ends_it_with_the_network_code(self):
        server = self.server()
        push = self.push(server.url("live", KEY), "--source", "test", "--reconnect", "1x0.5").wait_code(1002)
        server.kill()
        self.assertEqual(push.wait(), NETWORK, str(push))
        self.assertIn(1102, push.codes())
        self.assertIn(-1307, push.codes())

    def test_a_file_ends_the_program_when_it_ends(self):
        harness.need_commands(ffmpeg="ffmpeg")
        clip = self.directory / "clip.mp4"
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x240:r=25:d=2", "-f", "lavfi", "-i",
                     "sine=d=2", "-pix_fmt", "yuv420p", clip])
        url = self.server().url("live", KEY)
        push = self.push_cleanly(url, "--source", f"file:{clip}")
        self.assertRegex(push.stderr, r"pushed [12]\.\d s")
        looped = self.push_cleanly(url, "--source", f"file:{clip}", "--loop", "--duration", "4")
        self.assertRegex(looped.stderr, r"pushed 4\.\d s")

    def test_records_what_it_pushes(self):
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")
        file = self.directory / "copy.flv"
        self.push_cleanly(self.server().url("live", KEY), "--source", "test", "--duration", "2", "--record", file)
        streams = harness.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", file]).split()
        self.assertEqual(sorted(set(streams) & {"aac", "h264"}), ["aac", "h264"])
        harness.run(["ffmpeg", "-v", "error", "-xerror", "-i", file, "-map", "0:v", "-map", "0:a", "-f", "null", "-"])

    def test_a_reader_that_goes_away_doesnt_end_the_push(self):
        push = subprocess.Popen([harness.tool("LIVEPUSHER_BIN"), "push", self.server().url("live", KEY), "--source", "test", "--json",
                                 "--duration", "3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.addCleanup(push.kill)
        push.stdout.readline()
        push.stdout.close()
        self.assertEqual(push.wait(15), DONE)
        self.assertIn(b"pushed 3.", push.stderr.read())
        push.stderr.close()

    def test_a_reader_that_stops_reading_doesnt_stop_the_signals(self):
        read, write = os.pipe()
        push = processes.spawn([harness.tool("LIVEPUSHER_BIN"), "push", self.server().url("live", KEY), "--source", "test", "--json",
                                "--net-status-interval", "0.5"], stdout=write, stderr=subprocess.DEVNULL)
        self.addCleanup(processes.end, push)
        os.set_blocking(write, False)
        try:
            while True:
                os.write(write, b" " * 4096)
        except BlockingIOError:
            pass
        os.close(write)
        time.sleep(2)
        push.send_signal(signal.SIGINT)
        self.assertEqual(push.wait(5), DONE)
        os.close(read)

    def test_the_key_is_in_no_argument_and_no_environment_of_the_process(self):
        server = self.server()
        by_argument = self.push(server.url("live", KEY), "--source", "test").wait_code(1002)
        command = pathlib.Path(f"/proc/{by_argument.process.pid}/cmdline").read_bytes()
        self.assertNotIn(KEY.encode(), command)
        self.assertIn(b"/live/*", command)
        by_environment = harness.Push(["push", "--json", "--source", "test"], self.directory, {"LIVEPUSHER_URL": server.url("live", KEY + "2")})
        self.addCleanup(processes.end, by_environment.process)
        by_environment.wait_code(1002)
        self.assertNotIn(KEY.encode(), pathlib.Path(f"/proc/{by_environment.process.pid}/environ").read_bytes())
        for push in (by_argument, by_environment):
            self.assertEqual(push.interrupt().wait(), DONE)
            self.check_secret(push)


class OnATerminal(terminal_case.OnATerminal):
    def open(self):
        url = self.directory / "pushed.flv"  # needs no server
        super().open("push", url, "--source", "test", until=r"\rpushing 00:00:0")

    def test_keys_change_the_push_and_the_terminal_is_given_back(self):
        self.open()
        self.assertFalse(self.cooked())
        self.press("?")
        self.wait_text("q quit")
        self.press("p")
        self.wait_text(r"\rpaused 0")
        self.press("p")
        self.wait_text(r"(?s)\rpaused 0.*\rpushing 0")
        self.press("+")
        self.wait_text("maxBitrate 1100 kbps")
        self.press("m")
        self.wait_text("4999")
        self.press("s")
        self.wait_text(r"snapshot: \S+\.png\r\n")
        os.unlink(re.search(r"snapshot: (\S+\.png)", self.text).group(1))
        self.press("\x1b[A")  # arrow up: no key of ours
        self.press("q")
        self.assertEqual(self.exit_code(), DONE)
        self.read(0.1)
        self.assertTrue(self.cooked())
        self.assertIn("pushed ", self.text)

    def test_control_c_twice_and_a_crash_give_the_terminal_back(self):
        for ending in (signal.SIGINT, signal.SIGABRT):
            self.open()
            os.kill(self.child, ending)
            if ending == signal.SIGINT:
                os.kill(self.child, ending)
            self.assertIn(self.exit_code(), (DONE, OTHER, -signal.SIGABRT))
            self.assertTrue(self.cooked())

    def test_control_z_gives_the_terminal_back_until_it_goes_on(self):
        self.open()
        self.press("\x1a")
        processes.wait_for(self.cooked, 5, "the terminal back")
        os.kill(self.child, signal.SIGCONT)
        processes.wait_for(lambda: not self.cooked(), 5, "the terminal taken again")
        self.press("q")
        self.assertEqual(self.exit_code(), DONE)


class Examples(harness.Case):
    def example(self, name, *arguments):
        program = os.path.join(os.environ["LIVEPUSHER_EXAMPLES"], name)
        return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=40)

    def test_push_file_pushes_a_whole_file(self):
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")
        clip = self.directory / "clip.mp4"
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=640x360:r=25:d=3", "-f", "lavfi", "-i", "sine=d=3",
                     "-pix_fmt", "yuv420p", clip])
        server = self.server()
        done = self.example("push_file", clip, server.url("rec", KEY))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("1002", done.stdout)
        self.assertNotIn(KEY, done.stdout + done.stderr)
        recording, = server.recordings(KEY)
        seconds = float(harness.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0",
                                     harness.finished(recording)]))
        self.assertAlmostEqual(seconds, 3, delta=0.3)
        self.assertEqual(self.example("push_file", "/no/such/file", server.url("rec", KEY)).returncode, 1)
        self.assertEqual(self.example("push_file").returncode, 2)

    def test_push_in_c_prints_events_until_it_is_interrupted(self):
        server = self.server()
        program = os.path.join(os.environ["LIVEPUSHER_EXAMPLES"], "push")
        running = subprocess.Popen([program, server.url("rec", KEY)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(running.kill)
        events = []
        for line in running.stdout:
            events.append(json.loads(line))
            if events[-1].get("code") == 1002:
                running.send_signal(signal.SIGINT)
                break
        rest, errors = running.communicate(timeout=40)
        self.assertEqual(running.returncode, 0, errors)
        self.assertEqual(errors, "")
        events += [json.loads(line) for line in rest.splitlines()]
        self.assertEqual(events[0]["event"], "attached")
        self.assertIn(1002, [event.get("code") for event in events])
        self.assertNotIn(KEY, json.dumps(events))
        self.assertEqual(self.example("push", server.url("rec", KEY), "/no/such \"file\"").returncode, 1)
        self.assertEqual(self.example("push").returncode, 2)
        refused = self.example("push", "ftp://" + KEY)
        self.assertEqual(refused.returncode, 2)
        self.assertNotIn(KEY, refused.stderr)

    def test_push_custom_frames_pushes_its_own(self):
        harness.need_commands(ffprobe="ffmpeg")
        server = self.server()
        done = self.example("push_custom_frames", server.url("rec", KEY), 3)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        recording, = server.recordings(KEY)
        shape = harness.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                             "stream=width,height,nb_read_frames", "-of", "csv=p=0", harness.finished(recording)]).strip().split(",")
        self.assertEqual(shape[:2], ["640", "360"])
        self.assertAlmostEqual(int(shape[2]), 75, delta=2)
        self.assertEqual(self.example("push_custom_frames", "ftp://x").returncode, 2)


if __name__ == "__main__":
    harness.main()
