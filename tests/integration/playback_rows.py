# SPDX-License-Identifier: MIT
"""Tables of pushes of files: each row says what is pushed and what has to arrive; rows run side by side, each prints a line."""
import dataclasses
import pathlib
import re
import shutil
import subprocess
import time

import harness
from playback import Playback

PUSHED = ("--fps", 30, "--video-preset", "ultrafast", "--quiet")
SMALL = ("--video-width", 320, "--video-height", 180)
AT_ONCE = 8  # pushes side by side: what they need stays far below two cores
TRIED_AGAIN = 2  # rows, by themselves: more have not gone wrong by chance
SOURCE = 3  # the program's exit code
# What every push tells, and what it tells of the pushing machine's own load.
USUAL = {1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1101, 1107}
WARNING = re.compile(r"^\d\d:\d\d:\d\d (?:warning|error): (?!1101|1107).*$", re.MULTILINE)


@dataclasses.dataclass
class Row:
    """None or (): not judged. `source` is a path or URL, or a function that gives one, called just before the push."""
    name: str
    source: object
    seconds: object = None  # how long the pushed stream is, and `within`; or (least, most)
    within: float = 0.6  # s; where it begins and ends hangs on the machine's load, what lies between on `beat`
    flashes: object = None  # a number, or (least, most)
    beeps: object = None
    pair: object = 40  # ms, of the worst beep to its flash
    beat: float = 0.1  # s, of a flash or beep from whole seconds after the first; judged where `pair` is strict
    hole: object = 20  # ms: so long a hole in the tone is not allowed
    holes: object = 0  # how many of those are the source's own
    pictures: object = None  # a number, or (least, most); None: 30 a second; 0: not judged
    still: float = 150  # ms between two of them, at most; more where the source has fewer
    warnings: object = 0  # a number, or (least, most)
    words: tuple = ()  # what they say
    exit: object = 0  # the exit code, or (least, most)
    rss: float = 200  # MB, at its peak
    flags: tuple = ()
    env: object = None
    size: tuple = SMALL
    only: str = ""  # "video" or "audio": the other one is not asked for
    patience: float = 15  # s: so much longer than `seconds` a push may run, or than 15 where they are not known
    push: object = None
    peak: float = 0.0
    cpu: float = 0.0

    @property
    def span(self):
        return self.seconds if isinstance(self.seconds, tuple) else (self.seconds - self.within, self.seconds + self.within)

    @property
    def limit(self):
        return (15 if self.seconds is None else self.span[1]) + self.patience

    @property
    def told(self):
        return WARNING.findall(self.push.stderr)

    @property
    def codes(self):
        """What no push without trouble tells."""
        events = self.push.events()
        return [code for event in events if event["event"] in ("statechange", "error")
                if (code := event.get("code", event.get("errCode"))) not in USUAL]


def is_within(value, wanted):
    least, most = wanted if isinstance(wanted, tuple) else (wanted, wanted)
    return least <= value <= most


