#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_arrivals.py FOLDER: writes logs of how late packets come, for tests/playback/simulator.hpp; always the same ones.

A log is text: `interval US` (of media from packet to packet), `key N` (each Nth is a key frame), then how late each packet
comes, in ms after its media time: a number, or NUMBER*COUNT. A packet never overtakes the one before it.
"""
import math
import pathlib
import random
import sys

INTERVAL = 40  # ms


def runs(values):
    out, before, count = [], None, 0
    for value in [*values, None]:
        if value == before:
            count += 1
            continue
        if before is not None:
            out.append(f"{before}*{count}" if count > 1 else str(before))
        before, count = value, 1
    return out


def write(folder, name, lateness, key=50):
    words, lines, line = runs(lateness), [], ""
    for word in words:
        if len(line) + len(word) > 126:
            lines.append(line)
            line = ""
        line += (" " if line else "") + word
    text = "\n".join([f"interval {INTERVAL * 1000}", f"key {key}", *lines, line]) + "\n"
    (folder / f"{name}.txt").write_text(text, encoding="ascii")


def packets(seconds):
    return int(seconds * 1000 / INTERVAL)


def calm(seconds, chance):
    return [chance.choice((0, 0, 1, 1, 2, 3)) for _ in range(packets(seconds))]


def stop(lateness, at, length, gap=0):
    """Nothing comes from `at` s on for `length` s; then all at once, `gap` ms from packet to packet."""
    begin, end = at * 1000, (at + length) * 1000
    for i, late in enumerate(lateness):
        own = i * INTERVAL + late
        if own >= begin:
            lateness[i] = int(max(own, end + (i - math.ceil(begin / INTERVAL)) * gap) - i * INTERVAL)
    return lateness


def mobile(seconds, chance):
    """As a 4G link is: a queue that a varying rate empties, retransmissions of 8 ms, now and then a handover."""
    out, free = [], 0.0
    rate, until = 1.0, 0
    for i in range(packets(seconds)):
        now = i * INTERVAL
        if now >= until:
            rate = chance.choice((0.6, 0.9, 1.1, 1.5, 2.5, 4.0))
            until = now + chance.randint(120, 600)
        size = 4.0 if i % 50 == 0 else chance.uniform(0.6, 1.2)
        free = max(free, now) + size * 20 / rate
        if chance.random() < 0.06:
            free += 8 * chance.randint(1, 4)
        if chance.random() < 0.0006:
            free += chance.randint(150, 400)
        out.append(int(free - now))
    return out


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(11)
    write(folder, "calm", calm(60, chance))
    write(folder, "mobile", mobile(150, chance))
    for length in (3, 10, 30):
        write(folder, f"stop_{length}s", stop(calm(75 + 2 * length, chance), 45, length))
    write(folder, "stop_3s_slow_link", stop(calm(75, chance), 45, 3, gap=15))
    write(folder, "stops_800ms", [x for n in range(12) for x in stop(calm(10, chance), 5, 0.8)])
    write(folder, "stops_400ms", [x for n in range(24) for x in stop(calm(5, chance), 2.5, 0.4)])
    write(folder, "stops_150ms", [x for n in range(24) for x in stop(calm(5, chance), 2.5, 0.15)])
    # What a server has kept comes at once: 4 s of it, from a key frame on.
    write(folder, "kept_4s", stop(calm(40, chance), 0, 4, gap=1), key=100)
    # 90 % of the media's rate for 20 s, then what has piled up.
    slow = [int(i * INTERVAL * 0.1) for i in range(packets(20))]
    write(folder, "slow_link", calm(20, chance) + slow + stop(calm(60, chance), 0, 2, gap=20))


if __name__ == "__main__":
    main()
