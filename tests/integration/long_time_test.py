# SPDX-License-Identifier: MIT
"""A push that has run for hours, or weeks: time stamps go on where 24 bits, and where 32 bits, of milliseconds end."""
import pathlib
import subprocess

import harness
import rtmp_wire as wire
from http_receiver import HttpReceiver
from recording import Recording
from scripted_server import ScriptedServer

LIMITS = {"4_h_39_min": 0xFFFFFF, "49_days": 0x100000000}  # ms
BEFORE = 3000  # ms from the beginning to the limit
SECONDS = 8


def patch(width, height):
    """Where the test picture flashes, a little inside of its border."""
    return ",".join(str(int(part)) for part in (0.82 * width, 0.52 * height, 0.11 * width, 0.15 * height))


class Test(harness.Case):
    def setUp(self):
        super().setUp()
        harness.need_commands(ffprobe="ffmpeg")

    def push_across(self, url_of, record=False):
        """One push across each limit, all at once: {name: where it was recorded}."""
        running, files = [], {}
        for name, limit in LIMITS.items():
            files[name] = self.directory / f"own-{name}.flv"
            errors = self.directory / f"push-{name}.err"
            with open(errors, "wb") as log:
                child = self.spawn([harness.tool("LIVEPUSHER_PUSH_FROM"), limit - BEFORE, SECONDS, url_of(name),
                                    *([files[name]] if record else [])], stderr=log)
            running.append((child, errors))
        for child, errors in running:
            self.assertEqual(child.wait(60), 0, errors.read_text())
        return files

    def check_goes_on(self, path):
        recording = Recording(path)
        for track in (recording.video, recording.audio):
            times = recording.times(track)
            steps = [after - before for before, after in zip(times, times[1:])]
            self.assertGreater(min(steps), 0, f"{track['codec_type']} times go back")
            self.assertLess(max(steps), 0.25, f"{track['codec_type']} times jump")
            self.assertGreater(recording.length(track), SECONDS - 2)
        self.assertLess(abs(recording.times(recording.video)[-1] - recording.times(recording.audio)[-1]), 0.5)
        figures = recording.frames("--flash", patch(360, 640))
        print(f"{pathlib.Path(path).name}: {figures}")
        self.assertGreaterEqual(figures["offsetMs"]["pairs"], 4)
        for which in ("least", "median", "most"):
            self.assertLess(abs(figures["offsetMs"][which]), 40, figures)
        counter = figures["counter"]
        self.assertEqual((counter["unreadable"], counter["doubled"], counter["backwards"]), (0, 0, 0), figures)
        return recording

    def test_a_server_records_on_and_so_do_files(self):
        server = self.server()
        for name, own in self.push_across(lambda name: server.url("rec", name), record=True).items():
            with self.subTest(name):
                self.check_goes_on(harness.finished(server.recordings(name)[0]))
                self.check_goes_on(own)

    def test_http_goes_on(self):
        receiver = HttpReceiver(self.directory / "received")
        self.addCleanup(receiver.stop)
        self.push_across(lambda name: f"{receiver.base}/live/{name}.flv")
        for name in LIMITS:
            with self.subTest(name):
                self.check_goes_on(receiver.directory / f"{name}.flv")

    def test_ffmpeg_listens_on(self):
        ports = dict(zip(LIMITS, harness.processes.free_ports(len(LIMITS))))
        listeners = {}
        for name, port in ports.items():
            with open(self.directory / f"{name}.log", "wb") as log:
                listeners[name] = self.spawn(["ffmpeg", "-nostdin", "-v", "warning", "-listen", "1", "-i",
                                              f"rtmp://127.0.0.1:{port}/live/test", "-c", "copy", self.directory / f"{name}.mkv"],
                                             stdout=log, stderr=subprocess.STDOUT)
            # It takes one connection alone, so looking whether it listens must not be one.
            harness.processes.wait_for(lambda: f":{port:04X} 00000000:0000 0A" in pathlib.Path("/proc/net/tcp").read_text(), 10,
                                       "ffmpeg listening")
        self.push_across(lambda name: f"rtmp://127.0.0.1:{ports[name]}/live/test")
        for name, listener in listeners.items():
            with self.subTest(name):
                listener.wait(30)
                self.check_goes_on(self.directory / f"{name}.mkv")

    def test_every_chunk_carries_the_extended_time(self):
        received = {name: [] for name in LIMITS}

        def receive(messages):
            def script(peer):
                peer.accept()
                peer.connection.settimeout(None)
                while True:
                    messages.append(peer.next())
            return script

        servers = {name: ScriptedServer(receive(messages)) for name, messages in received.items()}
        for server in servers.values():
            self.addCleanup(server.close)
        self.push_across(lambda name: servers[name].url())
        for name, limit in LIMITS.items():
            with self.subTest(name):
                servers[name].close()
                self.assertEqual(servers[name].problems, [])
                media = [each for each in received[name] if each.type in (wire.AUDIO, wire.VIDEO) and each.body[1] != 0]
                long = [each for each in media if len(each.body) > 4096 and each.timestamp >= 0xFFFFFF]
                self.assertGreater(len(long), 2, "hardly a message had a second chunk with an extended time")
                for kind in (wire.AUDIO, wire.VIDEO):
                    times = [each.timestamp for each in media if each.type == kind]
                    self.assertAlmostEqual(times[0], limit - BEFORE, delta=1500)
                    steps = [(after - before) % 2**32 for before, after in zip(times, times[1:])]
                    self.assertLess(max(steps), 250, "times jump or go back")
                    self.assertGreater(sum(steps), BEFORE + 1000, "the limit was never reached")


if __name__ == "__main__":
    harness.main()
