# SPDX-License-Identifier: MIT
"""Sources that take their time to open: what the server sees of the stream, and when."""
import socket
import threading
import time

import harness
import media
import processes
import rtmp_wire as wire
from scripted_server import ScriptedServer

SLOW = 4  # seconds until the source answers
SOURCE = 3


class SlowFile:
    """An HTTP server that takes SLOW seconds to answer: with a file, or with 404 where there is none."""

    def __init__(self, case, path=None):
        self._data = path.read_bytes() if path else None
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
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection:
            connection.recv(65536)
            time.sleep(SLOW)
            try:
                if self._data is None:
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                else:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(self._data) + self._data)
            except OSError:
                pass  # it wants no more of it


def listens(peer):
    """Accepts a stream and keeps when each command came, and the first picture and sound."""
    peer.server.times = times = {}
    number = peer.until_create()
    times["createStream"] = time.monotonic()
    peer.send(wire.command("_result", number, None, 1))
    peer.command("publish")
    times["publish"] = time.monotonic()
    peer.send(wire.status("status", "NetStream.Publish.Start", "go on"))
    while True:
        message = peer.next()
        if message.type in (wire.AUDIO, wire.VIDEO) and message.body[1:2] != b"\0":  # 0: a header
            times.setdefault({wire.AUDIO: "sound", wire.VIDEO: "picture"}[message.type], time.monotonic())


class Test(harness.Case):
    def server_of(self, script):
        server = ScriptedServer(script)
        self.addCleanup(server.close)
        return server

    def test_media_follow_publish_at_once(self):
        film = self.directory / "film.ts"
        harness.run(["ffmpeg", "-v", "error", "-i", media.source_file(640, 360, 25, 5)[0], "-c", "copy", film])
        server = self.server_of(listens)
        began = time.monotonic()
        push = self.push(server.url(), "--source", f"file:{SlowFile(self, film).url}", "--orientation", "horizontal")
        push.wait_code(1001, within=SLOW - 1)
        push.wait_code(1002)
        self.assertGreater(server.times["publish"], began + SLOW)
        processes.wait_for(lambda: {"sound", "picture"} <= server.times.keys(), 10, "picture and sound")
        for what in ("sound", "picture"):
            after = server.times[what] - server.times["publish"]
            print(f"{what}: {after * 1000:.0f} ms after publish, {(server.times[what] - began - SLOW) * 1000:.0f} ms after the source")
            self.assertLess(after, 1)
        self.assertEqual(push.interrupt().wait(), 0, str(push))

    def test_a_source_that_fails_is_never_published(self):
        server = self.server_of(listens)
        push = self.run_push(server.url(), "--source", f"file:{SlowFile(self).url}")
        self.assertEqual(push.process.returncode, SOURCE, str(push))
        self.assertIn(1001, push.codes())
        self.assertNotIn("createStream", server.times)

    def test_a_stop_while_it_opens(self):
        server = self.server_of(listens)
        push = self.push(server.url(), "--source", f"file:{SlowFile(self).url}").wait_code(1001)
        before = time.monotonic()
        self.assertEqual(push.interrupt().wait(5), 0, str(push))
        self.assertLess(time.monotonic() - before, 2)
        self.assertNotIn("publish", server.times)


if __name__ == "__main__":
    harness.main()
