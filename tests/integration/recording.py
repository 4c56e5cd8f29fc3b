# SPDX-License-Identifier: MIT
"""What ffprobe, a full decode and count_frames say about a recorded stream."""
import json
import subprocess

from harness import run, tool


class Recording:
    def __init__(self, path):
        self.path = path
        probed = json.loads(run(["ffprobe", "-v", "error", "-show_streams", "-show_packets", "-show_entries",
                                 "packet=stream_index,pts_time,dts_time,flags:stream", "-of", "json", path]))
        self.video = next((each for each in probed["streams"] if each["codec_type"] == "video"), None)
        self.audio = next((each for each in probed["streams"] if each["codec_type"] == "audio"), None)
        self._packets = probed["packets"]

    def packets(self, stream):
        return [each for each in self._packets if each["stream_index"] == stream["index"]]

    def times(self, stream, kind="dts_time"):
        return [float(each[kind]) for each in self.packets(stream)]

    def keys(self):
        """Numbers of the frames that are key frames."""
        return [number for number, each in enumerate(self.packets(self.video)) if "K" in each["flags"]]

    def fps(self):
        times = sorted(self.times(self.video, "pts_time"))
        return (len(times) - 1) / (times[-1] - times[0])

    def length(self, stream):
        times = self.times(stream)
        return times[-1] - times[0]

    def decode_errors(self):
        """Everything that a decoder of all of it complains about. ffmpeg's parser ("NULL") is none: it reads slices by the stream's
        first configuration, and an encoder that a busy machine has made go over to a faster preset has another."""
        done = subprocess.run(["ffmpeg", "-nostdin", "-v", "warning", "-xerror", "-err_detect", "explode", "-i", str(self.path),
                               "-map", "0", "-fps_mode", "passthrough", "-enc_time_base:v", "-1", "-f", "null", "-"],
                              capture_output=True, text=True)
        told = "\n".join(line for line in done.stderr.splitlines() if not line.startswith("[NULL @ "))
        return told.strip() or ("" if done.returncode == 0 else f"ffmpeg ended with {done.returncode}")

    def frames(self, *options):
        """count_frames' figures: see tools/count_frames.cpp."""
        return json.loads(run([tool("LIVEPUSHER_COUNT_FRAMES"), *options, self.path]))


def check(case, path, width, height, fps, length, gop=2.0, audio=True, rate=48000):
    """The part that every clean push has in common."""
    recording = Recording(path)
    case.assertIsNotNone(recording.video, f"{path}: no video stream")
    case.assertEqual(recording.video["codec_name"], "h264")
    case.assertEqual((recording.video["width"], recording.video["height"]), (width, height))
    case.assertAlmostEqual(recording.fps(), fps, delta=fps * 0.01)
    count = len(recording.packets(recording.video))
    # A stream's first moments belong to the connection, its last ones to the flush.
    case.assertGreaterEqual(count, (length - 1.5) * fps, "video frames are missing")
    case.assertLessEqual(count, (length + 1.0) * fps, "there are more video frames than time")
    keys = recording.keys()
    case.assertEqual(keys[0], 0, "the stream doesn't begin with a key frame")
    for before, after in zip(keys, keys[1:]):
        case.assertAlmostEqual(after - before, gop * fps, delta=1, msg=f"key frames at {keys}")
    tracks = [recording.video]
    if audio:
        case.assertIsNotNone(recording.audio, f"{path}: no audio stream")
        case.assertEqual(recording.audio["codec_name"], "aac")
        case.assertEqual(int(recording.audio["sample_rate"]), rate)
        case.assertAlmostEqual(recording.length(recording.audio), recording.length(recording.video), delta=0.5)
        tracks.append(recording.audio)
    else:
        case.assertIsNone(recording.audio, f"{path}: an audio stream that nobody asked for")
    for track in tracks:
        times = recording.times(track)
        for before, after in zip(times, times[1:]):
            case.assertLess(before, after, f"{track['codec_type']} time stamps go from {before} to {after}")
    case.assertEqual(recording.decode_errors(), "")
    return recording