def figures(pid):
    """(MB resident at most, s of CPU) of a running process; None when it is gone."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        times = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    peak = re.search(r"VmHWM:\s+(\d+)", status)
    return (int(peak[1]) / 1024, (int(times[11]) + int(times[12])) / 100) if peak else None


def stacks(pid):
    """What each thread of a process that should have ended is doing, where there is a debugger."""
    if not shutil.which("gdb"):
        return "       (with gdb there would be the stacks of its threads)"
    told = subprocess.run(["gdb", "-p", str(pid), "-batch", "-ex", "thread apply all bt 12"], capture_output=True, text=True)
    return "\n".join(f"       | {line[:160]}" for line in told.stdout.splitlines() if line.startswith(("#", "Thread")))


class Case(harness.Case):
    def run_rows(self, rows):
        """All of the rows, some at a time; fails at the end with what was wrong in any. One or two that were wrong are
        pushed again by themselves, which says whether it was the machine, and that they were is printed."""
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")
        print()
        for row in rows:  # clips are made one after another, before anything is measured
            if not callable(row.source):
                row.source = str(row.source)
        wrong = self.push_rows(rows, AT_ONCE)
        if 0 < len(wrong) <= TRIED_AGAIN:
            print("once more, by themselves:")
            wrong = self.push_rows([row for row, _ in wrong], 1)
        if wrong:
            self.fail("\n" + "\n".join(line for _, complaints in wrong for line in complaints))

    def push_rows(self, rows, at_once):
        """Those that were wrong, with what was."""
        waiting, running, wrong = list(rows), [], []
        while waiting or running:
            while waiting and len(running) < at_once:
                running.append(self.begin(waiting.pop(0)))
            for row in list(running):
                row.peak, row.cpu = figures(row.push.process.pid) or (row.peak, row.cpu)
                late = time.monotonic() > row.deadline
                if row.push.process.poll() is None and not late:
                    continue
                running.remove(row)
                if late:
                    print(stacks(row.push.process.pid))
                    harness.processes.end(row.push.process)
                if complaints := self.judge(row, late):
                    wrong.append((row, complaints))
            time.sleep(0.1)
        return wrong

    def begin(self, row):
        row.out = self.directory / f"{re.sub(r'[^a-z0-9]+', '-', row.name.lower())}.flv"
        row.out.unlink(missing_ok=True)
        source = row.source() if callable(row.source) else row.source
        sources = ("--source", f"file:{source}")
        if row.only:
            other = "audio" if row.only == "video" else "video"
            sources = (f"--{row.only}-source", f"file:{source}", f"--{other}-source", "none")
        row.push = self.push(row.out, *(() if "--video-source" in row.flags else sources), *PUSHED, *row.size, *row.flags,
                             env=row.env)
        row.deadline = time.monotonic() + row.limit
        return row

    def judge(self, row, late=False):
        """Prints what came of a row; what is wrong with it, a sentence each."""
        wrong, code, played = [], row.push.process.returncode, None
        if row.out.exists() and row.out.stat().st_size > 500:
            played = Playback(row.out)
        if late:
            wrong.append(f"it still ran after {row.limit:.0f} s")
        elif not is_within(code, row.exit):
            wrong.append(f"exit code {code}, not {row.exit}")
        if row.exit != SOURCE:
            wrong += self.compare(row, played) if played else ["nothing was pushed"]
        if not is_within(len(row.told), row.warnings):
            wrong.append(f"{len(row.told)} warnings, not {row.warnings}")
        said = row.push.stderr
        wrong += [f"{word!r} is not said" for word in row.words if not re.search(word, said)]
        if row.peak > row.rss:
            wrong.append(f"{row.peak:.0f} MB resident, {row.rss} are allowed")
        print(f"{'ok  ' if not wrong else 'FAIL'} {row.name}: exit {code}, {played}, {len(row.told)} warnings, codes {row.codes}, "
              f"{row.peak:.0f} MB, {row.cpu:.2f} s of CPU", flush=True)
        for line in wrong:
            print(f"       {line}", flush=True)
        if wrong:
            for line in said.strip().splitlines()[-3:]:
                print(f"       | {line[:220]}", flush=True)
        return [f"{row.name}: {line}" for line in wrong]

    def compare(self, row, played):
        wrong = []
        if row.seconds is not None and not is_within(played.length, row.span):
            wrong.append(f"{played.length:.2f} s, not {row.span[0]:.2f}..{row.span[1]:.2f}")
        for what, found, wanted in (("flashes", played.flashes, row.flashes), ("beeps", played.beeps, row.beeps)):
            if wanted is not None and not is_within(len(found), wanted):
                wrong.append(f"{len(found)} {what}, not {wanted}: at {[round(at, 2) for at in found]}")
        if row.pair is not None and played.worst_pair > row.pair:
            wrong.append(f"beeps up to {played.worst_pair:.0f} ms from their flashes: {[round(pair) for pair in played.pairs]}")
        for what, found in (("flashes", played.flashes), ("beeps", played.beeps)):
            off = max((abs((at - found[0] + 0.5) % 1 - 0.5) for at in found), default=0)
            if row.pair is not None and row.pair <= 60 and off > row.beat:
                wrong.append(f"{what} up to {off * 1000:.0f} ms from their beat: at {[round(at, 2) for at in found]}")
        if row.hole is not None and len(played.holes_of(row.hole)) > row.holes:
            wrong.append(f"holes in the tone (s, ms): {played.holes_of(row.hole)[:6]}")
        if row.pictures != 0 and played.video and row.seconds is not None:
            wanted = row.pictures or (row.span[0] * 29, row.span[1] * 31)
            if not is_within(played.pictures, wanted):
                wrong.append(f"{played.pictures} pictures, not {wanted}")
            if played.longest_still > row.still:
                wrong.append(f"{played.longest_still:.0f} ms between two pictures")
        return wrong
