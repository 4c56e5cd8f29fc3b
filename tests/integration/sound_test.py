# SPDX-License-Identifier: MIT
"""What the server records of microphone, music and their effects is what was asked for."""
import http.server
import json
import socket
import threading
import time

import harness
import listening
import media
from recording import Recording, check

VOICE, MUSIC = 500, 2500  # Hz


class Shelf(http.server.BaseHTTPRequestHandler):
    """/song.wav is there, /cut.wav breaks off in its middle, nothing else is."""

    def do_GET(self):
        name = self.path.lstrip("/").split("?")[0]
        if name not in ("song.wav", "cut.wav"):
            return self.send_error(404)
        body = self.server.song
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if name == "song.wav" else body[:len(body) // 2])

    def log_message(self, *_):
        pass


class Test(harness.Case):
    def tones(self, seconds):
        voice = listening.write_tone(self.directory / "voice.s16", VOICE, seconds, -18, ("-f", "s16le"))
        music = listening.write_tone(self.directory / "music.mp3", MUSIC, seconds, -10, ("-b:a", "256k"))
        return ["--audio-source", f"pcm:{voice},48000,2"], music

    def call(self, path, request):
        """One line to the control socket, and its answer."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            line.connect(str(path))
            line.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(line.makefile().readline())

    def test_voice_and_music_at_their_levels(self):
        microphone, music = self.tones(30)
        server = self.server()
        control = self.directory / "control"
        push = self.push(server.url("rec", "test"), "--video-source", "test", *microphone, "--bgm", music, "--bgm-volume", "0.5",
                         "--duration", "11", "--control", control).wait_code(1002)
        time.sleep(5)
        changed = self.call(control, {"method": "setBGMVolume", "volume": "0.2"})
        self.assertTrue(changed["ok"], changed)
        self.assertEqual(push.wait(30), 0, str(push))
        recording = check(self, harness.finished(server.recordings("test")[0]), 360, 640, 15, 11)
        sound = listening.samples(recording.path)
        levels = [(round(at, 1), round(listening.tone(sound, VOICE, at, 0.2), 2), round(listening.tone(sound, MUSIC, at, 0.2), 2))
                  for at in [0.5 + 0.2 * step for step in range(45)]]
        print("time, voice, music:", levels[::5])
        for at, voice, _ in levels:
            self.assertAlmostEqual(voice, -18, delta=0.5, msg=f"the voice at {at} s")
        full, quiet = -10 + 40 * 0.30103 * -1, -10 + 40 * -0.69897  # volume squared
        loud = [at for at, _, level in levels if abs(level - full) <= 0.5]
        soft = [at for at, _, level in levels if abs(level - quiet) <= 0.5]
        self.assertGreater(len(loud), 15, levels)
        self.assertGreater(len(soft), 15, levels)
        self.assertGreaterEqual(len(loud) + len(soft), len(levels) - 2, "one change, nothing else")
        # Where it changes it glides: between the two levels there are some in between, and none above.
        fine = [10 ** (listening.tone(sound, MUSIC, loud[-1] + 0.01 * step, 0.01) / 20) for step in range(60)]
        between = [level for level in fine if 10 ** (quiet / 20) * 1.25 < level < 10 ** (full / 20) * 0.85]
        print(f"{len(between)} of 10 ms in between")
        self.assertIn(len(between), range(2, 9), fine)
        self.assertLess(max(fine), 10 ** (full / 20) * 1.1)
        self.assertLess(listening.peak(sound), 0.6)
        kinds = [event["event"] for event in push.events() if event["event"].startswith("bgm")]
        self.assertEqual(kinds[0], "bgmstart")
        self.assertGreaterEqual(kinds.count("bgmprogress"), 20, "twice a second")
        heard = [event["level"] for event in push.events("audiovolumenotify")][3:]
        self.assertTrue(heard and all(abs(level - 65) <= 1 for level in heard), heard)  # (-18 - 3 dB of a sine + 60) / 60

    def test_music_that_fails_leaves_the_push_alone(self):
        song = listening.write_tone(self.directory / "song.wav", MUSIC, 4, -10)
        text = self.directory / "text.mp3"
        text.write_text("no music at all\n" * 100)
        shelf = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
        shelf.song = song.read_bytes()
        threading.Thread(target=shelf.serve_forever, daemon=True).start()
        self.addCleanup(shelf.server_close)
        self.addCleanup(shelf.shutdown)
        base = f"http://127.0.0.1:{shelf.server_port}"
        control = self.directory / "control"
        out = self.directory / "out.flv"
        push = self.push(out, "--source", "test", "--control", control).wait_code(1002)
        for url in (self.directory / "missing.mp3", text, self.directory, f"{base}/gone.mp3?token=secret", "ftp://x/y.mp3"):
            answer = self.call(control, {"method": "playBGM", "url": str(url)})
            print(answer["errMsg"])
            self.assertEqual(answer["errCode"], 10003, answer)
            self.assertNotIn("secret", push.stdout + push.stderr)
        self.assertTrue(self.call(control, {"method": "playBGM", "url": f"{base}/song.wav"})["ok"])
        self.assertTrue(self.call(control, {"method": "playBGM", "url": f"{base}/cut.wav"})["ok"])
        harness.processes.wait_for(lambda: "it is asked for again, under silence" in push.stderr, 15, "the cut")
        self.assertEqual([event["errCode"] for event in push.events("error")], [10003] * 5)
        self.assertTrue(self.call(control, {"method": "playBGM", "url": str(song)})["ok"])
        harness.processes.wait_for(lambda: push.events("bgmcomplete"), 15, "the end of the song")
        self.assertEqual(push.interrupt().wait(), 0, str(push))
        self.assertEqual(Recording(out).decode_errors(), "")

    def test_in_step_with_the_picture_whatever_is_on(self):
        source, _ = media.source_file(640, 360, 30, 12)
        for flags in (["--enable-ans", "--enable-agc"], ["--voice-changer-type", "3", "--audio-reverb-type", "2"]):
            out = self.directory / f"{len(flags)}{flags[0]}.flv"
            self.push_cleanly(out, "--source", f"file:{source}", "--orientation", "horizontal", "--video-width", "640",
                              "--video-height", "360", "--fps", "30", *flags, "--duration", "9", within=40)
            figures = Recording(out).frames("--flash", media.BOX, "--channel", "1")
            print(flags, figures["offsetMs"])
            self.assertGreater(figures["offsetMs"]["pairs"], 3)
            self.assertLess(abs(figures["offsetMs"]["median"]), 20, figures)


if __name__ == "__main__":
    harness.main()
