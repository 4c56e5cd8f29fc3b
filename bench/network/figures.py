# SPDX-License-Identifier: MIT
"""What one run is worth in numbers. All times in seconds from the trace's beginning.

A message's delay is its arrival less its time stamp, less the least such difference of the first seconds. So what even
an idle path takes (about 10 ms: encoder, one frame's bytes at the first rate, and the link's own delay) is not in it.
"""
import collections
import re

from traces import capacity, step_at

AUDIO, VIDEO = 8, 9
BASE_SECONDS = 5.0  # of the first messages, whose least delay counts as none
LOW = 0.5  # s: what the delay must come back under
LATER = 2.0  # s after the fall, from when on the percentile is taken
STEADY = 5.0  # s after the fall, from when on the goodput is taken
NEARLY = 0.9  # of the rate before
MEDIA_SHARE = 0.9  # of a link's rate can be pictures at most; where it comes back with less than before
WINDOW = 2.0  # s, a group of pictures: the received rate is taken over so long

Arrival = collections.namedtuple("Arrival", "connection kind stamp size moment whole", defaults=(True,))  # stamp in s
Change = collections.namedtuple("Change", "moment kbps")


def read_arrivals(path, begin):
    """The receiver's lines, with moments from the trace's beginning."""
    found = []
    with open(path, encoding="ascii") as lines:
        for line in lines:
            connection, kind, stamp, size, moment, *whole = line.split()
            found.append(Arrival(int(connection), int(kind), int(stamp) / 1000, int(size), float(moment) - begin, whole != ["0"]))
    return found


def delays(arrivals):
    """(moment, delay) of every video message."""
    video = [a for a in arrivals if a.kind == VIDEO]
    if not video:
        return []
    base = min(a.moment - a.stamp for a in video if a.moment <= video[0].moment + BASE_SECONDS)
    return [(a.moment, a.moment - a.stamp - base) for a in video]


def percentile(values, percent):
    """By nearest rank; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


def peak(series, begin=float("-inf"), end=float("inf")):
    return max((value for moment, value in series if begin <= moment < end), default=None)


def low_after(series, begin, end, low=LOW):
    """Seconds after `begin` from when on the values stay under `low` until `end`; None when they don't, or nothing came.

    A value still too high in the last second before `end` means never."""
    inside = [(moment, value) for moment, value in series if begin <= moment < end]
    if not inside:
        return None
    high = [at for at, (_, value) in enumerate(inside) if value >= low]
    if not high:
        return max(0.0, inside[0][0] - begin) if inside[0][0] - begin > low else 0.0
    if high[-1] + 1 == len(inside) or inside[high[-1]][0] > end - 1:
        return None
    return inside[high[-1] + 1][0] - begin


def received(arrivals, begin, end, kinds=(AUDIO, VIDEO)):
    """kbps of media."""
    return sum(a.size for a in arrivals if begin <= a.moment < end and a.kind in kinds) * 8 / 1000 / (end - begin)


def ramp(arrivals, begin, end, kbps):
    """Seconds after `begin` until video came at `kbps`, taken over WINDOW; None when it never did."""
    video = [a for a in arrivals if a.kind == VIDEO and a.moment < end]
    first = bits = 0
    for last, arrival in enumerate(video):
        bits += arrival.size * 8
        while video[first].moment <= arrival.moment - WINDOW:
            bits -= video[first].size * 8
            first += 1
        if last and arrival.moment >= begin and first and bits >= kbps * 1000 * WINDOW:
            return arrival.moment - begin
    return None


def targets(events):
    """The encoder's rate over time, from the texts of 1008 and 1006: [Change]."""
    found = []
    for moment, event in events:
        code, text = event.get("code"), event.get("message", "")
        if code == 1006 or (code == 1008 and "H.264" in text):
            numbers = re.findall(r"(\d+) kbps", text)
            if numbers:
                found.append(Change(moment, int(numbers[-1])))
    return found


def missing(arrivals, fps):
    """Pictures that should lie between those that came, by their time stamps."""
    stamps = [a.stamp for a in arrivals if a.kind == VIDEO]
    return sum(max(0, round((b - a) * fps) - 1) for a, b in zip(stamps, stamps[1:]))


def judge(trace, arrivals, max_kbps):
    """The figures that hang on the link alone, by name; None where there is none."""
    series, end = delays(arrivals), trace.seconds
    values = [value for _, value in series]
    out = {"median": percentile(values, 50), "p95": percentile(values, 95), "peak": peak(series),
           "drained": None, "p95_later": None, "goodput": None, "ramp": None, "ramp_peak": None}
    if not series:
        return out
    fall = 0.0 if trace.fall is None else trace.fall
    back = end if trace.back is None else trace.back
    cut = capacity(trace.steps, fall, back) == 0
    if cut:  # nothing can be judged before the link is there again
        fall, back = back, end
    out["drained"] = low_after(series, fall, back) if trace.fall is not None else None
    out["p95_later"] = percentile([value for moment, value in series if fall + LATER <= moment < back], 95)
    bits = capacity(trace.steps, fall + STEADY, back)
    if bits:
        usable = received(arrivals, fall + STEADY, back) * 1000 * (back - fall - STEADY)
        out["goodput"] = usable / bits
    if trace.back is not None:
        before = received(arrivals, max(2.0, trace.fall - 6), trace.fall, (VIDEO,))
        carried = MEDIA_SHARE * step_at(trace.steps, trace.back).kbps
        until = next((step.at for step in trace.steps if step.at > trace.back), end)
        out["ramp"] = ramp(arrivals, trace.back, until, NEARLY * min(max_kbps, before, carried))
        out["ramp_peak"] = peak(series, trace.back + (LATER if cut else 0), until)
    return out
