# SPDX-License-Identifier: MIT
"""The ladder of encoders on a machine without hardware, trials of hardware that go wrong, and H.265 and AV1 in FLV.

The ffprobe of many systems does not know H.265 and AV1 in FLV: what was written is read here and decoded from a stream of its own.
"""
import json
import os
import unittest

import flv
import harness
from http_receiver import HttpReceiver
from recording import Recording
from scripted_server import ScriptedServer

NETWORK, ARGUMENTS = 4, 2  # the program's exit codes
SMALL = ("--source", "test", "--video-width", 320, "--video-height", 240, "--fps", 15, "--video-preset", "ultrafast")
CODECS = {"hevc": (flv.HEVC, "HEVC", flv.hevc_stream), "av1": (flv.AV1, "AV1", flv.av1_stream)}
HAS_NODES = os.path.isdir("/dev/dri") or os.path.exists("/dev/nvidia0")
GOOD_TRIALS = "echo works"


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")

    def probe(self, lines):
        """A stand-in for livepusher-probe, which is then asked for every hardware encoder."""
        path = self.directory / "probe"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o700)
        return {"LIVEPUSHER_PROBE": str(path)}

    def said(self, push, code):
        return [event["message"] for event in push.events("statechange") if event["code"] == code]

    def check_file(self, path, frames):
        recording = Recording(path)
        self.assertEqual(recording.decode_errors(), "")
        count = harness.run(["ffprobe", "-v", "error", "-select_streams", "v", "-count_packets", "-show_entries",
                             "stream=nb_read_packets", "-of", "csv=p=0", path])
        self.assertGreaterEqual(int(count), frames)

    @unittest.skipIf(HAS_NODES, "this machine has a GPU")
    def test_auto_is_silent_software_without_hardware(self):
        out = self.directory / "out.flv"
        push = self.run_push(out, *SMALL, "--duration", 1)
        self.assertEqual(push.process.returncode, 0, str(push))
        self.assertEqual([code for code in push.codes() if 1100 < code < 1200], [])
        self.assertIn("H.264 x264 ultrafast, 320x240", " ".join(self.said(push, 1008)))
        self.check_file(out, 12)

    @unittest.skipIf(HAS_NODES, "this machine has a GPU")
    def test_hardware_that_is_not_there_is_1103_and_software_goes_on(self):
        for codec, frames in (("h264", 12), ("hevc", None)):
            with self.subTest(codec):
                out = self.directory / f"{codec}.flv"
                push = self.run_push(out, *SMALL, "--duration", 1, "--video-encoder", "hardware", "--video-codec", codec)
                self.assertEqual(push.process.returncode, 0, str(push))
                told = self.said(push, 1103)
                self.assertEqual(len(told), 1, str(push))
                for words in ("no render node /dev/dri/renderD*", "no /dev/nvidia0", "takes over"):
                    self.assertIn(words, told[0])
                if frames:
                    self.check_file(out, frames)

    def test_a_trial_that_goes_wrong_harms_nothing(self):
        """Crashes, hangs, floods and nonsense: `auto` does not wait for them, `hardware` for 2 s at most."""
        scripts = {"crash": "kill -SEGV $$", "hang": "sleep 100", "flood": "yes", "nonsense": "head -c 2000 /dev/urandom"}
        # The push waits for 2 s: where this machine takes 100 ms to end a process, that is over first.
        words = {"crash": "crashed", "hang": "took longer than 1900 ms|is not done yet", "flood": "wrote without an end", "nonsense": "no answer that makes sense"}
        for name, kind in [*((name, "hardware") for name in scripts), ("hang", "auto")]:
            with self.subTest(f"{name} {kind}"):
                out = self.directory / f"{name}-{kind}.flv"
                push = self.push(out, *SMALL, "--duration", 4 if name == "hang" else 1, "--video-encoder", kind,
                                 env=self.probe(scripts[name]))
                self.assertEqual(push.wait(60), 0, str(push))
                begin = push.events("attached")[0]["time"]
                runs = next(event["time"] for event in push.events("statechange") if "H.264" in event["message"])
                print(f"{name}, {kind}: an encoder runs after {runs - begin} ms")
                told = self.said(push, 1103)
                self.assertEqual(len(told), int(kind == "hardware"), str(push))
                if told:
                    self.assertRegex(told[0], words[name])
                self.assertLess(runs - begin, 10_000)
                self.check_file(out, 12)

    @unittest.skipIf(HAS_NODES, "this machine has a GPU")
    def test_hardware_that_a_trial_praises_and_that_fails_is_1103(self):
        """The trial says that all works, and here nothing does: every real driver of libavcodec is asked in the push itself."""
        out = self.directory / "out.flv"
        push = self.run_push(out, *SMALL, "--duration", 1, "--video-encoder", "hardware", env=self.probe(GOOD_TRIALS))
        self.assertEqual(push.process.returncode, 0, str(push))
        told = self.said(push, 1103)
        self.assertEqual(len(told), 1, str(push))
        self.assertIn("could not be opened", told[0])
        self.check_file(out, 12)

    def check_pictures(self, tags, codec, name, frames):
        """H.265 or AV1 as Enhanced RTMP has it: headed, in time, and every picture decodes."""
        number, kind, stream_of = CODECS[codec]
        record, pictures = flv.enhanced_video(tags)
        self.assertEqual(flv.metadata(tags)["videocodecid"], number)
        self.assertEqual(flv.kinds(tags)[:2], ["metadata", f"{kind} header"])
        self.assertTrue(pictures[0].key)
        self.assertGreaterEqual(len(pictures), frames)
        times = sorted(picture.time + picture.composition for picture in pictures)
        self.assertLessEqual({after - before for before, after in zip(times, times[1:])}, {66, 67, 68, 133, 134})
        path = self.directory / f"{name}.{'hevc' if codec == 'hevc' else 'obu'}"
        path.write_bytes(stream_of(record, pictures))
        told = json.loads(harness.run(["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", path]))["streams"][0]
        self.assertEqual((told["codec_name"], told["width"], told["height"]), (codec, 320, 240))
        self.assertEqual(int(told["nb_read_frames"]), len(pictures))
        self.assertEqual(harness.run(["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"]), "")
        print(f"{name}: {len(pictures)} pictures of {codec}, {sum(len(p.data) for p in pictures)} bytes")

    def test_files_hold_hevc_and_av1(self):
        """A file as target, and a push by HTTP with a recording; with frames out of order too."""
        receiver = HttpReceiver(self.directory / "received")
        self.addCleanup(receiver.stop)
        for codec in CODECS:
            options = (*SMALL, "--duration", 2, "--video-codec", codec)
            paths = {name: self.directory / f"{codec}-{name}.flv" for name in ("file", "record", "delayed")}
            pushes = [self.push(paths["file"], *options),
                      self.push(f"{receiver.base}/live/{codec}.flv", *options, "--record", paths["record"]),
                      self.push(paths["delayed"], *options, "--mode", "SD")]
            for push in pushes:
                self.assertEqual(push.wait(60), 0, str(push))
            paths["http"] = receiver.directory / f"{codec}.flv"
            for name, path in paths.items():
                with self.subTest(f"{codec} {name}"):
                    self.check_pictures(flv.read(path)[1], codec, f"{codec}-{name}", 15)

    def test_servers_that_take_them_get_them(self):
        for codec in CODECS:
            server = ScriptedServer("takes_hevc_and_av1")
            self.addCleanup(server.close)
            push = self.push(server.url(), *SMALL, "--duration", 2, "--video-codec", codec, "--enhanced-rtmp")
            self.assertEqual(push.wait(60), 0, str(push))
            self.assertEqual(server.problems, [])
            tags = [flv.Tag(message.type, message.timestamp, message.body) for message in server.received]
            self.check_pictures(tags, codec, f"{codec}-rtmp", 15)

    def test_where_they_are_refused_h264_goes(self):
        """One that closes at the first of them, and one that names others; a push with a recording is left as it is, and tells."""
        for codec, script in (("hevc", "closes_at_new_codecs"), ("av1", "takes_opus")):
            server = ScriptedServer(script)
            self.addCleanup(server.close)
            push = self.push(server.url(), *SMALL, "--duration", 4, "--video-codec", codec)
            self.assertEqual(push.wait(60), 0, str(push))
            with self.subTest(f"{codec} {script}"):
                self.assertEqual(self.said(push, 1102), ["reconnecting at once, with H.264 in place of what the server does not take"])
                self.assertIn("H.264", self.said(push, 1008)[-1])
                tags = [flv.Tag(message.type, message.timestamp, message.body) for message in server.received]
                tags = tags[max(at for at, tag in enumerate(tags) if tag.type == 18):]  # of the last connection
                pictures = [tag for tag in tags if tag.type == flv.VIDEO]
                self.assertEqual([tag for tag in pictures if tag.body[0] & 0x80], [])
                self.assertEqual(pictures[0].body[:2], bytes([0x17, 0]), "the configuration of H.264 first")
                self.assertEqual(pictures[1].body[0], 0x17, "then a key frame")
                self.assertGreater(len(pictures), 25)
                self.assertEqual(flv.metadata(tags)["videocodecid"], 7)
        server = ScriptedServer("closes_at_new_codecs")
        self.addCleanup(server.close)
        push = self.run_push(server.url(), *SMALL, "--duration", 20, "--video-codec", "hevc", "--reconnect", "2x0.2",
                             "--record", self.directory / "own.flv")
        self.assertEqual(push.process.returncode, NETWORK, str(push))
        self.assertIn("it has never said that it takes H.265, and may not", self.said(push, 3004)[0])

    def test_other_servers_are_left(self):
        """One that names other codecs and one of old, for good; plain RTMP before anything is tried."""
        others, old = ScriptedServer("takes_opus"), ScriptedServer("accepts")
        for server in (others, old):
            self.addCleanup(server.close)
        cases = {(others, "av1"): "the server does not take AV1: its answer to connect names avc1, hvc1, mp4a, Opus; videoCodec=h264 works",
                 (old, "hevc"): "the server does not take H.265: its answer to connect names no codecs of Enhanced RTMP; videoCodec=h264"}
        for (server, codec), words in cases.items():
            push = self.run_push(server.url(), *SMALL, "--duration", 2, "--video-codec", codec, "--enhanced-rtmp")
            self.assertEqual(push.process.returncode, NETWORK, str(push))
            self.assertEqual([code for code in push.codes() if code in (1002, 1102, 3004, -1307)], [3004, -1307], str(push))
            self.assertIn(words, self.said(push, 3004)[0])
        self.assertEqual(others.received + old.received, [])
        push = self.run_push("rtmp://127.0.0.1:1/live/test", *SMALL, "--video-codec", "hevc", "--enhanced-rtmp", "off")
        self.assertEqual(push.process.returncode, ARGUMENTS, str(push))
        self.assertIn("videoCodec hevc: an rtmp or rtmps url takes it only by Enhanced RTMP, and enhancedRtmp is off", push.stderr)


if __name__ == "__main__":
    harness.main()
