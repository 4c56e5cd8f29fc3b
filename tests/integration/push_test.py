# SPDX-License-Identifier: MIT
"""What the server recorded of a push is what was pushed."""
import harness
import media
from recording import Recording, check

SIZE = ["--orientation", "horizontal", "--video-width", "1280", "--video-height", "720", "--fps", "30",
        "--min-bitrate", "2500", "--max-bitrate", "2500", "--adapt-resolution", "false"]


def patch(width, height):
    """Where the test picture flashes, a little inside of its border."""
    return ",".join(str(int(part)) for part in (0.82 * width, 0.52 * height, 0.11 * width, 0.15 * height))


class Test(harness.Case):
    def recorded(self, *arguments):
        server = self.server()
        self.push_cleanly(server.url("rec", "test"), *arguments, within=harness.seconds() + 30)
        files = server.recordings("test")
        self.assertEqual(len(files), 1, "one push makes one recording")
        return harness.finished(files[0])

    def check_offset(self, figures):
        self.assertIn("offsetMs", figures, f"no flash with its beep: {figures}")
        self.assertGreater(figures["offsetMs"]["pairs"], harness.seconds() / 2)
        for which in ("least", "median", "most"):
            self.assertLess(abs(figures["offsetMs"][which]), 40, figures)

    def check_counter(self, figures):
        counter = figures["counter"]
        self.assertEqual((counter["unreadable"], counter["lost"], counter["doubled"], counter["backwards"]), (0, 0, 0, 0), figures)
        self.assertEqual(counter["read"], counter["last"] - counter["first"] + 1)

    def test_pattern(self):
        path = self.recorded("--source", "test", *SIZE, "--duration", harness.seconds())
        figures = check(self, path, 1280, 720, 30, harness.seconds()).frames("--flash", patch(1280, 720))
        print(figures)
        self.check_counter(figures)
        self.check_offset(figures)

    def test_film(self):
        source, words = media.source_file(1280, 720, 30, harness.seconds() + 5)
        print(f"pushing {words}")
        path = self.recorded("--source", f"file:{source}", *SIZE, "--duration", harness.seconds())
        recording = check(self, path, 1280, 720, 30, harness.seconds())
        figures = recording.frames("--flash", media.BOX, "--channel", "1")
        print(figures)
        self.check_offset(figures)

    def test_vertical_defaults(self):
        path = self.recorded("--source", "test", "--duration", 8)
        recording = check(self, path, 360, 640, 15, 8)
        self.check_counter(recording.frames())

    def test_audio_only(self):
        path = self.recorded("--audio-source", "test", "--video-source", "none", "--audio-quality", "low", "--duration", 5)
        recording = Recording(path)
        self.assertIsNone(recording.video)
        self.assertEqual((recording.audio["codec_name"], recording.audio["sample_rate"], recording.audio["channels"]), ("aac", "16000", 1))
        self.assertAlmostEqual(recording.length(recording.audio), 5, delta=1)
        self.assertEqual(recording.decode_errors(), "")

    def test_video_only(self):
        path = self.recorded("--video-source", "test", "--audio-source", "none", "--mode", "HD", "--duration", 5)
        check(self, path, 540, 960, 15, 5, audio=False)


if __name__ == "__main__":
    harness.main()
