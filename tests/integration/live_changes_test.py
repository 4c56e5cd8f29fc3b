# SPDX-License-Identifier: MIT
"""Properties that change every two seconds of a push: the recording decodes without an error and shows each in time."""
import array
import json
import math
import subprocess
import sys
import time

import harness
import pictures
from recording import Recording

sys.path.insert(0, str(harness.HERE.parent / "program"))
from program_case import Control  # noqa: E402

EACH = 2.0  # s from one change to the next
WITHIN = 1.0  # s until a viewer sees it


def brightness(frame, columns):
    """Mean of the colour bars' height in some columns."""
    values = [sum(pictures.pixel(frame, x, y)) / 3 for x in columns for y in range(2, 12)]
    return sum(values) / len(values)


def mirrored(frame):
    """The bars fall from white at the left to blue at the right."""
    return brightness(frame, range(50, 62)) > brightness(frame, range(2, 14)) + 10


def black(frame):
    return brightness(frame, range(0, 64, 4)) < 8


class Stream:
    """A recording as times, sizes, pictures, bytes and sound."""

    def __init__(self, path):
        self.recording = Recording(path)
        probed = json.loads(harness.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_frames", "-show_entries",
                                         "frame=pts_time,width,height,pkt_size", "-of", "json", path]))["frames"]
        self.times = [float(each["pts_time"]) for each in probed]
        self.sizes = [(each["width"], each["height"]) for each in probed]
        self.bytes = [int(each["pkt_size"]) for each in probed]
        self.pictures = pictures.of_file(path)
        raw = subprocess.run([*pictures.QUIET, "-i", str(path), "-map", "0:a", "-ac", "1", "-ar", "8000", "-f", "s16le", "-"],
                             capture_output=True, check=True).stdout
        self.sound = array.array("h", raw)
        self.sound_begin = self.recording.times(self.recording.audio, "pts_time")[0]

    def first(self, what, begin):
        """When `what` (of a frame's number) first holds for a frame at or after `begin`."""
        return next((at for number, at in enumerate(self.times) if at >= begin and what(number)), None)

    def between(self, begin, end):
        return [number for number, at in enumerate(self.times) if begin <= at < end]

    def loudness(self, begin, end):
        part = self.sound[int((begin - self.sound_begin) * 8000):int((end - self.sound_begin) * 8000)]
        return math.sqrt(sum(value * value for value in part) / max(1, len(part)))


def size(width, height):
    return lambda stream, number: stream.sizes[number] == (width, height)


def picture(predicate, wanted=True):
    return lambda stream, number: predicate(stream.pictures[number]) == wanted


def rate(fps):
    """Of the second that follows a frame."""
    def holds(stream, number):
        at = stream.times[number]
        return abs(len(stream.between(at, at + 0.8)) / 0.8 - fps) <= fps * 0.15
    return holds


def kbps(low, high):
    def holds(stream, number):
        at = stream.times[number]
        return low <= sum(stream.bytes[each] for each in stream.between(at, at + 0.8)) * 8 / 800 <= high
    return holds


def sound(audible):
    def holds(stream, number):
        return (stream.loudness(stream.times[number], stream.times[number] + 0.3) > 300) == audible
    return holds


CHANGES = [
    ({"orientation": "horizontal"}, size(640, 360)),
    ({"videoWidth": 320, "videoHeight": 240}, size(320, 240)),
    ({"fps": 25}, rate(25)),
    ({"remoteMirror": True}, picture(mirrored)),
    ({"minBitrate": 100, "maxBitrate": 120}, kbps(0, 250)),
    ({"muted": True}, sound(False)),
    ({"enableCamera": False}, picture(black)),
    ({"enableCamera": True}, picture(black, False)),
    ({"muted": False}, sound(True)),
    ({"maxBitrate": 2000}, kbps(800, 5000)),
    ({"remoteMirror": False}, picture(mirrored, False)),
    ({"fps": 15}, rate(15)),
    ({"videoWidth": 640, "videoHeight": 360}, size(640, 360)),
    ({"orientation": "vertical"}, size(360, 640)),
]


class Test(harness.Case):
    def film(self):
        """Colour bars under so much noise that any bitrate is used up, and a tone."""
        path = self.directory / "film.mkv"
        harness.run([*pictures.QUIET, "-f", "lavfi", "-i", "smptebars=s=640x480:r=30,noise=alls=30:allf=t", "-f", "lavfi",
                     "-i", "sine=440:r=48000", "-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le", path])
        return path

    def test_each_is_seen_in_time(self):
        harness.need_commands(ffmpeg="ffmpeg")
        server = self.server()
        push = self.push(server.url("rec", "test"), "--source", f"file:{self.film()}", "--loop", "--control", self.directory / "control",
                         "--video-width", "360", "--video-height", "640", "--max-bitrate", "2000")
        push.wait_code(1002)
        control = Control(self.directory / "control")
        self.addCleanup(control.close)
        begin = time.monotonic()
        made = []
        while len(made) < len(CHANGES) or (time.monotonic() - begin < harness.seconds()):
            time.sleep(max(0, begin + EACH * (len(made) + 1) - time.monotonic()))
            change, seen = CHANGES[len(made) % len(CHANGES)]
            made.append((time.monotonic(), change, seen))
            answer = control.ask({"set": change})
            self.assertTrue(answer["ok"], f"{change}: {answer}")
        time.sleep(EACH)
        ended = time.monotonic()
        push.interrupt()
        self.assertEqual(push.wait(10), 0, str(push))
        self.assertEqual(push.codes().count(1002), 1, "the connection was made again")
        self.assertEqual(push.codes().count(4999), sum("muted" in change for _, change, _ in made))

        self.assertEqual(len(server.recordings("test")), 1)
        stream = Stream(harness.finished(server.recordings("test")[0]))
        self.assertEqual(stream.recording.decode_errors(), "")
        self.assertEqual(len(stream.pictures), len(stream.times))
        for track in (stream.recording.video, stream.recording.audio):
            times = stream.recording.times(track)
            self.assertTrue(all(before < after for before, after in zip(times, times[1:])), "time stamps go back")
        late = []
        for at, change, seen in made:
            moment = stream.times[-1] - (ended - at)
            first = stream.first(lambda number: seen(stream, number), moment - 0.1)  # the two clocks differ by the flush
            delay = None if first is None else max(0.0, first - moment)
            late.append((change, delay))
        print("\n".join(f"{str(change):50} seen after {delay:.2f} s" if delay is not None else f"{change}: never seen"
                        for change, delay in late))
        for change, delay in late:
            self.assertIsNotNone(delay, f"{change} is never seen")
            self.assertLess(delay, WITHIN, f"{change} is seen late")


if __name__ == "__main__":
    harness.main()
