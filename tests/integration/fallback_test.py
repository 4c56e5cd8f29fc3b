# SPDX-License-Identifier: MIT
"""A fallback goes out while a source is gone, has failed or ended, freezes, is black or silent: what a viewer of the real server sees of
each, in its recording: no hole, no step back in time, no picture that can't be decoded, a key frame at each change."""
import itertools
import os
import subprocess
import threading
import time

import clips
import harness
import pictures
from live_feeds import HttpFeed
from recording import Recording

BLUE = 0x2060C0
AFTER = 1.0
BEGAN, ENDED, FAILED = 20020, 20021, 20022
SHAPE = ["--orientation", "horizontal", "--video-width", "320", "--video-height", "180", "--fps", "25", "--adapt-resolution", "false",
         "--fallback-after", AFTER, "--log-level", "error"]
MOVES = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25")
TONE = ("-f", "lavfi", "-i", "sine=f=440:r=48000")


def clip(name, *parts, sound="sine=f=440:r=48000"):
    """Parts of the picture, one after the other, each as (lavfi source, s)."""
    inputs = [option for source, length in parts for option in ("-f", "lavfi", "-t", length, "-i", f"{source}")]
    joined = "".join(f"[{number}]" for number in range(len(parts)))
    return clips.ffmpeg(name, *inputs, "-f", "lavfi", "-i", sound, "-filter_complex", f"{joined}concat=n={len(parts)}[v]", "-map", "[v]",
                        "-map", f"{len(parts)}:a", "-t", sum(length for _, length in parts), *clips.H264, "-g", 50, "-bf", 2, *clips.AAC)


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")
        self.pause = clips.ffmpeg("pause.png", "-f", "lavfi", "-i", f"color=0x{BLUE:06x}:s=640x360", "-frames:v", 1)
        self.film = clip("film.mp4", ("testsrc2=s=320x180:r=25", 6))

    def begin(self, *arguments, env=None, **options):
        self.rtmp = self.server()
        return self.push(self.rtmp.url("rec", "test"), *SHAPE, *arguments, env=env, **options).wait_code(1002)

    def times(self, push, code):
        """When it was told, in s since 1970."""
        return [event["time"] / 1000 for event in push.events("statechange") if event["code"] == code]

    def end(self, push, code=0):
        if push.process.poll() is None:
            push.interrupt()
        self.assertEqual(push.wait(20), code, str(push))
        self.assertEqual(push.codes().count(1002), 1, f"one stream\n{push}")
        found = self.rtmp.recordings("test")
        self.assertEqual(len(found), 1, "one recording")
        return harness.finished(found[0])

    def judge(self, path, sides, longest=AFTER + 0.5):
        """`sides`: what was to be seen, as "mFm": main, fallback, main."""
        recording = Recording(path)
        self.assertEqual(recording.decode_errors(), "")
        for track in filter(None, (recording.video, recording.audio)):
            stamps = recording.times(track)
            for before, after in itertools.pairwise(stamps):
                self.assertLess(before, after, f"{track['codec_type']} goes from {before} to {after}")
        shown = sorted(recording.times(recording.video, "pts_time"))
        gap = max(after - before for before, after in itertools.pairwise(shown))
        blue = [all(pictures.near(pictures.pixel(frame, x, y), BLUE) for x, y in ((4, 4), (60, 4), (32, 18), (4, 32), (60, 32)))
                for frame in pictures.of_file(path)]
        self.assertEqual(len(blue), len(shown))
        runs = [(side, len(list(run))) for side, run in itertools.groupby(blue)]
        seen = "".join("F" if side else "m" for side, _ in runs)
        print(f"{seen}: {[count for _, count in runs]} pictures, the longest gap {gap:.3f} s")
        self.assertEqual(seen, sides)
        self.assertLessEqual(gap, longest)
        begin, keys = 0, set(recording.keys())
        order = [float(packet["pts_time"]) for packet in recording.packets(recording.video)]
        for _, count in runs:
            self.assertIn(order.index(shown[begin]), keys, "the change is no key frame")
            begin += count
        return recording

    def test_a_file_that_ends(self):
        push = self.begin("--source", f"file:{self.film}", "--fallback", self.pause, "--duration", 10)
        path = self.end(push) if push.wait(25) == 0 else self.end(push, None)
        self.judge(path, "mF", 0.5)
        self.assertEqual([code for code in push.codes() if code in (BEGAN, ENDED)], [BEGAN], str(push))

    def test_a_network_source_that_dies_and_is_back(self):
        feed = HttpFeed(clips.ffmpeg("live.flv", *MOVES, *TONE, "-t", 60, *clips.H264, *clips.AAC))
        self.addCleanup(feed.close)
        push = self.begin("--source", f"file:{feed.url}", "--fallback", self.pause)
        time.sleep(3)
        feed.die()
        push.wait_code(BEGAN)
        time.sleep(3)
        back = time.time()
        feed.back()
        push.wait_code(ENDED)
        time.sleep(2)
        returned = self.times(push, 1010)[0]
        print(f"the source was there {returned - back:.2f} s after its server, and out {self.times(push, ENDED)[0] - returned:.2f} s later")
        self.assertLess(self.times(push, ENDED)[0] - returned, 1)
        self.judge(self.end(push), "mFm")

    def test_a_pipe_whose_writers_come_and_go(self):
        pipe = self.directory / "pipe"
        os.mkfifo(pipe)

        def write(seconds):
            return self.spawn(["ffmpeg", "-nostdin", "-v", "quiet", "-y", "-re", *MOVES, "-t", str(seconds), "-pix_fmt", "yuv420p", "-f",
                               "rawvideo", str(pipe)])
        write(3)
        push = self.begin("--video-source", f"raw:{pipe},320x180@25", "--audio-source", "test", "--fallback", self.pause)
        push.wait_code(BEGAN)
        time.sleep(2)
        writer = write(6)
        push.wait_code(ENDED)
        time.sleep(1)
        writer.kill()  # in the middle of a picture
        push.wait_code(BEGAN, count=2)
        time.sleep(1)
        self.judge(self.end(push), "mFmF")

    def test_a_camera_that_is_pulled(self):
        faults = self.directory / "faults"
        env = harness.preloaded("LIVEPUSHER_FAKE_CAMERA", FAKE_CAMERA_CONTROL=faults)
        push = self.begin("--video-source", "camera:0", "--audio-source", "none", "--fallback", self.pause, env=env).wait_code(1003)
        time.sleep(2)
        (self.directory / "new").write_text("0 unplug\n")
        (self.directory / "new").replace(faults)
        push.wait_code(BEGAN)
        time.sleep(3)
        (self.directory / "new").write_text("0 ok 3\n")
        (self.directory / "new").replace(faults)
        push.wait_code(ENDED)
        time.sleep(2)
        returned = self.times(push, 1010)[0]
        self.assertLess(self.times(push, ENDED)[0] - returned, 1, str(push))
        self.judge(self.end(push), "mFm")

    def test_black_frozen_and_silent(self):
        still = "testsrc2=s=320x180:r=25:d=3,tpad=stop_mode=clone:stop_duration=5"
        film = clip("faults.mp4", ("testsrc2=s=320x180:r=25", 3), ("color=black:s=320x180:r=25", 4), (still, 8), ("testsrc2=s=320x180:r=25", 8),
                    sound="sine=f=440:r=48000,volume=volume=0:enable='between(t,17,20)'")
        push = self.begin("--source", f"file:{film}", "--fallback", self.pause, "--fallback-on", "lost,black,frozen,silent")
        self.assertEqual(push.wait(40), 0, str(push))
        self.judge(self.end(push), "mFmFmFm", 0.5)
        told = [event["message"] for event in push.events("statechange") if event["code"] == BEGAN]
        for line, cause in zip(told, ("a black picture", "the same picture", "silence")):
            self.assertIn(f"{cause} for {AFTER:.1f} s; image:", line)
        # By the film's own time: black from 3 to 7, frozen from 10 to 15, silent from 17 to 20.
        began = self.times(push, 1007)[0]
        for (code, number), due in {(BEGAN, 0): 3 + AFTER, (ENDED, 0): 7, (BEGAN, 1): 10 + AFTER, (ENDED, 1): 15, (BEGAN, 2): 17 + AFTER,
                                    (ENDED, 2): 20}.items():
            late = self.times(push, code)[number] - began - due
            print(f"{code}: {late:+.2f} s")
            self.assertGreater(late, -0.3)
            self.assertLess(late, 1.0)

    def test_a_clip_brings_its_sound(self):
        other = clips.ffmpeg("blue.mp4", "-f", "lavfi", "-i", f"color=0x{BLUE:06x}:s=160x90:r=10", "-f", "lavfi", "-i", "sine=f=2000:r=44100",
                             "-t", 2, *clips.H264, *clips.AAC)
        push = self.begin("--source", f"file:{self.film}", "--fallback", other, "--duration", 12)
        push.wait(25)
        recording = self.judge(self.end(push), "mF", 0.5)
        self.assertAlmostEqual(recording.length(recording.audio), recording.length(recording.video), delta=0.5)
        for tone, since, present in ((440, 2, True), (2000, 2, False), (440, 8, False), (2000, 8, True)):
            heard = subprocess.run(["ffmpeg", "-nostdin", "-v", "info", "-ss", str(since), "-t", "2", "-i", str(recording.path), "-af",
                                    f"bandpass=f={tone}:width_type=h:w=100,astats=measure_perchannel=none", "-f", "null", "-"],
                                   capture_output=True, text=True, check=True).stderr
            level = float(heard.split("RMS level dB:")[1].split()[0])
            self.assertEqual(level > -35, present, f"{tone} Hz at {since} s: {level} dB")

    def test_what_is_not_there_at_the_start(self):
        film = self.directory / "later.mp4"
        push = self.begin("--source", f"file:{film}", "--fallback", self.pause)
        push.wait_code(BEGAN)
        time.sleep(1)
        (self.directory / "part").write_bytes(self.film.read_bytes())
        (self.directory / "part").rename(film)
        push.wait_code(ENDED)
        time.sleep(1)
        path = self.end(push)
        recording = Recording(path)
        self.assertEqual(recording.decode_errors(), "")

    def test_a_fallback_that_cant_be_opened_lets_it_end(self):
        push = self.begin("--source", f"file:{self.film}", "--fallback", self.directory / "none.png")
        self.assertEqual(push.wait(25), 0, str(push))
        self.assertIn(FAILED, push.codes())
        self.judge(self.end(push), "m", 0.5)

    def test_a_playlist_has_no_gap(self):
        short = clip("short.mp4", ("testsrc2=s=160x90:r=25", 2))
        push = self.begin("--source", f"file:{short}", "--source", f"file:{self.film}", "--source", f"file:{short}")
        self.assertEqual(push.wait(30), 0, str(push))
        recording = self.judge(self.end(push), "m", 0.15)
        self.assertAlmostEqual(recording.length(recording.video), 10, delta=0.3)
        listed = self.directory / "list.m3u"
        listed.write_text(f"{short}\n{short}\n")
        push = self.push_cleanly(self.directory / "out.flv", *SHAPE, "--playlist", listed)
        recording = Recording(self.directory / "out.flv")
        self.assertAlmostEqual(recording.length(recording.video), 4, delta=0.3)

    def test_keep_goes_on_after_faults_that_may_pass(self):
        """A server that isn't there yet, and goes again; a source that breaks off; then --duration ends it."""
        film = self.directory / "later.mp4"
        push = self.push(self.directory / "out.flv", *SHAPE, "--source", f"file:{film}", "--keep", "--duration", 12)
        threading.Timer(2.5, lambda: film.write_bytes(self.film.read_bytes())).start()
        push.wait_code(1002)
        self.assertEqual(push.wait(30), 0, str(push))
        self.assertIn("it starts again in 1 s (--keep)", push.stderr)
        self.assertGreater(Recording(self.directory / "out.flv").length(Recording(self.directory / "out.flv").video), 3)
        # What can't come right ends it all the same.
        wrong = self.run_push(self.directory / "no.flv", *SHAPE, "--source", "file:x", "--fallback", "app", "--keep")
        self.assertEqual(wrong.process.returncode, 2, str(wrong))

    def test_keep_comes_back_to_a_server(self):
        server = self.server()
        url = server.url("rec", "test")
        server.stop()
        push = self.push(url, *SHAPE, "--source", "test", "--keep", "--reconnect", "off")
        time.sleep(2)
        self.assertIsNone(push.process.poll(), str(push))
        server.start()
        push.wait_code(1002, within=40)
        time.sleep(1)
        server.stop()
        time.sleep(2)
        server.start()
        push.wait_code(1002, within=40, count=2)
        self.assertEqual(push.interrupt().wait(20), 0, str(push))
        self.assertGreaterEqual(push.stderr.count("(--keep)"), 2)


if __name__ == "__main__":
    harness.main()
