#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures how a push behaves on a link whose rate, delay and loss change: runs `livepusher push` (or a rule for the
bitrate alone, see rules_bench.cpp) through such a link and notes at the far end when each message is there. A row per
run, and a picture of each as SVG.

    rig.py --scenario drop --buffer 64 --buffer 256 --congestion cubic --congestion bbr
    rig.py --trace "0 4000; 10 1500 delay=20 loss=1" --seconds 30 --max 2500
    rig.py --protocol srt --latency 300 --trace "0 4000 delay=60 loss=5" --seconds 30
    rig.py --pusher livepusher --pusher obs --pusher haishinkit --pusher fixed

Links: tun (default as root: two network namespaces and a wire in user space with an exact buffer), tbf (the kernel's own
shaper; no delay, no loss), proxy (without root: a TCP proxy with a token bucket; no jitter, no loss).
"""
import argparse
import itertools
import json
import os
import pathlib
import signal
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import links  # noqa: E402
import plot  # noqa: E402
import pushers  # noqa: E402
import run  # noqa: E402
import traces  # noqa: E402

BIN = ROOT / "build/release/bin"

COLUMNS = [  # key, heading, width, how it is shown
    ("pusher", "pusher", 11, str), ("scenario", "scenario", 15, str), ("buffer", "buffer", 7, "{} KB".format),
    ("congestion", "tcp", 6, str),
    ("peak", "peak s", 7, "{:.2f}".format), ("drained", "<0.5 s in", 10, "{:.2f}".format), ("p95_later", "p95 later", 10, "{:.3f}".format),
    ("goodput", "goodput", 8, "{:.0%}".format), ("ramp", "ramp s", 7, "{:.1f}".format), ("ramp_peak", "its peak", 9, "{:.2f}".format),
    ("p95", "p95 all", 8, "{:.3f}".format), ("kbps", "kbps", 6, "{:.0f}".format),
    ("skipped", "skipped", 8, str), ("lost", "lost", 5, str), ("broken", "broken", 6, str), ("changes", "1006", 5, str), ("sizes", "1005", 5, str),
    ("slow", "1101", 5, str), ("connections", "conn", 5, str), ("load", "load", 5, "{:.1f}".format)]
LEGEND = """\
peak: the longest delay of a picture; <0.5 s in: from the drop until it stays under 0.5 s (never: not before the return); p95 later:
95th percentile from 2 s after the drop; goodput: media at the far end from 5 s after the drop, of the link's rate; ramp: from the
return until video comes at 90 % of its rate before the drop, over 2 s; its peak: the longest delay from the return on. After a
blackout all this is counted from its end. skipped: pictures left out before the encoder; lost: coded ones that never came; broken: of SRT, those that came with a part missing; the codes'
numbers: how often each event came; conn: connections; load: of this machine, which should be under its cores."""


def size(text):
    try:
        width, height = (int(part) for part in text.split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}': must be WIDTHxHEIGHT") from None
    return width, height


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", action="append", choices=[*traces.SCENARIOS, "all"], help="a named trace; may be repeated (drop)")
    parser.add_argument("--trace", help="a trace of your own, see traces.py; needs --seconds")
    parser.add_argument("--seconds", type=float, help="length of the run, instead of the scenario's")
    parser.add_argument("--buffer", action="append", type=int, help="KB that the bottleneck holds; may be repeated (64)")
    parser.add_argument("--congestion", action="append", help="TCP's congestion control; may be repeated (the system's)")
    parser.add_argument("--pusher", action="append", choices=[*pushers.NAMES, "all"], help="may be repeated (livepusher)")
    parser.add_argument("--rounds", type=int, default=1, help="times that everything is measured (1)")
    parser.add_argument("--protocol", choices=["rtmp", "srt"], default="rtmp", help="srt: livepusher alone, link tun (rtmp)")
    parser.add_argument("--latency", type=int, default=300, help="SRT's, in ms (300)")
    parser.add_argument("--link", choices=list(links.LINKS), help="tun as root, else proxy")
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path(os.environ.get("LIVEPUSHER_BIN", BIN / "livepusher")))
    parser.add_argument("--rules-bin", type=pathlib.Path, help="bench_rules (beside --bin)")
    parser.add_argument("--size", type=size, default=(1280, 720), help="of the picture (1280x720)")
    parser.add_argument("--fps", type=int, default=30)
    parser.add_argument("--min", type=int, default=200, help="kbps (200)")
    parser.add_argument("--max", type=int, default=3500, help="kbps (3500)")
    parser.add_argument("--audio", type=int, default=96, help="kbps (96)")
    parser.add_argument("--preset", default="ultrafast", help="x264's, cheap so that the CPU is not the limit (ultrafast)")
    parser.add_argument("--seed", type=int, default=1, help="of jitter, loss and the rules' encoder (1)")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/network", help="where the pictures and figures.json go")
    parser.add_argument("--cache", type=pathlib.Path, default=ROOT / "build/cache/bench", help="where the raw pictures are kept")
    parser.add_argument("--json", action="store_true", help="figures as JSON on stdout instead of the table")
    parser.add_argument("arguments", nargs="*", help="after --: more arguments of livepusher push")
    options = parser.parse_args()
    options.rules_bin = options.rules_bin or options.bin.with_name("bench_rules")
    options.link = options.link or ("tun" if links.why_no_tun() is None else "proxy")
    options.url = f"srt://{{}}:{{}}?latency={options.latency}" if options.protocol == "srt" else "rtmp://{}:{}/live/rig"
    options.receiver = "srt_receiver.py" if options.protocol == "srt" else "receiver.py"
    if options.protocol == "srt" and (options.link == "proxy" or set(options.pusher or []) - {"livepusher"}):
        parser.error("--protocol srt goes over UDP: with --link tun or tbf, and --pusher livepusher")
    if options.trace and not options.seconds:
        parser.error("--trace needs --seconds")
    return options


def chosen_traces(options):
    if options.trace:
        return [traces.make("own", options.trace, options.trace, options.seconds)]
    names = options.scenario or ["drop"]
    found = list(traces.SCENARIOS.values()) if "all" in names else [traces.SCENARIOS[name] for name in names]
    return [trace._replace(seconds=options.seconds) for trace in found] if options.seconds else found


def row(result):
    cells = []
    for key, _, width, shown in COLUMNS:
        value = result[key]
        never = key in ("drained", "ramp") and result["judged"][key]
        cells.append(f"{shown(value) if value is not None else 'never' if never else '-':>{width}}")
    return " ".join(cells)


def one(options, pusher, trace, buffer, congestion, turn):
    with tempfile.TemporaryDirectory(prefix="livepusher-rig-") as directory:
        a_run = run.Run(options, pusher, trace, buffer * 1024, congestion, pathlib.Path(directory))
        result = {"pusher": pusher, "scenario": trace.name, "buffer": buffer, "link": options.link, **a_run.measure()}
    result["judged"] = {"drained": trace.fall is not None, "ramp": trace.back is not None}
    name = f"{pusher}-{options.protocol}-{trace.name}-{buffer}k-{result['congestion']}-{turn + 1}.svg"
    options.out.mkdir(parents=True, exist_ok=True)
    title = f"{pusher}: {trace.words}; buffer {buffer} KB, {result['congestion']}, link {options.link}"
    plot.write(options.out / name, title, trace, a_run.arrivals, a_run.series, a_run.changes, a_run.queue)
    return result


def main():
    options = arguments()
    names = options.pusher or ["livepusher"]
    names = pushers.NAMES if "all" in names else names
    for name in names:
        why = pushers.missing(options, name)
        if why:
            sys.exit(f"rig: {why}")
    if options.link == "proxy":
        print(f"rig: link proxy: {links.why_no_tun() or 'as you wish'}", file=sys.stderr)
    results, failed = [], False
    if not options.json:
        print(LEGEND + "\n\n" + " ".join(f"{words:>{width}}" for _, words, width, _ in COLUMNS), flush=True)
    for turn, trace, buffer, congestion, name in itertools.product(
            range(options.rounds), chosen_traces(options), options.buffer or [64], options.congestion or [None], names):
        try:
            results.append(one(options, name, trace, buffer, congestion, turn))
        except (run.Failed, links.NoLink) as why:
            failed = True
            print(f"rig: {name}, {trace.name}: {why}", file=sys.stderr)
            continue
        if not options.json:
            print(row(results[-1]), flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "figures.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        print(f"\nPictures and figures.json: {options.out}")
    return 1 if failed else 0


def _terminated(*_):
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _terminated)  # so that everything is taken away then too
    try:
        sys.exit(main())
    except (traces.BadTrace, links.NoLink) as problem:
        sys.exit(f"rig: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
