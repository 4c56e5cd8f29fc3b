# SPDX-License-Identifier: MIT
"""Drivers, disks, servers and pipes that never answer: stop() is answered, and the process ends, whatever hangs."""
import os
import signal
import socket
import time

import harness
import media
import processes

STOPPED = 2.0  # seconds within which stop() calls back
ENDED = 2.5    # and the process is gone


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        self.nfs = self.directory / "hung"  # what lies here is on the disk that does not answer
        self.nfs.mkdir()
        self.note = self.directory / "note"

    def hung(self, call, path=None, cameras=False):
        """The environment in which `call` ("OPEN", which is a look too, "READ", "LOOKUP") never returns, of what lies under `path`."""
        libraries = ["LIVEPUSHER_HUNG_CALLS"] + (["LIVEPUSHER_FAKE_CAMERA"] if cameras else [])
        return {"LD_PRELOAD": harness.preload(*libraries), "HUNG_NOTE": str(self.note)} | \
               {f"HUNG_{each}": str(path or self.nfs) for each in ((call, "STAT") if call == "OPEN" else (call,))}

    def silent(self):
        """A port whose server accepts and says nothing."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.addCleanup(listener.close)
        return listener.getsockname()[1]

    def pipe(self):
        """A FIFO that nobody writes to."""
        path = self.directory / "pipe"
        if not path.exists():
            os.mkfifo(path)
        return path

    def clip(self):
        path = self.nfs / "clip.mp4"
        harness.run(["ffmpeg", "-v", "error", "-i", media.source_file(640, 360, 25, 5)[0], "-c", "copy", path])
        return path

    def picture(self):
        path = self.nfs / "picture.png"
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", path])
        return path

    def ends(self, *arguments, env=None, url=None, code=0, told=True, by=signal.SIGINT):
        """Pushes until the call hangs, interrupts, and looks at what that takes."""
        self.note.unlink(missing_ok=True)
        push = self.push(url or str(self.directory / "out.flv"), *arguments, env=env)
        if env:
            processes.wait_for(self.note.exists, 15, f"a call that hangs\n{push}")
        else:
            processes.wait_for(lambda: not told or push.events() or push.process.poll() is not None, 15, f"a push\n{push}")
        before = time.monotonic()
        push.process.send_signal(by)
        stopped = None
        while push.process.poll() is None and time.monotonic() < before + 10:
            if stopped is None and any(event.get("method") == "stop" for event in push.events("result")):
                stopped = time.monotonic() - before
            time.sleep(0.01)
        ended = time.monotonic() - before
        stopped = ended if stopped is None else stopped
        print(f"{' '.join(map(str, arguments))}: stop() after {stopped:.2f} s, the end after {ended:.2f} s")
        self.assertEqual(push.process.poll(), code, f"it ended otherwise, or not at all\n{push}")
        self.assertLess(stopped, STOPPED, str(push))
        self.assertLess(ended, ENDED, str(push))

    def test_devices(self):
        hung = self.hung("OPEN", "/dev/video", cameras=True)
        self.ends("--source", "test", env=hung)  # whose encoder is looked for among them
        self.ends("--video-source", "camera:/dev/video0", "--audio-source", "test", env=hung)
        self.ends("--video-source", "camera", "--audio-source", "test", env=hung)
        for command in ("encoders", "devices"):
            listed = harness.Push([command], self.directory, env=hung)
            self.addCleanup(processes.end, listed.process)
            listed.wait(10)
            self.assertIn("/dev/video", listed.stdout + listed.stderr, str(listed))

    def test_files_of_sources(self):
        clip = self.clip()
        raw, pcm = self.nfs / "raw", self.nfs / "pcm"
        raw.write_bytes(bytes(64 * 64 * 3 // 2 * 100))
        pcm.write_bytes(bytes(4 * 48000))
        listed = self.directory / "list.m3u"
        listed.write_text(f"{clip}\n")
        for call in ("OPEN", "READ"):
            env = self.hung(call)
            self.ends("--source", f"file:{clip}", env=env)
            self.ends("--video-source", f"coded:{clip}", "--audio-source", "test", env=env)
            self.ends("--video-source", f"raw:{raw},64x64@25", "--audio-source", f"pcm:{pcm},48000,2", env=env)
        self.ends("--source", f"file:{listed}", env=self.hung("OPEN"))

    def test_files_of_effects(self):
        cube = self.nfs / "look.cube"
        cube.write_text("LUT_3D_SIZE 2\n" + "0 0 0\n" * 8)
        picture = self.picture()
        for call in ("OPEN", "READ"):
            env = self.hung(call)
            self.ends("--source", "test", "--filter-file", cube, env=env)
            self.ends("--source", "test", "--watermark", picture, env=env)

    def test_pictures_and_music(self):
        picture, music = self.picture(), self.nfs / "music.wav"
        harness.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine", "-t", "5", music])
        for call in ("OPEN", "READ"):
            env = self.hung(call)
            self.ends("--source", "test", "--waiting-image", picture, env=env)
            self.ends("--source", "test", "--bgm", music, env=env)

    def test_certificates(self):
        trusted = self.nfs / "ca.pem"
        trusted.write_text("-----BEGIN CERTIFICATE-----\n")
        port = self.silent()
        for url in (f"rtmps://127.0.0.1:{port}/live/key", f"https://127.0.0.1:{port}/live/key.flv"):
            self.ends("--source", "test", "--ca-file", trusted, "--reconnect", "5x5", url=url, env=self.hung("OPEN"))
        refused = self.run_push(f"rtmps://127.0.0.1:{port}/live/key", "--source", "test", "--ca-file", self.pipe(), within=15)
        self.assertEqual(refused.process.returncode, 4, str(refused))
        self.assertIn("must be a file", refused.stderr)

    def test_pipes(self):
        pipe = self.pipe()
        for arguments in (["--source", f"file:{pipe}"], ["--video-source", f"coded:{pipe}", "--audio-source", "test"],
                          ["--video-source", f"raw:{pipe},64x64@25", "--audio-source", "test"],
                          ["--video-source", "test", "--audio-source", f"pcm:{pipe},48000,2"],
                          ["--source", "test", "--filter-file", pipe], ["--source", "test", "--waiting-image", pipe],
                          ["--source", "test", "--watermark", pipe], ["--source", "test", "--bgm", pipe]):
            self.ends(*arguments)
        # Before it is a push these two wait for a writer, which may come, and a signal ends them as it ends any program.
        for arguments in (["--config", pipe], ["--url-file", pipe]):
            self.ends("--source", "test", *arguments, told=False, code=-signal.SIGTERM, by=signal.SIGTERM)

    def test_servers(self):
        port = self.silent()
        for source in ("http", "rtmp"):
            self.ends("--source", f"file:{source}://127.0.0.1:{port}/live/key")
        for source in ("http", "rtsp"):
            self.ends("--video-source", f"camera:{source}://127.0.0.1:{port}/live", "--audio-source", "test")
        self.ends("--source", "test", "--waiting-image", f"http://127.0.0.1:{port}/picture.png")
        self.ends("--source", "test", "--bgm", f"http://127.0.0.1:{port}/music.mp3")
        self.ends("--source", "test", url=f"rtmp://127.0.0.1:{port}/live/key")
        env = self.hung("LOOKUP", "1")  # names that are never found
        self.ends("--source", "test", url="rtmp://nowhere.example/live/key", env=env)
        for source in ("http", "rtmp"):
            self.ends("--source", f"file:{source}://nowhere.example/live/key", env=env)
        self.ends("--video-source", "camera:rtsp://nowhere.example/live", "--audio-source", "test", env=env)


if __name__ == "__main__":
    harness.main()
