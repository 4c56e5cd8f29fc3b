# SPDX-License-Identifier: MIT
"""What is made of what the eye has seen and heard. Pure: see tests/bench/player_rig_test.py."""
import bisect
import collections
import statistics

#: A picture as it was seen: s of CLOCK_MONOTONIC, ms of it when it was handed over, whether it flashes.
Seen = collections.namedtuple("Seen", "moment stamp flash")


def delay(seen):
    """s, modulo what 32 bits of ms can tell."""
    return ((round(1000 * seen.moment) - seen.stamp) % 2**32) / 1000


def plausible(seen, most=180.0):
    """Of pictures that were read by chance from something else the delay makes no sense."""
    return [each for each in seen if delay(each) < most]


def part(values, share):
    """The value below which that share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def between(seen, begin, end):
    return [each for each in seen if begin <= each.moment < end]


def longest_still(seen):
    """s between two pictures, at most."""
    return max((b.moment - a.moment for a, b in zip(seen, seen[1:])), default=None)


def flashes(pictures):
    """When each that flashes was seen first."""
    return [each.moment for each in pictures if each.flash]


def offsets(beeps, shown, most=0.5):
    """Of each beep how much later than the nearest flash it came, s; of those that have one that near."""
    found = []
    for beep in beeps:
        at = bisect.bisect(shown, beep)
        near = min((beep - each for each in shown[max(0, at - 1):at + 1]), key=abs, default=None)
        if near is not None and abs(near) <= most:
            found.append(near)
    return found


def lip_sync(beeps, shown, own):
    """{median, p95, worst} of heard minus shown, ms, without `own`, what the stream itself has (s). p95 and worst without sign."""
    found = [1000 * (each - own) for each in offsets(beeps, shown)]
    if not found:
        return None
    return {"median": statistics.median(found), "p95": part([abs(each) for each in found], 0.95), "worst": max(found, key=abs), "beeps": len(found)}


def after_key(keys, began, picture):
    """s from the capture of the first key frame that a player can have had until it showed its first picture; None: it is not
    among them. A key frame that was on its way when the player `began` is one too, if it is what was shown."""
    captured = picture.moment - delay(picture)
    key = next((each for each in keys if each >= min(began, captured - 0.02)), None)
    return None if key is None else picture.moment - key


def settled(seen, begin, within, steady=1.0):
    """s after `begin` from which on the delay stays within these bounds for `steady` s; None: never."""
    since = None
    for each in seen:
        if each.moment < begin:
            continue
        if not within[0] <= delay(each) <= within[1]:
            since = None
        elif since is None:
            since = each.moment
        elif each.moment - since >= steady:
            return since - begin
    return None
