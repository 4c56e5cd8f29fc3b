# SPDX-License-Identifier: MIT
"""Opus in files, over HTTP and to servers of Enhanced RTMP that take it; refused in clear words elsewhere.

The ffprobe of many systems does not know Opus in FLV: what was written is read here, put into Ogg, and decoded from there.
"""
import array
import json
import statistics
import struct

import flv
import harness
import ogg
from http_receiver import HttpReceiver
from recording import Recording
from scripted_server import ScriptedServer

SECONDS = 5
PRE_SKIP = 312  # samples at 48 kHz that a decoder gives before the first one that was encoded: 6.5 ms
NETWORK, ARGUMENTS = 4, 2  # the program's exit codes
SMALL = ("--video-width", 320, "--video-height", 240, "--fps", 30, "--video-preset", "ultrafast",
         "--duration", SECONDS, "--audio-codec", "opus")
TEST = ("--source", "test", *SMALL)
ENHANCED = ("--enhanced-rtmp", *TEST)


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")

    def check_sound(self, tags, name, channels=2, rate=48000):
        """The Opus track of these tags: whole, in time, and the test tone. The path of an Ogg file with it."""
        head, packets = flv.opus(tags)
        self.assertEqual(head, b"OpusHead\1" + struct.pack("<BHI", channels, PRE_SKIP, rate) + bytes(3))
        times = [time for time, _ in packets]
        self.assertLessEqual({after - before for before, after in zip(times, times[1:])}, {19, 20, 21}, "every 20 ms a packet")
        path = ogg.write(self.directory / f"{name}.ogg", head, [packet for _, packet in packets])
        stream = json.loads(harness.run(["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", path]))
        self.assertEqual((stream["streams"][0]["codec_name"], stream["streams"][0]["channels"]), ("opus", channels))
        self.assertAlmostEqual(float(stream["format"]["duration"]), len(packets) * 0.02, delta=0.02)
        self.assertAlmostEqual(len(packets) * 0.02, SECONDS, delta=1)
        self.assertEqual(Recording(path).decode_errors(), "")
        hz, level = self.tone(path)
        print(f"{name}: {len(packets)} packets, {times[0]}..{times[-1]} ms, {hz:.1f} Hz, {level:.4f}")
        self.assertAlmostEqual(hz, 440, delta=1)
        self.assertAlmostEqual(level, 0.1, delta=0.01)
        return path

    def tone(self, path):
        """Frequency and peak of the test sound between its beeps."""
        raw = self.directory / "decoded.s16"
        harness.run(["ffmpeg", "-y", "-v", "error", "-i", path, "-ac", "1", "-ar", "48000", "-f", "s16le", raw])
        samples = array.array("h", raw.read_bytes())
        windows = [samples[at:at + 9600] for at in range(0, len(samples) - 9600, 9600)]
        crossings = [[at for at in range(1, len(window)) if window[at - 1] < 0 <= window[at]] for window in windows]
        rates = [48000 * (len(at) - 1) / (at[-1] - at[0]) for at in crossings if len(at) > 1]
        return statistics.median(rates), statistics.median(map(max, windows)) / 32768

    def check_in_step(self, path, sound, tags):
        """Beeps come with their flashes. count_frames reads Matroska, which ffmpeg makes of the pictures and the sound."""
        first = flv.opus(tags)[1][0][0] / 1000 + PRE_SKIP / 48000
        samples, both = self.directory / "samples.wav", self.directory / "both.mkv"
        harness.run(["ffmpeg", "-y", "-v", "error", "-i", sound, "-c:a", "pcm_f32le", samples])  # begins after the pre-skip
        harness.run(["ffmpeg", "-y", "-v", "error", "-copyts", "-i", path, "-itsoffset", str(first), "-i", samples,
                     "-map", "0:v", "-map", "1:a", "-c", "copy", both])
        figures = Recording(both).frames("--flash", "262,124,35,36")
        print(figures)
        self.assertGreaterEqual(figures["offsetMs"]["pairs"], SECONDS - 2)
        for which in ("least", "median", "most"):
            self.assertLess(abs(figures["offsetMs"][which]), 40, figures)

    def check_metadata(self, tags, **expected):
        fields = flv.metadata(tags)
        for name, value in {"audiocodecid": flv.OPUS, **expected}.items():
            self.assertEqual(fields.get(name), value, fields)

    def test_files_hold_it(self):
        """A file as target, a recording of a push by HTTP, and sound alone in both qualities."""
        receiver = HttpReceiver(self.directory / "received")
        self.addCleanup(receiver.stop)
        alone = ("--enable-camera", "false")
        paths = {name: self.directory / f"{name}.flv" for name in ("file", "record", "alone", "low")}
        pushes = [self.push(paths["file"], *TEST), self.push(f"{receiver.base}/live/http.flv", *TEST, "--record", paths["record"]),
                  self.push(paths["alone"], *TEST, *alone), self.push(paths["low"], *TEST, *alone, "--audio-quality", "low")]
        for push in pushes:
            self.assertEqual(push.wait(30), 0, str(push))
        paths["http"] = receiver.directory / "http.flv"
        for name, path in paths.items():
            with self.subTest(name):
                flags, tags = flv.read(path)
                low, pictures = name == "low", name in ("file", "record", "http")
                sound = self.check_sound(tags, name, *((1, 16000) if low else ()))
                self.check_metadata(tags, audiosamplerate=16000 if low else 48000, stereo=not low, audiodatarate=32 if low else 96,
                                    videocodecid=7 if pictures else None, width=320 if pictures else None)
                self.assertEqual(flags, 5 if pictures else 4)
                heads = ["metadata", "AVC header", "Opus header"] if pictures else ["metadata", "Opus header"]
                self.assertEqual(flv.kinds(tags)[:len(heads)], heads)
                if pictures:
                    self.check_in_step(path, sound, tags)

    def test_servers_that_take_it_get_it(self):
        servers = {name: ScriptedServer(name) for name in ("takes_opus", "takes_all")}
        for server in servers.values():
            self.addCleanup(server.close)
        own = self.directory / "own.flv"
        pushes = [self.push(servers["takes_opus"].url(), *ENHANCED, "--record", own), self.push(servers["takes_all"].url(), *ENHANCED)]
        for push in pushes:
            self.assertEqual(push.wait(30), 0, str(push))
        for name, server in servers.items():
            with self.subTest(name):
                self.assertEqual(server.problems, [])
                tags = [flv.Tag(message.type, message.timestamp, message.body) for message in server.received]
                self.check_sound(tags, name)
                self.check_metadata(tags, videocodecid=7, width=320, stereo=True)
                self.assertEqual(flv.kinds(tags)[:3], ["metadata", "AVC header", "Opus header"])
        self.check_sound(flv.read(own)[1], "own")

    def test_other_servers_are_left(self):
        """With enhancedRtmp=require: one that names other codecs, one of old and nginx: once, for good, and with words that help."""
        others, old = ScriptedServer("takes_no_opus"), ScriptedServer("accepts")
        for server in (others, old):
            self.addCleanup(server.close)
        urls = {others.url(): "names avc1, hvc1, mp4a, Opus;", old.url(): "names no codecs of Enhanced RTMP;",
                self.server().url("live", "test"): "names no codecs of Enhanced RTMP;"}
        for push, words in [(self.push(url, *ENHANCED), words) for url, words in urls.items()]:
            self.assertEqual(push.wait(20), NETWORK, str(push))
            codes = push.codes()
            self.assertEqual([code for code in codes if code in (1001, 1002, 1102, 3004, -1307)], [1001, 3004, -1307], str(push))
            told = next(event["message"] for event in push.events("statechange") if event["code"] == 3004)
            self.assertIn(f"the server does not take Opus: its answer to connect {words} audioCodec=aac works", told)
        self.assertEqual(others.received + old.received, [])

    def test_servers_that_say_nothing_get_it_too(self):
        """As is, with a warning; with enhancedRtmp=assume without one, even where other codecs are named."""
        for mode, script in (("auto", "says_nothing_of_codecs"), ("assume", "says_nothing_of_codecs"), ("assume", "takes_no_opus")):
            server = ScriptedServer(script)
            self.addCleanup(server.close)
            push = self.push(server.url(), *TEST, *(("--enhanced-rtmp", mode) if mode != "auto" else ()))
            self.assertEqual(push.wait(30), 0, str(push))
            with self.subTest(f"{mode} {script}"):
                self.assertEqual(server.problems, [])
                self.assertEqual([code for code in push.codes() if code in (1102, 3004)], [], str(push))
                self.check_sound([flv.Tag(message.type, message.timestamp, message.body) for message in server.received],
                                 f"{mode}-{script}")
                self.assertEqual("does not say whether it takes Opus" in push.stderr, mode == "auto", str(push))

    def test_where_it_is_refused_aac_goes(self):
        """One that closes at the first of it, and one that says that it takes other sound: AAC at once, and the other target keeps
        Opus."""
        for script in ("closes_at_new_codecs", "takes_no_opus"):
            server, kept = ScriptedServer(script), self.directory / f"kept-{script}.flv"
            self.addCleanup(server.close)
            push = self.push(server.url(), *TEST, "--target", f"kept={kept}")
            self.assertEqual(push.wait(30), 0, str(push))
            with self.subTest(script):
                self.assertEqual(server.problems, [])
                said = [event["message"] for event in push.events("statechange") if event["code"] == 1102]
                self.assertEqual(said, ["reconnecting at once, with AAC in place of what the server does not take"], str(push))
                tags = [flv.Tag(message.type, message.timestamp, message.body) for message in server.received]
                aac = [tag for tag in tags if tag.type == flv.AUDIO and tag.body[0] >> 4 == 10]
                self.assertGreater(len(aac), (SECONDS - 2) * 48000 / 1024)
                self.assertEqual([tag for tag in tags if tag.type == flv.AUDIO and tag.body[0] >> 4 == 9], [])
                self.assertGreater(sum(tag.type == flv.VIDEO for tag in tags), (SECONDS - 3) * 30)
                self.check_sound(flv.read(kept)[1], f"kept-{script}")

    def test_without_sound_it_matters_not(self):
        """Pictures alone go to any server, whatever the sound would have been."""
        server = self.server()
        self.push_cleanly(server.url("rec", "test"), "--enhanced-rtmp", *SMALL, "--video-source", "test", "--audio-source", "none")
        self.assertIsNone(Recording(harness.finished(server.recordings("test")[0])).audio)

    def test_plain_rtmp_is_refused_before_anything_is_tried(self):
        push = self.run_push("rtmp://127.0.0.1:1/live/test", *TEST, "--enhanced-rtmp", "off")
        self.assertEqual(push.process.returncode, ARGUMENTS, str(push))
        self.assertIn("audioCodec opus: an rtmp or rtmps url takes it only by Enhanced RTMP, and enhancedRtmp is off", push.stderr)


if __name__ == "__main__":
    harness.main()
