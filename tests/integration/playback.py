# SPDX-License-Identifier: MIT
"""What is seen and heard in a push of one of clips.py's clips: flashes, beeps, how far apart they are, holes in the tone."""
import array
import json
import statistics
import subprocess

from clips import BEEP

RATE = 48000
QUIET = 0.4  # s between two flashes or beeps, at least
WINDOW = 0.0025  # s, more than a period of the tone
AAC_BLOCK = 1024
FRAME = 1 / 30  # s that a pushed picture lasts


class Playback:
    """`flashes`, `beeps`: s; `pairs`: ms of each flash to its beep; `holes`: (s, ms) of a tone that should not have any."""

    def __init__(self, path):
        self.path = path
        self.video, self.audio = _times(path)
        self._watch(lumas(path) if self.video else [], levels(path, self.audio) if self.audio else ([], []))

    def _watch(self, corner, heard):
        tone, beep = heard
        self.pictures = len(corner)
        self.flashes = onsets(corner, 128)
        loud = max((level for _, level in beep), default=0)
        self.beeps = onsets(beep, max(0.4 * loud, 0.05), long=0.03)
        self.holes = _holes(tone)
        self.sounding = WINDOW * sum(level > 0.03 for _, level in tone)  # s
        nearest = [min(((beep - flash) * 1000 for beep in self.beeps), key=abs) for flash in self.flashes if self.beeps]
        self.pairs = [distance for distance in nearest if abs(distance) <= 500]  # the others have lost their other half

    @classmethod
    def of_player(cls, played, samples):
        """What play_file gave: its JSON, read, and the path of its samples."""
        made = cls.__new__(cls)
        made.path, made.audio = samples, played["audio"]
        made.video = [at for at, _ in played["video"]]
        form = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")
        made._watch(played["video"], levels(samples, made.audio, form) if made.audio else ([], []))
        return made

    @property
    def end(self):
        return max((times[-1] + step for times, step in ((self.video, FRAME), (self.audio, AAC_BLOCK / RATE)) if times), default=0.0)

    @property
    def length(self):
        return self.end - min((times[0] for times in (self.video, self.audio) if times), default=0.0)

    @property
    def longest_still(self):
        """ms between two pictures, at most."""
        return max((b - a for a, b in zip(self.video, self.video[1:])), default=0.0) * 1000

    @property
    def worst_pair(self):
        return max(map(abs, self.pairs), default=0.0)

    @property
    def median_pair(self):
        return statistics.median(self.pairs) if self.pairs else 0.0

    def holes_of(self, milliseconds):
        return [hole for hole in self.holes if hole[1] >= milliseconds]

    def __str__(self):
        holes = self.holes_of(20)
        return (f"{self.length:.2f} s, {self.pictures} pictures, {len(self.flashes)} flashes, {len(self.beeps)} beeps, "
                f"beep-flash {self.median_pair:+.0f} ms, at worst {self.worst_pair:.0f}, {len(holes)} holes"
                + (f" of {sum(length for _, length in holes):.0f} ms, longest {max(length for _, length in holes):.0f}" if holes else ""))


def _times(path):
    """Time stamps in s of the pictures (of showing, in order) and of the blocks of sound."""
    done = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "packet=codec_type,pts_time", "-of", "json", path],
                          capture_output=True, text=True)
    packets = json.loads(done.stdout or "{}").get("packets", [])
    found = {"video": [], "audio": []}
    for packet in packets:
        if "pts_time" in packet:
            found[packet["codec_type"]].append(float(packet["pts_time"]))
    return sorted(found["video"]), found["audio"]


def lumas(path, whole=True):
    """(s, mean luma of the corner) of each picture. Not `whole`: as much as ffmpeg decodes of a damaged file."""
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-copyts", "-i", path, "-map", "0:v:0", "-vf",
                           "crop=iw/10:ih/6:0:0,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-",
                           "-fps_mode", "passthrough", "-f", "null", "-"], capture_output=True, text=True, check=whole, timeout=60)
    lines = [line for line in done.stdout.splitlines() if "=" in line or "pts_time:" in line]
    return [(float(head.rsplit("pts_time:", 1)[1]), float(value.split("=")[1])) for head, value in zip(lines[::2], lines[1::2])]


def levels(path, times=None, form=()):
    """[(s, peak)…] of the tone and of the beeps, by windows; `times` are the packets', so that gaps count as they are heard.
    Without them: as much as ffmpeg decodes of a damaged file, one sample after the other. `form`: of samples alone."""
    graph = (f"[0:a:0]aformat=sample_fmts=fltp:channel_layouts=mono,asplit[a][b];[a]lowpass=f=900,lowpass=f=900[lo];"
             f"[b]highpass=f={BEEP * 2 // 3},highpass=f={BEEP * 2 // 3}[hi];[lo][hi]amerge")
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", *form, "-i", path, "-filter_complex", graph, "-ar", str(RATE), "-f",
                           "s16le", "-"], capture_output=True, check=times is not None, timeout=60)
    samples = array.array("h", done.stdout)
    both = []
    for channel in (0, 1):
        wave, step, found = samples[channel::2], int(WINDOW * RATE), []
        for at in range(0, len(wave) - step, step):
            block = at // AAC_BLOCK
            if times is not None and block >= len(times):
                break
            when = at / RATE if times is None else times[block] + (at % AAC_BLOCK) / RATE
            part = wave[at:at + step]
            found.append((when, max(max(part), -min(part)) / 32768))
        both.append(found)
    return both


def onsets(values, threshold, long=0.0):
    """When a level rises over a threshold for `long` s, after having been under it for a while or ever."""
    found, last, began = [], None, None
    for at, level in values:
        if level < threshold:
            began = None
            continue
        if began is None:
            began = at
            fresh = last is None or at - last >= QUIET
        if fresh and at - began >= long:
            found.append(began)
            fresh = False
        last = at
    return found


def _holes(tone):
    """(s, ms) of each silence between two sounds of the tone: too quiet, or without samples at all."""
    usual = statistics.median([level for _, level in tone if level > 0.02] or [0])
    found, last = [], None
    for at, level in tone:
        if usual and level >= 0.4 * usual:
            if last is not None and at - last > 2 * WINDOW:
                found.append((round(last, 3), round((at - last - WINDOW) * 1000, 1)))
            last = at
    return found
