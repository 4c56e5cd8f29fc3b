# SPDX-License-Identifier: MIT
"""Pushes of live inputs, side by side, while things happen to their feeds; what was told when, and what was seen when."""
import dataclasses
import time

import harness
from playback import Playback
from playback_rows import PUSHED, SMALL, USUAL, WARNING, figures

TOLD = 5.0  # s within which a feed that is gone is told of, and within which one that is back is seen and heard
SLACK = 1.2  # s: flashes and beeps come once a second


@dataclasses.dataclass
class Live:
    """`feed`: a function that begins it, called just before the push. `script`: (s after the first picture, what is done to the feed)."""
    name: str
    feed: object
    seconds: float = 16
    script: tuple = ()
    sound: bool = True
    picture: bool = True  # whether flashes can be asked for
    start: float = 3.0  # s from the program's start to its first picture
    pair: float = 80  # ms
    delay: object = None  # s by which the picture's delay behind its feed may change; None: not judged
    hole: object = 100  # ms of silence that are allowed, outside of what the script does
    flags: tuple = ()
    env: object = None

    def run(self):
        self.live = self.feed()
        self.began = time.monotonic()
        self.marks, self.told, self.known, self.first, self.steps = [], [], [0, 0], None, list(self.script)
        self.offset = time.time() - time.monotonic()

    def look(self, push):
        """One round of the clock: notes what is new, does what is due. False when the push has ended."""
        now = time.monotonic()
        events = [event for event in push.events() if event["event"] in ("statechange", "error")]
        if self.first is None:
            seen = [event for event in events if event.get("code") == (1007 if self.picture else 1002)]
            if seen:
                self.first = seen[0]["time"] / 1000 - self.offset
        fresh = [event for event in events if event.get("code", event.get("errCode")) not in USUAL]
        texts = [f"{event.get('code', event.get('errCode'))} {event.get('message', event.get('errMsg', ''))}" for event in fresh]
        for which, news in enumerate((texts, WARNING.findall(push.stderr))):
            self.told += [(now, text) for text in news[self.known[which]:]]
            self.known[which] = len(news)
        while self.first and self.steps and now - self.first >= self.steps[0][0]:
            _, action = self.steps.pop(0)
            getattr(self.live, action)()
            self.marks.append((time.monotonic(), action))
        self.peak, self.cpu = figures(push.process.pid) or (getattr(self, "peak", 0.0), getattr(self, "cpu", 0.0))
        return push.process.poll() is None


