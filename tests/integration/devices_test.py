# SPDX-License-Identifier: MIT
"""Camera, microphone and screen, each a stand-in that needs no hardware."""
import sys

import harness
from recording import check

sys.path.insert(0, str(harness.HERE / "devices"))
import stand_ins  # noqa: E402

SIZE = ["--orientation", "horizontal", "--video-width", "1280", "--video-height", "720", "--fps", "30",
        "--min-bitrate", "2500", "--max-bitrate", "2500", "--adapt-resolution", "false"]


class Test(harness.Case):
    def stand_in(self, kind, *arguments):
        harness.need_commands(**kind.COMMANDS)
        device = kind(self.directory / kind.__name__, *arguments)
        self.addCleanup(device.stop)
        return device.start()

    def recorded(self, *arguments, env):
        server = self.server()
        push = self.push_cleanly(server.url("rec", "test"), *arguments, *SIZE, "--duration", harness.seconds(), env=env,
                                 within=harness.seconds() + 30)
        return push, check(self, harness.finished(server.recordings("test")[0]), 1280, 720, 30, harness.seconds())

    def check_loud(self, recording):
        """The tone came through: silence would pass every other check."""
        told = harness.run(["ffprobe", "-v", "error", "-f", "lavfi", "-i",
                            f"amovie='{recording.path}',astats=metadata=1:reset=0", "-show_entries",
                            "frame_tags=lavfi.astats.Overall.RMS_level", "-of", "csv=p=0"])
        levels = [float(line) for line in told.split() if line not in ("-inf", "nan")]
        self.assertTrue(levels and levels[-1] > -40, f"the sound's level is {levels[-1:]} dB")

    def test_camera_and_microphone(self):
        sound = self.stand_in(stand_ins.SoundServer)
        push, recording = self.recorded("--video-source", "camera:/dev/video0", "--audio-source", "mic",
                                        env={**sound.env, "LD_PRELOAD": harness.preload("LIVEPUSHER_FAKE_CAMERA")})
        self.assertIn(1003, push.codes())
        self.check_loud(recording)

    def test_screen(self):
        sound, screen = self.stand_in(stand_ins.SoundServer), self.stand_in(stand_ins.Screen, 1280, 720)
        push, recording = self.recorded("--video-source", f"screen:{screen.display}", "--audio-source", "mic", env=sound.env)
        self.assertIn(1004, push.codes())
        self.check_loud(recording)


if __name__ == "__main__":
    harness.main()
