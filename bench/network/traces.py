# SPDX-License-Identifier: MIT
"""What the link does over time: a list of steps, written as text.

    0 4000; 12 1000; 37 4000          at 0 s 4000 kbps, at 12 s 1000 kbps, at 37 s 4000 kbps again
    0 4000 delay=40 jitter=8 loss=1   and every packet to the server 40 ms +- 8 ms late, one in a hundred lost
    12 0                              nothing gets through, either way

`delay`, `jitter` (ms) and `loss` (%) hold until a later step says otherwise.
"""
import collections

Step = collections.namedtuple("Step", "at kbps delay jitter loss")
# fall..back: the stretch that is judged, from a drop of the rate to its return; None where there is none.
Trace = collections.namedtuple("Trace", "name words steps seconds fall back")

_LASTING = ("delay", "jitter", "loss")


class BadTrace(ValueError):
    pass


def parse(text):
    """The steps of such a text, in order of time."""
    steps, lasting = [], dict.fromkeys(_LASTING, 0.0)
    for part in filter(None, (part.strip() for part in text.split(";"))):
        words = part.split()
        try:
            at, kbps = float(words[0]), float(words[1])
            for word in words[2:]:
                key, value = word.split("=")
                if key not in lasting:
                    raise BadTrace(f"step '{part}': '{key}' is none of {', '.join(_LASTING)}")
                lasting[key] = float(value)
        except BadTrace:
            raise
        except (ValueError, IndexError):
            raise BadTrace(f"step '{part}': must be SECONDS KBPS [delay=MS] [jitter=MS] [loss=PERCENT]") from None
        if min(at, kbps, *lasting.values()) < 0 or lasting["loss"] >= 100 or lasting["jitter"] > lasting["delay"]:
            raise BadTrace(f"step '{part}': no negative numbers, loss under 100, jitter not over delay")
        if steps and at <= steps[-1].at:
            raise BadTrace(f"step '{part}': must come after {steps[-1].at:g} s")
        steps.append(Step(at, kbps, **lasting))
    if not steps or steps[0].at != 0:
        raise BadTrace(f"'{text}': the first step must be at 0")
    return steps


def step_at(steps, moment):
    """The step in force."""
    return [step for step in steps if step.at <= moment][-1] if moment > 0 else steps[0]


def capacity(steps, begin, end):
    """Bits that the link can carry in that time."""
    edges = [step.at for step in steps[1:]] + [float("inf")]
    return sum(step.kbps * 1000 * max(0.0, min(end, until) - max(begin, step.at)) for step, until in zip(steps, edges))


def stretch(steps):
    """From the first fall of the rate to the next rise; None for what there is not."""
    fall = next((b.at for a, b in zip(steps, steps[1:]) if b.kbps < a.kbps), None)
    back = None if fall is None else next((b.at for a, b in zip(steps, steps[1:]) if b.at > fall and b.kbps > a.kbps), None)
    return fall, back


def make(name, words, text, seconds):
    steps = parse(text)
    if seconds <= steps[-1].at:
        raise BadTrace(f"'{text}': the last step is not before the end at {seconds:g} s")
    return Trace(name, words, steps, seconds, *stretch(steps))


_ROUGH = "delay=40 jitter=8 loss=1"
SCENARIOS = {trace.name: trace for trace in (
    make("drop", "4 Mbps, 1 Mbps from 12 s to 37 s", "0 4000; 12 1000; 37 4000", 62),
    make("drop-rough", "the same with 40 ms +- 8 ms and 1 % loss", f"0 4000 {_ROUGH}; 12 1000; 37 4000", 62),
    make("short-drop", "4 Mbps, 1 Mbps from 6 s", "0 4000; 6 1000", 20),
    make("steady", "4 Mbps", "0 4000", 60),
    make("steady-rough", "4 Mbps with 40 ms +- 8 ms and 1 % loss", f"0 4000 {_ROUGH}", 60),
    make("blackout", "4 Mbps, nothing from 12 s to 18 s", "0 4000; 12 0; 18 4000", 36),
    make("blackout-rough", "the same with 40 ms +- 8 ms and 1 % loss", f"0 4000 {_ROUGH}; 12 0; 18 4000", 36),
    make("start-low", "1 Mbps from the start", "0 1000", 30),
    make("sawtooth", "4, 2, 3, 1, 4 Mbps, 12 s each", "0 4000; 12 2000; 24 3000; 36 1000; 48 4000", 62),
)}
