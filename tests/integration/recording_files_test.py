# SPDX-License-Identifier: MIT
"""Recordings and file targets of every kind: whole, playable however the process ends, and in parts of which nothing is missing."""
import json
import os
import random
import subprocess
import sys
import time

import harness
import processes
from recording import Recording

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

KINDS = ("mp4", "mkv", "ts", "flv")
TEST = ("--source", "test", "--video-width", "320", "--video-height", "240", "--fps", "25")
KILLS = 20  # of each kind
KILLED_WITHIN = 1.0  # s, of what had been pushed


def length_of(path):
    """As ffprobe shows it, s."""
    shown = json.loads(harness.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "json", path]))
    return float(shown["format"]["duration"])


def sizes(path):
    """Of each decoded picture."""
    shown = harness.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=width,height", "-of", "csv=p=0", path])
    return [tuple(map(int, line.split(",")[:2])) for line in shown.split()]


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffprobe="ffmpeg")

    def check_times(self, recording):
        for track in (recording.video, recording.audio):
            times = recording.times(track)
            self.assertTrue(all(before < after for before, after in zip(times, times[1:])), f"{recording.path}: times go back")

    def check(self, path, frames, sound=None):
        """Wholly decodable, of so many pictures, as long as it says."""
        recording = Recording(path)
        self.assertEqual(recording.decode_errors(), "", path)
        self.assertEqual(len(recording.packets(recording.video)), frames, path)
        self.assertEqual(len(sizes(path)), frames, path)
        self.assertEqual(recording.keys()[0], 0, f"{path} doesn't begin with a key frame")
        self.check_times(recording)
        end = max(recording.times(recording.video, "pts_time")) + 0.04
        begin = min(recording.times(recording.video, "pts_time")[0], recording.times(recording.audio, "pts_time")[0])
        self.assertAlmostEqual(length_of(path), end - (0 if path.suffix == ".flv" else begin), delta=0.2, msg=path)
        return recording

    def test_each_kind_holds_what_the_server_got(self):
        server = self.server()
        pushes = []
        for kind in KINDS:
            more = ("--mode", "RTC") if kind == "ts" else ()
            pushes.append(self.push(server.url("rec", kind), *TEST, *more, "--duration", "6", "--record", self.directory / f"own.{kind}"))
        for kind, push in zip(KINDS, pushes):
            self.assertEqual(push.wait(30), 0, str(push))
            there = Recording(harness.finished(server.recordings(kind)[0]))
            own = self.directory / f"own.{kind}"
            recording = self.check(own, len(there.packets(there.video)))
            self.assertGreaterEqual(len(recording.packets(recording.video)), 5 * 25)
            self.assertAlmostEqual(len(recording.packets(recording.audio)), len(there.packets(there.audio)), delta=3)
            begun = [event["message"] for event in push.events("statechange") if event["code"] == 20008]
            self.assertEqual(begun, [f"writing {own}"])

    def test_each_kind_as_the_target(self):
        pushes = [self.push(self.directory / f"out.{kind}", *TEST, "--duration", "5", "--gop", "1") for kind in KINDS]
        for kind, push in zip(KINDS, pushes):
            self.assertEqual(push.wait(30), 0, str(push))
            done = [event for event in push.events() if event.get("event") == "end"]
            recording = Recording(self.directory / f"out.{kind}")
            self.check(self.directory / f"out.{kind}", len(recording.packets(recording.video)))
            self.assertAlmostEqual(recording.length(recording.video), 5, delta=0.5, msg=str(done))

    def test_other_codecs(self):
        rows = [("mp4", "hevc", "aac"), ("mkv", "hevc", "opus"), ("ts", "hevc", "opus"), ("mp4", "av1", "opus"), ("mkv", "av1", "aac")]
        pushes = [self.push(self.directory / f"{video}-{audio}.{kind}", "--source", "test", "--video-width", "160", "--video-height", "128",
                            "--fps", "10", "--video-codec", video, "--audio-codec", audio, "--duration", "4") for kind, video, audio in rows]
        for (kind, video, audio), push in zip(rows, pushes):
            self.assertEqual(push.wait(60), 0, str(push))
            recording = Recording(self.directory / f"{video}-{audio}.{kind}")
            self.assertEqual((recording.video["codec_name"], recording.audio["codec_name"]), (video, audio))
            self.assertEqual(recording.decode_errors(), "", recording.path)
            self.check_times(recording)
        refused = self.run_push(self.directory / "av1.ts", *TEST, "--video-codec", "av1", "--duration", "2")
        self.assertNotEqual(refused.process.returncode, 0)
        self.assertIn("MPEG-TS holds no AV1", refused.stdout + refused.stderr)
        self.assertFalse((self.directory / "av1.ts").exists())

    def test_a_killed_process_leaves_what_plays(self):
        dice = random.Random(20)
        waiting = [dice.uniform(1.2, 5.0) for _ in range(KILLS)]
        worst = 0.0
        for batch in range(0, KILLS, 4):
            pushes = []
            for number in range(batch, min(batch + 4, KILLS)):
                target, record = (self.directory / f"{number}.{kind}" for kind in ("mp4", "mkv"))
                push = self.push(target, *TEST, "--gop", "2", "--record", record)
                pushes.append((push, target, record, waiting[number]))
            begun = {}
            for push, *_ in pushes:
                push.wait_code(1007)
                begun[push] = time.monotonic()  # a little late, so that what was pushed is rather more
            for push, _, _, after in sorted(pushes, key=lambda each: each[3]):
                time.sleep(max(0.0, begun[push] + after - time.monotonic()))
                push.process.kill()
                push.killed = time.monotonic() - begun[push]
            for push, target, record, _ in pushes:
                push.wait(10)
                for path in (target, record):
                    recording = Recording(path)
                    self.assertEqual(recording.decode_errors(), "", path)
                    self.check_times(recording)
                    there = recording.length(recording.video) + 0.04
                    worst = max(worst, push.killed - there)
                    self.assertLess(push.killed - there, KILLED_WITHIN, f"{path}: {there:.2f} s of {push.killed:.2f} s")
                    self.assertEqual(len(sizes(path)), len(recording.packets(recording.video)))
        print(f"at most {worst:.2f} s lost")

    def test_parts_hold_all_of_it(self):
        server = self.server()
        pushes = [self.push(server.url("rec", kind), *TEST, "--gop", "1", "--duration", "7", "--record", self.directory / f"part.{kind}",
                            "--record-split", "2") for kind in KINDS]
        for kind, push in zip(KINDS, pushes):
            self.assertEqual(push.wait(40), 0, str(push))
            there = Recording(harness.finished(server.recordings(kind)[0]))
            parts = sorted(self.directory.glob(f"part*.{kind}"), key=lambda path: (len(path.name), path.name))
            self.assertGreaterEqual(len(parts), 3, push)
            frames = sounds = 0
            for number, path in enumerate(parts):
                recording = Recording(path)
                video = recording.packets(recording.video)
                self.check(path, len(video))
                if number + 1 < len(parts):
                    self.assertEqual(len(video), 50, path)
                if number > 0 and kind != "ts":
                    self.assertAlmostEqual(recording.times(recording.video, "pts_time")[0], 0, delta=0.13, msg=path)
                    self.assertLess(recording.times(recording.audio, "pts_time")[0], 0.13, path)
                frames += len(video)
                sounds += len(recording.packets(recording.audio))
            self.assertEqual(frames, len(there.packets(there.video)), "pictures of all parts")
            self.assertAlmostEqual(sounds, len(there.packets(there.audio)), delta=3)
            begun = [event["message"] for event in push.events("statechange") if event["code"] == 20008]
            self.assertEqual(begun, [f"writing {path}" + (f", part {number}" if number > 1 else "") for number, path in enumerate(parts, 1)])

    def test_names_with_the_time(self):
        self.push_cleanly(self.directory / "a-%Y%m%d-%H%M%S.mkv", *TEST, "--gop", "1", "--duration", "5", "--record-split", "2")
        names = sorted(path.name for path in self.directory.glob("a-*.mkv"))
        self.assertGreaterEqual(len(names), 2)
        for name in names:
            time.strptime(name, "a-%Y%m%d-%H%M%S.mkv")

    def test_sizes_that_change(self):
        """What adaptation does, by hand."""
        target, record = self.directory / "out.mp4", self.directory / "out.mkv"
        push = self.push(target, "--source", "test", "--video-width", "640", "--video-height", "360", "--adapt-resolution", "false", "--record", record, "--control",
                         self.directory / "control")
        push.wait_code(1007)
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        wanted = [(640, 360)]
        for width, height in ((320, 180), (480, 270), (640, 360)):
            time.sleep(1.5)
            self.assertTrue(control.ask({"set": {"videoWidth": width, "videoHeight": height}})["ok"])
            wanted.append((width, height))
        time.sleep(1.5)
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        counts = []
        for path in (target, record):
            recording = Recording(path)
            self.assertEqual(recording.decode_errors(), "", path)
            seen = sizes(path)
            self.assertEqual(len(seen), len(recording.packets(recording.video)), path)
            self.assertEqual([size for number, size in enumerate(seen) if number == 0 or size != seen[number - 1]], wanted, path)
            counts.append(len(seen))
            # Where a player jumps to, also back over a change, there is all it needs.
            for at in (4.0, 0.5, 2.0):
                done = subprocess.run(["ffmpeg", "-nostdin", "-v", "warning", "-xerror", "-ss", str(at), "-i", str(path), "-frames:v", "5", "-fps_mode", "passthrough",
                                       "-enc_time_base:v", "-1",
                                       "-f", "null", "-"], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr.strip()), (0, ""), f"{path} from {at} s")
        self.assertAlmostEqual(counts[0], counts[1], delta=2)

    def test_replays(self):
        """The last seconds, while the push and its recording go on."""
        server = self.server()
        push = self.push(server.url("rec", "test"), *TEST, "--gop", "1", "--replay-seconds", "3", "--control", self.directory / "control",
                         "--record", self.directory / "whole.mkv", "--duration", "9")
        push.wait_code(1002)
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        time.sleep(5)
        for name in ("replay.mp4", "replay.mp4", "replay.mkv", "replay.flv"):
            answer = control.ask({"method": "saveReplay", "path": str(self.directory / name)})
            self.assertTrue(answer["ok"], answer)
        refused = control.ask({"method": "saveReplay", "path": "/no/such/folder/replay.mp4"})
        self.assertEqual((refused["ok"], refused["errCode"]), (False, 20006), refused)
        self.assertIn("there is no such directory", refused["errMsg"])
        self.assertEqual(push.wait(30), 0, str(push))
        for name in ("replay.mp4", "replay-2.mp4", "replay.mkv", "replay.flv"):
            recording = Recording(self.directory / name)
            self.assertEqual(recording.decode_errors(), "", name)
            self.assertEqual(recording.keys()[0], 0, name)
            self.check_times(recording)
            self.assertGreaterEqual(recording.length(recording.video), 2.9, name)
            self.assertLessEqual(recording.length(recording.video), 4.1, name)
            if name.endswith(".flv"):
                continue  # has the stream's own times
            self.assertLess(recording.times(recording.video)[0], 0.15, name)
        there = Recording(harness.finished(server.recordings("test")[0]))
        self.assertEqual(there.decode_errors(), "")
        whole = Recording(self.directory / "whole.mkv")
        self.assertEqual(len(whole.packets(whole.video)), len(there.packets(there.video)))

    def test_a_disk_that_fills_up(self):
        """A limit of file sizes, as a full disk: what is there plays."""
        harness.need_commands(prlimit="util-linux")
        limited = ["prlimit", "--fsize=150000", harness.tool("LIVEPUSHER_BIN")]
        pushes = []
        for kind in KINDS:
            path = self.directory / f"out.{kind}"
            push = harness.Push(["push", path, "--json", *TEST], self.directory, program=limited)
            self.addCleanup(processes.end, push.process)
            pushes.append((push, path))
        for push, path in pushes:
            self.assertEqual(push.wait(60), 1, str(push))
            self.assertIn("File too large", push.stdout + push.stderr)
            recording = Recording(path)
            self.assertEqual(recording.decode_errors(), "", path)
            self.assertGreater(len(recording.packets(recording.video)), 25, path)

    def test_a_pipe(self):
        """Of containers that only grow."""
        for kind in KINDS:
            fifo = self.directory / f"fifo.{kind}"
            os.mkfifo(fifo)
            copy = self.directory / f"copy.{kind}"
            with open(copy, "wb") as out:
                reader = self.spawn(["cat", fifo], stdout=out)
                self.push_cleanly(fifo, *TEST, "--duration", "3")
                processes.end(reader)
            recording = Recording(copy)
            self.assertEqual(recording.decode_errors(), "", copy)
            self.assertGreater(len(recording.packets(recording.video)), 50)


if __name__ == "__main__":
    harness.main()
