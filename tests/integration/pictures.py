# SPDX-License-Identifier: MIT
"""Small pictures of a stream, frame by frame, with the time at which each came; and what to compare them with."""
import subprocess
import threading
import time

from harness import run
import processes

WIDTH, HEIGHT = 64, 36  # what every frame is scaled to
FRAME = WIDTH * HEIGHT * 3
TO_RAW = ["-vf", f"scale={WIDTH}:{HEIGHT}:flags=area,format=rgb24", "-fps_mode", "passthrough", "-enc_time_base:v", "-1",
          "-f", "rawvideo", "-"]
QUIET = ["ffmpeg", "-nostdin", "-v", "error"]


def four_fields(path, size, colours, *options):
    """Writes a picture of four fields: top left, top right, bottom left, bottom right."""
    width, height = size[0] // 2, size[1] // 2
    boxes = ",".join(f"drawbox=x={x * width}:y={y * height}:w={width}:h={height}:t=fill:c=0x{colours[x + 2 * y]:06x}"
                     for y in (0, 1) for x in (0, 1))
    run([*QUIET, "-f", "lavfi", "-i", f"color=black:s={2 * width}x{2 * height},format=gbrp,{boxes}", "-frames:v", "1",
         *options, "-y", path])
    return path


def pixel(frame, x, y):
    at = (y * WIDTH + x) * 3
    return tuple(frame[at:at + 3])


def near(colour, wanted, tolerance=24):
    return all(abs(is_ - (wanted >> shift & 255)) <= tolerance for is_, shift in zip(colour, (16, 8, 0)))


def of_file(path):
    """Every frame of a recording, in the order of showing."""
    raw = subprocess.run([*QUIET, "-i", str(path), "-map", "0:v", *TO_RAW], capture_output=True, check=True).stdout
    return [raw[at:at + FRAME] for at in range(0, len(raw), FRAME)]


class Viewer:
    """Plays a URL and keeps (monotonic time, frame) as they come, with as little delay as ffmpeg can."""

    def __init__(self, url):
        self.frames = []
        self.process = processes.spawn([*QUIET, "-fflags", "nobuffer", "-flags", "low_delay", "-analyzeduration", "3000000", "-fpsprobesize", "0",
                                        "-threads", "1", "-i", url, "-map", "0:v", "-threads", "1", "-flush_packets", "1", *TO_RAW],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while len(frame := self.process.stdout.read(FRAME)) == FRAME:
            self.frames.append((time.monotonic(), frame))

    def first(self, predicate, since):
        """When the first such frame came after `since`; None if none did."""
        return next((at for at, frame in list(self.frames) if at >= since and predicate(frame)), None)

    def close(self):
        processes.end(self.process)
        self._thread.join(5)
        self.process.stdout.close()
