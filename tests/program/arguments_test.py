# SPDX-License-Identifier: MIT
"""The command line: what is accepted, what is refused and how, and what --print-config says."""
import json
import os
import unittest

import program_case
from program_case import ARGUMENTS, DONE, harness, livepusher

KEY = "s3cr3tkey"
URL = f"rtmp://localhost/live/{KEY}"
# Of a cloud account: by --config only, so that its secret is on no command line.
ACCOUNT = {"liveAppID", "version", "sdkAppID", "accountType", "userID", "userSig", "roomID", "nickName", "avatar"}


class Command(harness.Case):
    NAME = "push"

    def config(self, *arguments, **options):
        done = livepusher(self.NAME, *arguments, "--print-config", **options)
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertNotIn(KEY, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def refused(self, *arguments, says=(), **options):
        done = livepusher(self.NAME, *arguments, **options)
        self.assertEqual(done.returncode, ARGUMENTS, done.stdout + done.stderr)
        for words in says:
            self.assertIn(words, done.stderr)
        self.assertNotIn(KEY, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr


class Arguments(Command):
    def test_help_teaches_with_examples_and_names_every_property(self):
        done = livepusher("push", "--help")
        self.assertEqual(done.returncode, DONE)
        self.assertIn("Examples:", done.stdout)
        for heading in ("Options:", "Stream:", "Picture:", "Sound:", "Effects:", "Network:"):
            self.assertIn(f"\n{heading}\n", done.stdout)
        self.assertNotIn("Other properties", done.stdout)
        for name in self.config("rtmp://h/a/k")["properties"]:
            kebab = "".join("-" + c.lower() if c.isupper() else c for c in name)
            if name not in ACCOUNT:
                self.assertIn(f"--{kebab}", done.stdout)

    def test_version_and_bare_help(self):
        self.assertRegex(livepusher("--version").stdout, r"^livepusher \d+\.\d+\.\d+\n$")
        self.assertEqual(livepusher("--help").returncode, DONE)
        self.assertEqual(livepusher().returncode, ARGUMENTS)

    def test_every_spelling_of_a_flag(self):
        shown = self.config(URL, "--min-bitrate", "300", "--maxBitrate=900", "--mirror", "--muted", "false", "--enable-mic=false",
                            "--video-width", "640", "--video-height=360")["properties"]
        self.assertEqual((shown["minBitrate"], shown["maxBitrate"]), (300, 900))
        self.assertEqual((shown["remoteMirror"], shown["muted"], shown["enableMic"]), (True, False, False))
        self.assertEqual((shown["videoWidth"], shown["videoHeight"]), (640, 360))
        self.assertEqual(shown["url"], "rtmp://localhost/live/***")

    def test_print_config_resolves_the_mode(self):
        resolved = self.config(URL, "--mode", "HD", "--orientation", "horizontal")["resolved"]
        self.assertEqual((resolved["width"], resolved["height"]), (960, 540))
        self.assertEqual((resolved["minBitrate"], resolved["maxBitrate"]), (600, 1500))

    def test_flags_beat_the_config_file(self):
        file = self.directory / "config.json"
        file.write_text(json.dumps({"min-bitrate": 300, "maxBitrate": 800, "fps": 20, "source": "test", "url": URL}))
        shown = self.config("--config", file, "--fps", "25")
        self.assertEqual(shown["properties"]["fps"], 25)
        self.assertEqual(shown["properties"]["minBitrate"], 300)
        self.assertEqual(shown["sources"]["video"], "test")
        self.assertEqual(shown["properties"]["url"], "rtmp://localhost/live/***")

    def test_bad_config_files(self):
        file = self.directory / "config.json"
        for text, says in ((r'{"beuaty": 3}', 'unknown key "beuaty"; did you mean beauty?'), ("[]", "must be one JSON object"),
                           ("{", "is not valid JSON"), (r'{"fps": "30"}', 'fps "30"'), (r'{"fps": 99}', "1..60")):
            file.write_text(text)
            self.assertIn(str(file), self.refused(URL, "--config", file, says=[says]))
        self.refused(URL, "--config", self.directory / "none.json", says=["none.json", "there is no such file"])

    def test_the_url_may_come_from_a_file_or_the_environment(self):
        file = self.directory / "url"
        file.write_text(f"  {URL}  \n")
        self.assertEqual(self.config("--url-file", file)["properties"]["url"], "rtmp://localhost/live/***")
        environment = {**os.environ, "LIVEPUSHER_URL": URL}
        self.assertEqual(self.config(env=environment)["properties"]["url"], "rtmp://localhost/live/***")
        self.assertEqual(self.config("rtmp://other/a/b", env=environment)["properties"]["url"], "rtmp://other/a/***")
        self.refused(URL, "--url", URL, says=["more than once"])

    def test_bad_properties(self):
        self.refused(URL, "--fps", "90", says=["fps", "90", "1..60"])
        self.refused(URL, "--min-bitrate", "-5", says=["minBitrate", "-5"])
        self.refused(URL, "--muted=maybe", says=["muted", "maybe"])
        self.refused(URL, "--filter", "green", says=["filter", "green", "pink"])
        self.refused(URL, "--min-bitrate", "900", "--max-bitrate", "300", says=["minBitrate"])
        self.refused("--fps", URL, "rtmp://h/a/b", says=["fps"])

    def test_bad_arguments(self):
        self.refused(says=["needs a URL"])
        self.refused(f"ftp://localhost/live/{KEY}", says=["rtmp://"])
        self.refused(URL, "--beuaty", "5", says=["unknown option --beuaty; did you mean --beauty?"])
        self.refused(URL, URL, says=["one argument"])
        self.refused("rtmp://localhost/live", KEY, says=["one argument"])
        self.refused(URL, "--fps", says=["--fps needs a value"])
        self.refused(URL, "--duration", "soon", says=["--duration soon"])
        self.refused(URL, "--duration", "-1", says=["--duration -1"])
        self.refused(URL, "--log-level", "loud", says=["--log-level loud"])
        self.refused(URL, "--source", "test", "--audio-source", "none", says=["--source stands for both"])
        self.refused(URL, "--playlist", "a.m3u", "--audio-source", "none", says=["--playlist stands for both"])
        self.refused(URL, "--playlist", "a.m3u", "--source", "test", says=["--playlist stands for the sources"])
        self.refused(URL, "--source", "file:a", "--source", "test", says=["more than one source is a playlist", "file:PATH-OR-URL"])
        self.refused(URL, "--source", "test", "--fallback-audio", "test", says=["--fallback-audio needs --fallback"])
        self.refused(URL, "--source", "test", "--fallback-on", "lost,late", says=["fallbackOn", "late", "frozen"])
        self.refused(URL, "--source", "test", "--fallback-after", "0.1", says=['fallbackAfter "0.1"', "0.2..60"])
        self.refused(URL, "--source", "app", says=["app"])
        self.assertIn("did you mean push?", livepusher("psuh").stderr)

    def test_a_control_path_that_is_no_socket_is_refused_and_kept(self):
        file = self.directory / "precious"
        file.write_text("kept")
        self.refused(URL, "--source", "test", "--control", file, says=["is not a socket"])
        self.assertEqual(file.read_text(), "kept")
        self.refused(URL, "--source", "test", "--control", self.directory / ("x" * 120), says=["a path of ", "at most 107"])


class PlayArguments(Command):
    NAME = "play"

    def test_help_teaches_with_examples_and_names_every_property(self):
        done = livepusher("play", "--help")
        self.assertEqual(done.returncode, DONE)
        self.assertIn("Examples:", done.stdout)
        for heading in ("Options:", "Stream:", "Picture:", "Sound:", "Network:"):
            self.assertIn(f"\n{heading}\n", done.stdout)
        for name in self.config("rtmp://h/a/k")["properties"]:
            kebab = "".join("-" + c.lower() if c.isupper() else c for c in name)
            if name not in ACCOUNT:
                self.assertIn(f"--{kebab}", done.stdout)

    def test_print_config_resolves_the_mode(self):
        shown = self.config(URL, "--mode", "RTC", "--maxCache=0.6", "--muted", "--sound", "none")
        self.assertEqual(shown["properties"]["playUrl"], "rtmp://localhost/live/***")
        self.assertEqual((shown["properties"]["muted"], shown["properties"]["audioDevice"]), (True, "none"))
        self.assertEqual(shown["resolved"], {"minCache": 0.2, "maxCache": 0.6})

    def test_flags_beat_the_config_file(self):
        file = self.directory / "config.json"
        file.write_text(json.dumps({"min-cache": 0.3, "maxCache": 2, "playUrl": URL}))
        shown = self.config("--config", file, "--min-cache", "0.5")["properties"]
        self.assertEqual((shown["minCache"], shown["maxCache"], shown["playUrl"]), (0.5, 2, "rtmp://localhost/live/***"))
        file.write_text(json.dumps({"minCahce": 0.3}))
        self.refused(URL, "--config", file, says=[str(file), 'unknown key "minCahce"; did you mean minCache?'])

    def test_the_url_may_come_from_a_file_or_the_environment(self):
        file = self.directory / "url"
        file.write_text(f"  {URL}  \n")
        self.assertEqual(self.config("--url-file", file)["properties"]["playUrl"], "rtmp://localhost/live/***")
        self.assertEqual(self.config(env={**os.environ, "LIVEPUSHER_URL": URL})["properties"]["playUrl"], "rtmp://localhost/live/***")
        self.refused(URL, "--play-url", URL, says=["more than once"])

    def test_where_a_window_is_opened(self):
        nowhere = {name: value for name, value in os.environ.items()
                   if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
        self.assertFalse(self.config(URL, env=nowhere)["window"])
        self.assertFalse(self.config(URL, "--no-window", env={**nowhere, "DISPLAY": ":9"})["window"])

    def test_bad_arguments(self):
        self.refused(says=["play needs a URL"])
        self.refused(f"ftp://localhost/live/{KEY}", says=["playUrl", "rtmp://", ".flv"])
        self.refused(f"http://localhost/live/{KEY}.m3u8", says=["playUrl", ".flv"])
        self.refused(f"srt://localhost:9000?streamid={KEY}", says=["playUrl", "rtmp://"])
        self.refused("clip.mp4", says=["playUrl", ".flv"])
        self.refused(URL, "--min-cahce", "5", says=["unknown option --min-cahce; did you mean --min-cache?"])
        self.refused(URL, "--beauty", "5", says=["--beauty means nothing to play: it is for push"])
        self.refused(URL, "--source", "test", says=["--source means nothing to play: it is for push"])
        self.refused(URL, URL, says=["play takes one argument, the URL"])
        self.refused(URL, "--min-cache", "20", says=["minCache", "20", "0.05..10"])
        self.refused(URL, "--min-cache", "4", "--max-cache", "2", says=["minCache"])
        self.refused(URL, "--sound", "none", "--audio-device", "x", says=["--sound and --audio-device"])
        self.refused(URL, "--record", "got.mp4", says=["--record got.mp4: must end in .flv"])
        self.refused(URL, "--duration", "soon", says=["--duration soon"])
        self.assertIn("did you mean play?", livepusher("paly").stderr)


if __name__ == "__main__":
    harness.main()
