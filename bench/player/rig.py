#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures players of live streams alike, none with a hook: an eye reads from the pixels of each one's window when a picture was
captured, and hears its sound on a monitor.

  delay    from the moment a picture is handed to the push until it is seen in the window
  start    from the start of the process until there is a picture (the key frames are 2 s apart)
  stops    the way from the server stands still for 3, 10 and 30 s: the delay before and after, as a table and as a plot
  lipsync  heard minus shown, without what the stream itself has
  cpu      CPU time and memory of the player

720p30 and AAC go from bin/livepusher to nginx-rtmp (or, over HTTP, a server of the rig) to the player, all on this machine's loopback.
"""
import argparse
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

import figures
import players
import plot
import process
import stage

SETTLE, MEASURE, STARTS = 5, 20, 6
STOPS = [(3, 25), (10, 25), (30, 35)]  # s of a stop, and s that are watched after it
BACK = 0.1  # s more than before a stop: so near the delay has to come back
FIRST_PICTURE = 20  # s within which one has to come
STEADY = ("delay", "lipsync", "cpu")
MODES = (*STEADY, "start", "stops")


def say(words):
    print(words, file=sys.stderr, flush=True)


def milliseconds(value):
    return "-" if value is None else f"{1000 * value:.0f}"


def spent(player):
    """CPU of the player, of all that is measured with it, of the machine, and what that has had, s."""
    return (process.cpu_seconds(player), process.own_seconds(os.getpid()), *process.machine_seconds())


def steady(scene, player, seconds):
    """Delay, lip sync, CPU and memory in one go."""
    with scene.playing(player) as running:
        first = running.wait_for_picture(FIRST_PICTURE)
        if first is None:
            return {"failed": "no picture: " + scene.told()}
        time.sleep(SETTLE)
        begin, before = time.monotonic(), spent(running.process.pid)
        time.sleep(seconds)
        end, after = time.monotonic(), spent(running.process.pid)
        cpu, own, machine, had = (b - a for a, b in zip(before, after))
        peak = process.peak_megabytes(running.process.pid)
        if running.process.poll() is not None:
            return {"failed": "it ended: " + scene.told()}
        seen = figures.between(running.eye.pictures, begin, end)
        beeps = [beep for beep in running.eye.beeps if begin <= beep < end]
        window = running.eye.window
    delays = [figures.delay(each) for each in seen]
    offset = scene.stream_offset()
    lipsync = figures.lip_sync(beeps, figures.flashes(seen), offset) if offset is not None else None
    return {"first": first, "median": figures.part(delays, 0.5), "p95": figures.part(delays, 0.95), "most": max(delays, default=None),
            "fps": len(seen) / (end - begin), "still": figures.longest_still(seen), "window": window,
            "lipsync": lipsync, "own": offset, "cpu": cpu / (end - begin), "peak": peak,
            "others": max(0, machine - own) / had}


def start(scene, player):
    firsts, moments, ages = [], [], []
    for number in range(STARTS):
        with scene.playing(player) as running:
            first = running.wait_for_picture(FIRST_PICTURE)
            if first is None:
                return {"failed": "no picture: " + scene.told()}
            firsts.append(first)
            moments.append((running.began, running.eye.pictures[0]))
            ages.append(figures.delay(running.eye.pictures[0]))
        time.sleep(0.3 * number)  # another place between two key frames
    keys = scene.key_frames()
    # Of a server that keeps nothing for newcomers nobody can show what was captured before they came.
    after = None if scene.keeps else [each for each in (figures.after_key(keys, *moment) for moment in moments) if each is not None]
    return {"firsts": firsts, "after": after, "ages": ages}


def stops(scene, player):
    table, series, marks = [], [], []
    with scene.proxy() as (proxy, url), scene.playing(player, url) as running:
        if running.wait_for_picture(FIRST_PICTURE) is None:
            return {"failed": "no picture: " + scene.told()}
        time.sleep(SETTLE + 3)
        zero = time.monotonic() - 3
        for length, watched in STOPS:
            began = time.monotonic()
            before = [figures.delay(each) for each in figures.between(running.eye.pictures, began - 3, began)]
            say(f"  {player.name}: {length} s stop")
            proxy.hold()
            time.sleep(length)
            proxy.release()
            released = time.monotonic()
            time.sleep(watched)
            end = time.monotonic()
            marks.append((began - zero, released - zero))
            if running.process.poll() is not None:
                table.append({"stop": length, "ended": scene.told() or f"exit code {running.process.returncode}"})
                break
            after = figures.between(running.eye.pictures, released, end)
            level = figures.part(before, 0.5)
            last = [figures.delay(each) for each in figures.between(after, end - 3, end)]
            table.append({"stop": length, "before": level, "last": figures.part(last, 0.5),
                          "first": after[0].moment - released if after else None,
                          "back": figures.settled(after, released, (0, level + BACK)) if level is not None else None})
        series = [(round(each.moment - zero, 3), figures.delay(each)) for each in running.eye.pictures if each.moment >= zero]
    return {"table": table, "series": series, "marks": marks}


def table(titles, rows):
    widths = [max(len(str(row[i])) for row in [titles, *rows]) for i in range(len(titles))]
    for row in [titles, *rows]:
        print("  ".join(str(value).ljust(width) if i == 0 else str(value).rjust(width) for i, (value, width) in enumerate(zip(row, widths))).rstrip())


def show(mode, results):
    """The table of one mode, of all players that have figures."""
    found = {name: result for name, result in results.items() if result and "failed" not in result}
    for name, result in results.items():
        if result and "failed" in result:
            print(f"{name}: {result['failed']}")
    if not found:
        return
    print()
    if mode == "delay":
        table(["delay, ms", "median", "p95", "most", "pictures/s", "longest still"],
              [[name, *(milliseconds(r[key]) for key in ("median", "p95", "most")), f"{r['fps']:.1f}", milliseconds(r["still"])]
               for name, r in found.items()])
    elif mode == "lipsync":
        table(["heard - shown, ms", "median", "p95 of |it|", "worst", "beeps", "the stream's own"],
              [[name, *((f"{r['lipsync']['median']:+.1f}", f"{r['lipsync']['p95']:.1f}", f"{r['lipsync']['worst']:+.1f}", r["lipsync"]["beeps"])
                        if r["lipsync"] else ("no sound", "", "", 0)), "-" if r["own"] is None else f"{1000 * r['own']:+.1f}"] for name, r in found.items()])
    elif mode == "cpu":
        table(["CPU and memory", "% of a core", "peak MB", "of the machine, others"],
              [[name, f"{100 * r['cpu']:.1f}", f"{r['peak']:.0f}", f"{100 * r['others']:.0f} %"] for name, r in found.items()])
    elif mode == "start":
        table(["start, ms", "median", "most", "after the first key frame: median", "most", "age of the picture, median"],
              [[name, *(milliseconds(value) for value in (figures.part(r["firsts"], 0.5), max(r["firsts"]), figures.part(r["after"] or [], 0.5),
                                                          max(r["after"] or [], default=None), figures.part(r["ages"], 0.5)))]
               for name, r in found.items()])
    elif mode == "stops":
        table(["stops", "stop, s", "delay before, ms", "first picture after, ms", "delay at the end, ms", f"back to +{1000 * BACK:.0f} ms, s"],
              [[name, row["stop"], "it ended:", "", "", row["ended"].splitlines()[-1]] if "ended" in row else
               [name, row["stop"], milliseconds(row["before"]), milliseconds(row["first"]), milliseconds(row["last"]),
                "never" if row["back"] is None else f"{row['back']:.1f}"] for name, r in found.items() for row in r["table"]])


def measure(arguments, results):
    skipped = {player.name: player.missing() for player in arguments.players}
    for name, why in skipped.items():
        if why:
            say(f"{name}: skipped: {why}")
    ready = [player for player in arguments.players if not skipped[player.name]]
    if not ready:
        return
    with tempfile.TemporaryDirectory(prefix="livepusher-bench-") as folder, stage.Stage(folder, arguments.cache, arguments.over) as scene:
        for player in ready:
            name = player.name if arguments.over == "rtmp" else f"{player.name}, {arguments.over}"
            if set(arguments.modes) & set(STEADY):
                say(f"{player.name}: {SETTLE + arguments.seconds} s of playing")
                result = steady(scene, player, arguments.seconds)
                for mode in STEADY:
                    results[mode][name] = result
                if result.get("others", 0) > 0.1:
                    say(f"{name}: others took {100 * result['others']:.0f} % of this machine meanwhile: take its figures as what it does then")
            if "start" in arguments.modes:
                say(f"{player.name}: {STARTS} starts")
                results["start"][name] = start(scene, player)
            if "stops" in arguments.modes:
                say(f"{player.name}: stops, {sum(a + b for a, b in STOPS) + SETTLE + 3} s")
                results["stops"][name] = stops(scene, player)
        say(f"pictures were handed over {1000 * scene.feeder.latest:.0f} ms late at most")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench player", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modes", nargs="*", metavar="|".join(MODES), help="what is measured (all)")
    parser.add_argument("--players", default="", metavar="NAME,…", help="of these alone: " + ", ".join(each.name for each in players.PLAYERS))
    parser.add_argument("--over", choices=stage.WAYS, default="rtmp", help="how players reach the stream (rtmp); http-flv-gop: from a server "
                        "that sends newcomers what there was since the last key frame")
    parser.add_argument("--seconds", type=int, default=MEASURE, metavar="S", help=f"of steady playing ({MEASURE})")
    parser.add_argument("--results", type=pathlib.Path, metavar="FILE", help="keeps the figures there, and shows those of earlier runs beside")
    parser.add_argument("--plot", type=pathlib.Path, metavar="FILE.svg", help="where the delay through the stops is drawn (build/bench/player-stops.svg)",
                        default=players.ROOT / "build/bench/player-stops.svg")
    parser.add_argument("--cache", type=pathlib.Path, default=players.ROOT / "build/cache/bench", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    for mode in arguments.modes:
        if mode not in MODES:
            parser.error(f"{mode}: must be one of {', '.join(MODES)}")
    arguments.modes = arguments.modes or list(MODES)
    known = {player.name: player for player in players.PLAYERS}
    names = [name for name in arguments.players.split(",") if name] or list(known)
    if unknown := [name for name in names if name not in known]:
        parser.error(f"--players {','.join(unknown)}: must be of {', '.join(known)}")
    arguments.players = [known[name] for name in names]
    for command, package in stage.NEEDED.items():
        if not shutil.which(command):
            parser.exit(1, f"bench player: {command} is not installed (apt-get install {package})\n")

    results = {mode: {} for mode in MODES}
    if arguments.results and arguments.results.exists():
        for mode, found in json.loads(arguments.results.read_text()).items():
            results[mode] = found
    measure(arguments, results)
    if arguments.results:
        arguments.results.parent.mkdir(parents=True, exist_ok=True)
        arguments.results.write_text(json.dumps(results))
    order = [player.name for player in players.PLAYERS]

    def place(item):
        name, _, way = item[0].partition(", ")
        return way, order.index(name) if name in order else len(order)
    for mode in MODES:
        results[mode] = dict(sorted(results[mode].items(), key=place))
        if mode in arguments.modes:
            show(mode, results[mode])
    drawn = {name: result for name, result in results["stops"].items() if "failed" not in result}
    if "stops" in arguments.modes and drawn:
        arguments.plot.parent.mkdir(parents=True, exist_ok=True)
        plot.write(arguments.plot, drawn)
        print(f"\n{arguments.plot}")


if __name__ == "__main__":
    main()
