# SPDX-License-Identifier: MIT
"""What netstatus tells is what a receiver measures."""
import harness
import pictures
from recording import Recording

SIZE = ["--orientation", "horizontal", "--video-width", "640", "--video-height", "360", "--fps", "25", "--gop", "2",
        "--min-bitrate", "800", "--max-bitrate", "800", "--net-status-interval", "1"]
SECONDS = 12


class Test(harness.Case):
    def film(self):
        """So much noise that any bitrate is used up."""
        harness.need_commands(ffmpeg="ffmpeg")
        path = self.directory / "film.mkv"
        harness.run([*pictures.QUIET, "-f", "lavfi", "-i", "smptebars=s=640x360:r=25,noise=alls=30:allf=t", "-f", "lavfi",
                     "-i", "sine=440:r=48000", "-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le", path])
        return path

    def test_figures_are_a_receivers(self):
        server = self.server()
        push = self.push_cleanly(server.url("rec", "test"), "--source", f"file:{self.film()}", "--loop", *SIZE,
                                 "--duration", SECONDS, within=SECONDS + 20)
        told = [event["info"] for event in push.events("netstatus")]
        self.assertAlmostEqual(len(told), SECONDS, delta=2)
        path = harness.finished(server.recordings("test")[0])
        recording = Recording(path)
        settled = told[3:-1]

        def mean(key):
            return sum(each[key] for each in settled) / len(settled)

        def measured(stream):
            """kbps of a track, between the third second and the last but one."""
            sizes = harness.run(["ffprobe", "-v", "error", "-select_streams", str(stream["index"]), "-show_entries",
                                 "packet=dts_time,size", "-of", "csv=p=0", path]).split()
            parts = [(float(time), int(size)) for time, size in (line.split(",")[:2] for line in sizes)]
            end = parts[-1][0] - 1
            return sum(size for time, size in parts if 3 <= time < end) * 8 / 1000 / (end - 3)

        video, audio = measured(recording.video), measured(recording.audio)
        print(f"video {mean('videoBitrate'):.0f} kbps told, {video:.0f} measured; audio {mean('audioBitrate'):.0f}, {audio:.0f}; "
              f"{mean('videoFPS'):.1f} fps, {recording.fps():.1f}; net {mean('netSpeed'):.0f} kbps")
        self.assertAlmostEqual(mean("videoBitrate"), video, delta=video * 0.05)
        self.assertAlmostEqual(mean("audioBitrate"), audio, delta=audio * 0.05)
        self.assertAlmostEqual(mean("videoFPS"), recording.fps(), delta=0.5)
        self.assertAlmostEqual(mean("netSpeed"), video + audio, delta=(video + audio) * 0.05)
        last = told[-1]
        self.assertAlmostEqual(last["videoGOP"], 2, delta=0.05)
        self.assertEqual((last["videoWidth"], last["videoHeight"]), (640, 360))
        self.assertEqual((last["serverIp"], last["reconnects"], last["videoDrop"], last["audioDrop"]), ("127.0.0.1", 0, 0, 0))
        # The file has a header of 15 bytes a tag, the connection one of 1 to 12 a chunk, and the commands.
        self.assertAlmostEqual(last["bytesSent"] / path.stat().st_size, 1, delta=0.15)
        self.assertEqual({each["netQualityLevel"] for each in settled}, {1})


if __name__ == "__main__":
    harness.main()