class Case(harness.Case):
    def run_live(self, rows):
        harness.need_commands(ffmpeg="ffmpeg", ffprobe="ffmpeg")
        print()
        pushes = []
        for number, row in enumerate(rows):
            row.run()
            self.addCleanup(row.live.close)
            out = self.directory / f"live-{number}.flv"
            url = f"file:{row.live.url}"
            source = ["--source", url] if row.sound else ["--video-source", url, "--audio-source", "none"]
            pushes.append((row, out, self.follow(row, out, *source, *PUSHED, *SMALL, "--duration", row.seconds, *row.flags)))
        deadline = time.monotonic() + max(row.seconds for row in rows) + 25
        running = list(pushes)
        while running and time.monotonic() < deadline:
            running = [each for each in running if each[0].look(each[2])]
            time.sleep(0.1)
        complaints = []
        for row, out, push in pushes:
            hangs = push.process.poll() is None
            harness.processes.end(push.process)
            row.live.close()
            complaints += self.judge(row, out, push, hangs)
        if complaints:
            self.fail("\n" + "\n".join(complaints))

    def follow(self, row, out, *arguments):
        """A feed that has a `stdin` is read through it."""
        stdin = getattr(row.live, "stdin", None)
        program = ["sh", "-c", f'exec "$0" "$@" <"{stdin}"', harness.tool("LIVEPUSHER_BIN")] if stdin else None
        push = harness.Push(["push", out, "--json", *arguments], self.directory, row.env, program=program)
        self.addCleanup(harness.processes.end, push.process)
        return push

    def judge(self, row, out, push, hangs):
        wrong = ["it did not end"] if hangs else []
        if not hangs and push.process.returncode != 0:
            wrong.append(f"exit code {push.process.returncode}")
        played = Playback(out) if out.exists() and out.stat().st_size > 500 else None
        zero = next((event["time"] / 1000 - row.offset for event in push.events("statechange") if event["code"] == 1002), None)
        start, delays = (row.first - row.began if row.first else None), []
        if start is None or start > row.start:
            wrong.append(f"the first picture after {start if start is None else round(start, 2)} s, {row.start} are allowed")
        if played and zero:
            wrong += self.compare(row, played, zero)
            if played.end < row.seconds - 1.5 and not hangs:
                wrong.append(f"it ended after {played.end:.1f} s of {row.seconds}" + ", before its feed was back" * bool(row.steps))
            delays = lags(row, played, zero)
        elif not wrong:
            wrong.append("nothing was pushed")
        if row.delay is not None and delays and max(delays) - min(delays) > row.delay:
            wrong.append(f"the delay goes from {min(delays):.2f} to {max(delays):.2f} s: {[round(each, 2) for each in delays[::6]]}")
        shown = f", n + {min(delays):.2f}..{max(delays):.2f} s behind" if delays else ""
        first = "never" if start is None else f"{start:.2f} s"
        print(f"{'ok  ' if not wrong else 'FAIL'} {row.name}: exit {push.process.returncode}, first picture {first}{shown}, {played}, "
              f"{row.peak:.0f} MB, {row.cpu:.2f} s of CPU", flush=True)
        for when, action in row.marks:
            print(f"       {when - row.first:6.2f} s: {action}")
        for when, text in row.told[:6]:
            print(f"       {when - (row.first or row.began):6.2f} s: | {text[:200]}")
        for line in wrong:
            print(f"       {line}", flush=True)
        return [f"{row.name}: {line}" for line in wrong]

    def compare(self, row, played, zero):
        """Around what the script did, and outside of it."""
        wrong, gone, back = [], None, None
        seen = [("flash", [zero + at for at in played.flashes])] * row.picture + [("beep", [zero + at for at in played.beeps])] * row.sound
        end = zero + played.end
        quiet = []  # from when to when nothing can be asked for
        for when, action in row.marks:
            if action in ("die", "mute"):
                gone = when
                if not any(when <= at <= when + TOLD for at, _ in row.told):
                    wrong.append(f"{action} at {when - row.first:.1f} s: nothing is told within {TOLD} s")
                quiet.append([when - SLACK, end])
            elif gone and action in ("back", "restart"):
                back = when
                quiet[-1][1] = when + TOLD + SLACK
                for what, times in seen:
                    after = [at for at in times if at > when]
                    if not after or after[0] > when + TOLD + SLACK:
                        wrong.append(f"back at {when - row.first:.1f} s: no {what} within {TOLD} s"
                                     + (f", the first after {after[0] - when:.1f}" if after else ""))
        if row.marks and back is None and not gone:
            raise ValueError(f"{row.name}: a script without an end of the feed")
        period = 1 / row.live.rate
        for what, times in seen:
            begin = max(times[0] if times else end, zero)
            wanted = [begin + number * period for number in range(int((end - begin - 0.3) / period))]
            wanted = [at for at in wanted if not any(first <= at <= last for first, last in quiet)]
            found = [at for at in times if not any(first <= at <= last for first, last in quiet)]
            if begin > zero + 3 + SLACK:
                wrong.append(f"no {what} before {begin - zero:.1f} s")
            if len(found) < len(wanted) - 1 or len(found) > len(wanted) + 3:
                wrong.append(f"{len(found)} {what}es, about {len(wanted)} were sent")
        if played.worst_pair > row.pair:
            wrong.append(f"beeps up to {played.worst_pair:.0f} ms from their flashes")
        holes = [hole for hole in played.holes_of(row.hole or 1e9)
                 if not any(first <= zero + hole[0] + hole[1] / 1000 and zero + hole[0] <= last for first, last in quiet)]
        if holes and row.sound and len(holes) > 1:
            wrong.append(f"holes in the tone (s, ms): {holes[:6]}")
        return wrong


def lags(row, played, zero):
    """s by which each flash is behind its feed by the clock on the wall, while nothing happens to the feed; all of them
    the same number of whole seconds too low, since a flash does not tell which it is."""
    period, found = 1 / row.live.rate, []
    if row.marks or not played.flashes:
        return found
    for flash in played.flashes:
        sent = (zero + flash - row.live.begin) * row.live.rate  # the clip's time that is on air now
        lag = (sent % 1) * period
        while found and lag < found[-1] - period / 2:
            lag += period
        while found and lag > found[-1] + period / 2:
            lag -= period
        found.append(lag)
    return found
