# SPDX-License-Identifier: MIT
"""Sources that can't come back break off in the middle of a push: its end, its exit code, and what is told."""
import os
import socket
import struct
import threading
import time

import harness
import media
from recording import Recording

DONE, SOURCE = 0, 3
FAILED = 20005
WIDTH, HEIGHT = 64, 64
FRAME = bytes([128]) * (WIDTH * HEIGHT * 3 // 2)
RAW = f"raw:-,{WIDTH}x{HEIGHT}@25"


class Feed:
    """A TCP connection whose far end is to be a program's stdin: frames at 25 fps, and a reset, which its read() sees."""

    def __init__(self, case):
        with socket.create_server(("127.0.0.1", 0)) as server:
            self._near = socket.create_connection(server.getsockname())
            self.far, _ = server.accept()
        case.addCleanup(self.far.close)
        case.addCleanup(self._near.close)

    def play(self, seconds):
        for _ in range(int(seconds * 25)):
            self._near.sendall(FRAME)
            time.sleep(0.04)

    def reset(self):
        self._near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._near.close()
        return time.monotonic()


class Half:
    """An HTTP server that gives the first half of a file at the pace of `seconds`, and from then on only resets."""

    def __init__(self, case, path, seconds):
        self._data, self._seconds, self._broken = path.read_bytes(), seconds, False
        self._server = socket.create_server(("127.0.0.1", 0))
        case.addCleanup(self._server.close)
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/film.ts"
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return  # the test is over
            with connection:
                if not self._broken:
                    connection.recv(65536)
                    self._give(connection)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _give(self, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(self._data))
        half, steps = len(self._data) // 2, int(self._seconds * 20)
        for step in range(steps):
            connection.sendall(self._data[half * step // steps:half * (step + 1) // steps])
            time.sleep(0.05)
        self._broken = True


class Test(harness.Case):
    def failures(self, push):
        return [event for event in push.events("error") if event["errCode"] == FAILED]

    def check_failed(self, push):
        self.assertEqual(push.process.returncode, SOURCE, str(push))
        self.assertEqual(len(self.failures(push)), 1, str(push))

    def test_a_read_error_ends_the_push(self):
        feed, target = Feed(self), self.directory / "out.flv"
        push = self.push(target, "--video-source", RAW, "--audio-source", "none", "--fps", "25", stdin=feed.far)
        push.wait_code(1002)
        feed.play(2)
        reset = feed.reset()
        push.wait(10)
        self.assertLess(time.monotonic() - reset, 1.5)
        self.check_failed(push)
        self.assertIn("Connection reset", push.stderr.splitlines()[-2])
        recording = Recording(target)
        self.assertAlmostEqual(recording.length(recording.video), 2, delta=0.7)

    def test_the_other_source_goes_on_and_the_exit_code_remembers(self):
        feed, target = Feed(self), self.directory / "out.flv"
        push = self.push(target, "--video-source", RAW, "--audio-source", "test", "--fps", "25", "--duration", 6, stdin=feed.far)
        push.wait_code(1002)
        feed.play(2)
        feed.reset()
        push.wait(15)
        self.check_failed(push)
        recording = Recording(target)
        for stream in (recording.video, recording.audio):
            self.assertAlmostEqual(recording.length(stream), 6, delta=0.7)

    def test_a_url_that_breaks_off_for_picture_and_sound_is_told_once(self):
        film = self.directory / "film.ts"
        harness.run(["ffmpeg", "-v", "error", "-i", media.source_file(640, 360, 25, 5)[0], "-c", "copy", film])
        server = Half(self, film, 2)
        push = self.push(self.directory / "out.flv", "--source", f"file:{server.url}")
        push.wait_code(1002)
        push.wait(30)
        self.check_failed(push)

    def test_a_writer_that_dies_in_a_frame_has_ended(self):
        fifo = self.directory / "frames"
        os.mkfifo(fifo)
        push = self.push(self.directory / "out.flv", "--video-source", f"raw:{fifo},{WIDTH}x{HEIGHT}@25", "--audio-source", "none")
        with open(fifo, "wb") as frames:
            for _ in range(50):
                frames.write(FRAME)
                frames.flush()
                time.sleep(0.04)
            frames.write(FRAME[:1000])
        push.wait(10)
        self.assertEqual(push.process.returncode, DONE, str(push))
        self.assertEqual(self.failures(push), [])


if __name__ == "__main__":
    harness.main()
