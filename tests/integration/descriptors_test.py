# SPDX-License-Identifier: MIT
"""What a program inherits that an application starts during a push: nothing of ours. A copy of a socket would keep the
connection, and with it the stream's name at the server, when we have long gone."""
import functools
import http.server
import os
import threading
import time

import harness
import media
from devices.stand_ins import Screen, SoundServer

CLOEXEC = 0o2000000


def inherited(pid):
    """The descriptors, but the three of standard, that an exec() would keep: number and what it is."""
    found = set()
    for number in os.listdir(f"/proc/{pid}/fd"):
        try:
            what = os.readlink(f"/proc/{pid}/fd/{number}")
            with open(f"/proc/{pid}/fdinfo/{number}") as info:
                flags = next(int(line.split()[1], 8) for line in info if line.startswith("flags"))
        except FileNotFoundError:
            continue  # closed meanwhile
        if int(number) > 2 and not flags & CLOEXEC:
            found.add((int(number), what))
    return found


class Test(harness.Case):
    def files_over_http(self):
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=self.directory)
        handler.log_message = lambda *_: None
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_address[1]}"

    def nothing_is_inherited(self, push):
        """What a thread opens for a moment is left alone: only what stays counts."""
        push.wait_code(1002).wait_code(1007)
        time.sleep(1)
        stays = inherited(push.process.pid)
        for _ in range(6):
            time.sleep(0.4)
            stays &= inherited(push.process.pid)
        self.assertEqual(stays, set(), str(push))
        self.assertEqual(push.interrupt().wait(), 0, str(push))

    def test_files_and_servers(self):
        base = self.files_over_http()
        clip = media.source_file(640, 360, 25, 5)[0]
        # Python's server gives no parts of a file: its index has to lie in front.
        harness.run(["ffmpeg", "-v", "error", "-i", clip, "-c", "copy", "-movflags", "+faststart", self.directory / "clip.mp4"])
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine", "-t", "5", self.directory / "music.wav"])
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", self.directory / "picture.png"])
        self.nothing_is_inherited(self.push(
            self.server().url("live", "test"), "--source", f"file:{base}/clip.mp4", "--loop", "--bgm", f"{base}/music.wav", "--bgm-loop",
            "--waiting-image", f"{base}/picture.png", "--record", self.directory / "out.flv", "--control", self.directory / "control"))

    def test_devices(self):
        harness.need_commands(**Screen.COMMANDS, **SoundServer.COMMANDS)
        screen = Screen(self.directory / "screen").start()
        self.addCleanup(screen.stop)
        sound = SoundServer(self.directory / "sound").start()
        self.addCleanup(sound.stop)
        env = {**sound.env, "DISPLAY": screen.display, "LD_PRELOAD": harness.preload("LIVEPUSHER_FAKE_CAMERA")}
        self.nothing_is_inherited(self.push(self.server().url("live", "test"), "--video-source", "screen+camera", "--audio-source", "mic",
                                            "--preview", env=env))


if __name__ == "__main__":
    harness.main()
