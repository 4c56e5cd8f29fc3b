# SPDX-License-Identifier: MIT
"""What the server recorded of a push is what was pushed."""
import flv
import harness
import media
import processes
from playback_rows import figures
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

    def test_memory_of_a_film(self):
        """Some 45 MB are Debian's libraries and what their codecs hold; the bound is for what is ours."""
        source, _ = media.source_file(1280, 720, 30, harness.seconds() + 5)
        path = self.directory / "out.flv"
        push = self.push(f"file:{path}", "--source", f"file:{source}", "--duration", harness.seconds())
        processes.wait_for(lambda: len(push.events("netstatus")) >= 3, 20, "the third net status")
        peak, _ = figures(push.process.pid)
        print(f"{peak:.1f} MB at most")
        self.assertLess(peak, 60, str(push))
        self.assertEqual(push.wait(), 0, str(push))
        check(self, path, 360, 640, 15, harness.seconds())

    def test_vertical_defaults(self):
        path = self.recorded("--source", "test", "--duration", 8)
        recording = check(self, path, 360, 640, 15, 8)
        self.check_counter(recording.frames())

    def alone(self, seconds, *arguments):
        """One track, pushed to a server that records, with a recording beside it and a player; and into a file."""
        server = self.server()
        own, file, played = (self.directory / name for name in ("own.flv", "file.flv", "played.flv"))
        arguments = (*arguments, "--duration", seconds)
        writing = self.push(file, *arguments)
        pushing = self.push(server.url("rec", "test"), *arguments, "--record", own).wait_code(1002)
        player = self.spawn(["ffmpeg", "-nostdin", "-v", "error", "-i", server.url("rec", "test"), "-t", "3", "-c", "copy", played])
        for push in (writing, pushing):
            self.assertEqual(push.wait(seconds + 20), 0, str(push))
        self.assertEqual(player.wait(20), 0, "the player")
        live = Recording(played)
        self.assertAlmostEqual(live.length(live.audio or live.video), 3, delta=0.5)
        self.assertEqual(live.decode_errors(), "")
        return [live, *map(Recording, (harness.finished(server.recordings("test")[0]), own, file))]

    def check_file(self, path, flags, kinds, track):
        """What stands in front, and of the other track nothing."""
        said, tags = flv.read(path)
        self.assertEqual(said, flags)
        self.assertEqual(flv.kinds(tags), kinds)
        fields = flv.metadata(tags)
        length = fields.pop("duration")
        self.assertEqual(fields, {"filesize": path.stat().st_size, "encoder": fields["encoder"], **track})
        return length

    def check_audio_alone(self, rate, channels, bitrate, *arguments):
        live, *recorded = self.alone(7, *arguments)
        for each in (live, *recorded):
            self.assertIsNone(each.video)
            self.assertEqual((each.audio["codec_name"], int(each.audio["sample_rate"]), each.audio["channels"]), ("aac", rate, channels))
        for each in recorded:
            self.assertAlmostEqual(each.length(each.audio), 7, delta=1)
            times = each.times(each.audio)
            self.assertLess(max(after - before for before, after in zip(times, times[1:])), 0.07, "a hole")
            self.assertEqual(each.decode_errors(), "")
        for each in recorded[1:]:
            length = self.check_file(each.path, 4, ["metadata", "AAC header", "AAC"], {
                "audiodatarate": bitrate, "audiosamplerate": rate, "audiocodecid": 10, "stereo": channels == 2})
            self.assertAlmostEqual(length, 7, delta=1)

    def test_audio_only(self):
        """No camera is asked for."""
        self.check_audio_alone(16000, 1, 32, "--audio-source", "test", "--video-source", "none", "--audio-quality", "low")

    def test_camera_off(self):
        """There is one, and enableCamera is false before start."""
        self.check_audio_alone(48000, 2, 96, "--source", "test", "--enable-camera", "false")

    def test_video_only(self):
        live, *recorded = self.alone(7, "--video-source", "test", "--audio-source", "none", "--mode", "HD")
        self.assertIsNone(live.audio)
        self.assertEqual((live.video["codec_name"], live.video["width"], live.video["height"]), ("h264", 540, 960))
        for each in recorded:
            self.check_counter(check(self, each.path, 540, 960, 15, 7, audio=False).frames())
        for each in recorded[1:]:
            length = self.check_file(each.path, 1, ["metadata", "AVC header", "AVC"], {
                "width": 540, "height": 960, "framerate": 15, "videodatarate": 1500, "videocodecid": 7})
            self.assertAlmostEqual(length, 7, delta=1)


if __name__ == "__main__":
    harness.main()
