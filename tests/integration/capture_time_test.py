# SPDX-License-Identifier: MIT
"""With captureClock each key frame carries when it was captured, to a server, into a recording, in renditions; without it none."""
import struct
import time
import uuid

import harness
import sei
from recording import Recording

UUID = uuid.UUID("75533ca5-525d-4793-a0b4-30dcc2897d83").bytes  # docs/capture-time.md
SMALL = ("--source", "test", "--video-width", 320, "--video-height", 180, "--fps", 15, "--gop", 1, "--video-preset", "ultrafast",
         "--adaptation", "off")
KEYS = {"h264": (5,), "hevc": tuple(range(16, 24))}


class Test(harness.Case):
    def times(self, path, codec="h264"):
        """[(time of the key frame in the file, its capture time)], s, of all key frames; nothing else carries one."""
        recording = Recording(path)
        self.assertEqual(recording.decode_errors(), "")
        found, slices = [], sei.user_data_of_slices(path, codec)
        if codec == "h264":
            self.assertEqual(len(slices), len(recording.packets(recording.video)), "one slice a picture")
        for kind, data in slices:
            ours = [each for each in data if each.startswith(UUID)]
            self.assertLessEqual(len(ours), 1)
            if ours:
                self.assertIn(kind, KEYS[codec])
                self.assertEqual(len(ours[0]), 24)
                found.append(struct.unpack(">Q", ours[0][16:])[0] / 1e6)
        keys = [float(each["pts_time"]) for each in recording.packets(recording.video) if "K" in each["flags"]]
        self.assertGreaterEqual(len(keys), 3)
        self.assertEqual(len(found), len(keys), "each key frame has one")
        return list(zip(keys, found))

    def check(self, times, began, ended):
        captured = [each[1] for each in times]
        self.assertEqual(captured, sorted(captured))
        self.assertGreaterEqual(captured[0], began)
        self.assertLessEqual(captured[-1], ended)
        offsets = [capture - shown for shown, capture in times]
        print(f"{len(times)} key frames, first {captured[0] - began:.3f} s after the start, steps off by "
              f"{1000 * (max(offsets) - min(offsets)):.2f} ms at most")
        self.assertLess(max(offsets) - min(offsets), 0.0021, "the file counts milliseconds")

    def test_to_a_server_and_into_a_recording(self):
        server = self.server()
        kept = self.directory / "kept.mp4"
        began = time.time()
        push = self.push_cleanly(server.url("rec", "test"), *SMALL, "--capture-clock", "--record", kept, "--duration", 5,
                                 "--target", f"small={server.url('rec', 'small')}", "--target", "small.videoWidth=160",
                                 "--target", "small.videoHeight=90")
        ended = time.time()
        self.assertEqual(push.process.returncode, 0)
        of_server = self.times(harness.finished(server.recordings("test")[0]))
        self.check(of_server, began, ended)
        of_file, of_rendition = self.times(kept), self.times(harness.finished(server.recordings("small")[0]))
        self.check(of_file, began, ended)
        self.check(of_rendition, began, ended)
        captured = {capture for _, capture in of_server}
        self.assertTrue({capture for _, capture in of_file} >= captured, "the recording has the server's times")
        self.assertTrue({capture for _, capture in of_rendition} <= captured, "a rendition's key frames are the push's")

    def test_hevc_and_av1(self):
        began = time.time()
        pushes = {codec: self.push(self.directory / f"{codec}.mp4", *SMALL, "--capture-clock", "--video-codec", codec, "--duration", 5)
                  for codec in ("hevc", "av1")}
        for push in pushes.values():
            self.assertEqual(push.wait(60), 0, str(push))
        self.check(self.times(self.directory / "hevc.mp4", "hevc"), began, time.time())
        self.assertNotIn(UUID, (self.directory / "av1.mp4").read_bytes())
        self.assertEqual(Recording(self.directory / "av1.mp4").decode_errors(), "")

    def test_pictures_that_come_coded(self):
        plain, stamped, again = (self.directory / name for name in ("plain.flv", "stamped.flv", "again.flv"))
        self.push_cleanly(plain, *SMALL, "--duration", 4)
        self.assertFalse([data for data in sei.user_data(plain) if data.startswith(UUID)], "off by default")
        began = time.time()
        coded = ("--audio-source", "test", "--capture-clock", "--duration", 6)
        self.push_cleanly(stamped, "--video-source", f"coded:{plain}", *coded)
        times = self.times(stamped)
        self.check(times, began, time.time())
        # What has a time keeps it: it is its capture's, not this relay's.
        self.push_cleanly(again, "--video-source", f"coded:{stamped}", *coded)
        self.assertEqual([each[1] for each in self.times(again)], [each[1] for each in times])


if __name__ == "__main__":
    harness.main()
