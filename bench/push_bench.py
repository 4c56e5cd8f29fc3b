#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures whole pushes, process by process: livepusher's program, FFmpeg's, GStreamer's where it is installed, and the
codecs alone, all on the same pictures and sound, paced alike, one after another in the same run.

Each program reads raw pictures and PCM from FIFOs and pushes to a server in this program, which notes when each whole
message was there. Exit status 1 when livepusher misses a goal and --check is given.
"""
import argparse
import array
import collections
import json
import multiprocessing
import os
import pathlib
import queue
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import material
from feeder import feed
from rtmp_sink import AUDIO, VIDEO, Sink, write_flv

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin"))
AAC_BLOCK = 1024
AUDIO_INTERVAL = 0.01  # s of sound handed over at a time
processes = multiprocessing.get_context("fork")

Setup = collections.namedtuple("Setup", "name width height fps kbps audio_kbps cpu_goal")
SETUPS = [Setup("720p30", 1280, 720, 30, 2500, 128, 1.08), Setup("360x640@15", 360, 640, 15, 600, 128, 1.3)]
GOALS = {"video_ms": 20, "audio_ms": 20, "start_ms": 120, "peak_mb": 60}
BEAUTY = ["--beauty", 5, "--whiteness", 4, "--filter", "romantic"]
FACES = ["--custom-effect", "--face-thinness", 0.5, "--eye-bigness", 0.5]
EFFECTS = {"beauty": (BEAUTY, 1.3), "beauty+faces": ([*BEAUTY, *FACES], 1.5)}  # and the goal, as a multiple of the plain push's CPU


def livepusher(setup, url, video, audio):
    return [BIN / "livepusher", "push", url,
            "--video-source", f"raw:{video},{setup.width}x{setup.height}@{setup.fps}",
            "--audio-source", f"pcm:{audio},{material.RATE},{material.CHANNELS}",
            "--mode", "RTC", "--video-width", setup.width, "--video-height", setup.height, "--fps", setup.fps,
            "--min-bitrate", setup.kbps, "--max-bitrate", setup.kbps, "--audio-bitrate", setup.audio_kbps,
            "--video-preset", "veryfast", "--quiet"]


def ffmpeg(setup, url, video, audio):
    return ["ffmpeg", "-nostdin", "-v", "error", "-probesize", 32, "-f", "rawvideo", "-pix_fmt", "yuv420p",
            "-s", f"{setup.width}x{setup.height}",
            "-r", setup.fps, "-i", video, "-probesize", 32, "-f", "s16le", "-ar", material.RATE, "-ac", material.CHANNELS, "-i", audio,
            "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-b:v", f"{setup.kbps}k",
            "-maxrate", f"{setup.kbps}k", "-bufsize", f"{setup.kbps // 2}k", "-g", 2 * setup.fps, "-sc_threshold", 0,
            "-c:a", "aac", "-b:a", f"{setup.audio_kbps}k", "-f", "flv", url]


def gstreamer(setup, url, video, audio):
    unbounded = "queue max-size-bytes=0 max-size-buffers=0 max-size-time=0"  # the default stands still at 720p
    pipeline = (
        f"flvmux name=mux streamable=true ! rtmp2sink location={url} "
        f"fdsrc fd=3 blocksize={setup.width * setup.height * 3 // 2} ! rawvideoparse format=i420 "
        f"width={setup.width} height={setup.height} framerate={setup.fps}/1 ! {unbounded} ! x264enc speed-preset=veryfast "
        f"tune=zerolatency bitrate={setup.kbps} vbv-buf-capacity=500 key-int-max={2 * setup.fps} option-string=scenecut=0 ! "
        f"h264parse ! mux. fdsrc fd=4 blocksize=1920 ! rawaudioparse format=pcm pcm-format=s16le "
        f"sample-rate={material.RATE} num-channels={material.CHANNELS} ! {unbounded} ! audioconvert ! avenc_aac "
        f"bitrate={setup.audio_kbps * 1000} ! aacparse ! mux.")
    return ["sh", "-c", f'exec gst-launch-1.0 -q "$@" 3<"{video}" 4<"{audio}"', "gst", *pipeline.split()]


def with_effects(flags):
    return lambda *where: [*livepusher(*where), *flags]


PROGRAMS = {"livepusher": livepusher, "ffmpeg": ffmpeg, "gstreamer": gstreamer,
            **{name: with_effects(flags) for name, (flags, _) in EFFECTS.items()}}


class Failed(Exception):
    """A program could not be measured."""


def available(effects):
    """The programs that can be run here, and why others can't."""
    names, notes = [], []
    if (BIN / "livepusher").exists():
        names += ["livepusher", *(EFFECTS if effects else [])]
    else:
        notes.append(f"livepusher: {BIN / 'livepusher'} is not there: ./dev build")
    for name, binary in (("ffmpeg", "ffmpeg"), ("gstreamer", "gst-launch-1.0")):
        if shutil.which(binary):
            names.append(name)
        else:
            notes.append(f"{name}: {binary} is not installed")
    return names, notes


def cpu_of(usage):
    return usage.ru_utime + usage.ru_stime


def running(process):
    """Leaves the exit status where it is, for wait_for(); Popen.poll() would take it and the usage with it."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def wait_for(process, seconds):
    """wait4 with a limit; a process that overstays is killed and told of."""
    limit = time.monotonic() + seconds
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage
        if time.monotonic() > limit:
            raise Failed(f"{process.args[0]} did not end within {seconds} s of being asked to")
        time.sleep(0.01)


def peak_mb(pid):
    """VmHWM: peak resident memory since exec (ru_maxrss would count what was there before it)."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return float("nan")


def push(name, setup, seconds, cache):
    """One push; its figures."""
    with tempfile.TemporaryDirectory(prefix="livepusher-bench-") as directory:
        directory = pathlib.Path(directory)
        video, audio = directory / "video", directory / "audio"
        os.mkfifo(video)
        os.mkfifo(audio)
        sink = Sink()
        results = processes.Queue()
        receiver = processes.Process(target=lambda: results.put(sink.receive()), daemon=True)
        receiver.start()
        handed_video, handed_audio = processes.Queue(), processes.Queue()
        feeders = [
            processes.Process(target=feed, daemon=True, args=(
                material.pictures(cache, setup.width, setup.height, setup.fps), video,
                setup.width * setup.height * 3 // 2, 1 / setup.fps, seconds, handed_video)),
            processes.Process(target=feed, daemon=True, args=(
                material.sound(cache), audio, round(material.RATE * AUDIO_INTERVAL) * material.CHANNELS * 2,
                AUDIO_INTERVAL, seconds, handed_audio))]
        for feeder in feeders:
            feeder.start()
        command = [str(word) for word in PROGRAMS[name](setup, f"rtmp://127.0.0.1:{sink.port}/live/bench", video, audio)]
        begin = time.monotonic()
        with open(directory / "log", "wb") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            time.sleep(seconds)  # the FIFOs end a little later, by as much as the program took to open them
            peak = peak_mb(process.pid) if running(process) else float("nan")
            video_times, audio_times = handed_video.get(timeout=10), handed_audio.get(timeout=10)
            if running(process):
                time.sleep(0.3)  # what is under way
                os.kill(process.pid, signal.SIGINT)
            usage = wait_for(process, 10)
            messages = results.get(timeout=5)
        except queue.Empty:
            raise Failed(f"{name} did not take all that was handed over:\n{(directory / 'log').read_text()[-2000:]}") from None
        finally:
            if process.returncode is None:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            for child in (receiver, *feeders):
                child.terminate()
        media = [m for m in messages if m.is_media()]
        if len([m for m in media if m.type == VIDEO]) < setup.fps or len([m for m in media if m.type == AUDIO]) < 40:
            raise Failed(f"{name} sent {len(media)} messages:\n{(directory / 'log').read_text()[-2000:]}")
        write_flv(messages, directory / "got.flv")
        figures = {"cpu": cpu_of(usage) / seconds, "peak_mb": peak,
                   "start_ms": 1000 * (min(m.arrived for m in media if m.type == VIDEO) - begin)}
        video_stamps = video_figures(figures, directory / "got.flv", [m for m in media if m.type == VIDEO], video_times,
                                     material.LENGTH * setup.fps)
        audio_stamps = audio_figures(figures, directory / "got.flv", [m for m in media if m.type == AUDIO], audio_times)
        figures["offset_ms"] = statistics.median(audio_stamps) - statistics.median(video_stamps)
        return figures


def decoded(path, *arguments):
    return subprocess.run(["ffmpeg", "-v", "error", "-i", path, *arguments, "-"], check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE).stdout


def video_figures(figures, path, messages, handed, period):
    """Finds each message's picture by the number it bears. Answers with each one's time stamp less hand-over, ms."""
    width = material.CELL * material.CELLS
    rows = decoded(path, "-map", "0:v", "-fps_mode", "passthrough", "-enc_time_base", "-1", "-vf", f"crop={width}:2:0:{material.CELL // 2}",
                   "-f", "rawvideo", "-pix_fmt", "gray")
    numbers = [material.read_number(rows[at:at + width]) for at in range(0, len(rows), 2 * width)]
    if len(numbers) != len(messages):
        raise Failed(f"{len(messages)} pictures came and {len(numbers)} could be decoded")
    delays, stamps, places = [], [], []
    for message, number in zip(messages, numbers):
        # The newest of those with that number that had been handed over when it came.
        place = max((i for i in range(number, len(handed), period) if handed[i] <= message.arrived), default=None)
        if place is None:
            raise Failed(f"picture {number} came before it was handed over")
        places.append(place)
        delays.append(1000 * (message.arrived - handed[place]))
        stamps.append(message.timestamp - 1000 * handed[place])
    figures["video_ms"] = statistics.median(delays)
    figures["video_p95_ms"] = statistics.quantiles(delays, n=20)[-1]
    figures["video_kbps"] = (sum(len(m.body) for m in messages) * 8 / (messages[-1].timestamp - messages[0].timestamp))
    figures["pictures"] = len(messages)
    figures["lost"] = places[-1] - places[0] + 1 - len(set(places))
    figures["doubled"] = len(places) - len(set(places))
    return stamps


def audio_figures(figures, path, messages, handed):
    """Finds the clicks in the decoded sound. Answers with each one's time stamp less hand-over, ms."""
    samples = array.array("h", decoded(path, "-map", "0:a", "-ac", "1", "-f", "s16le", "-ar", str(material.RATE)))
    per_block = round(material.RATE * AUDIO_INTERVAL)
    def handed_at(sample):
        return handed[min(max(sample // per_block, 0), len(handed) - 1)]
    whole, behind, stamps = [], [], []
    for at in clicks(samples):
        block = at // AAC_BLOCK
        arrived = messages[block].arrived
        candidates = [n for n in range(len(handed) * per_block // material.CLICK_EVERY)
                      if handed_at(material.click_at(n)) <= arrived]
        if not candidates:
            continue
        sample = material.click_at(candidates[-1])
        whole.append(1000 * (arrived - handed_at(sample)))
        # The encoder gives a block out when two more have been filled, the first being its priming.
        last_needed = sample + (block + 2) * AAC_BLOCK - (at - AAC_BLOCK) - 1
        behind.append(1000 * (arrived - handed_at(last_needed)))
        heard = handed_at(sample) - (per_block - sample % per_block) / material.RATE  # its block ends when it is handed over
        stamps.append(messages[block].timestamp + 1000 * (at % AAC_BLOCK) / material.RATE - 1000 * heard)
    figures["audio_ms"] = statistics.median(behind)
    figures["audio_with_codec_ms"] = statistics.median(whole)
    figures["audio_kbps"] = sum(len(m.body) for m in messages) * 8 / (messages[-1].timestamp - messages[0].timestamp)
    return stamps


def clicks(samples):
    """Where the clicks lie: they are far louder than the speech. Not those at the very ends."""
    found, at, end = [], AAC_BLOCK * 4, len(samples) - AAC_BLOCK * 4
    while at < end:
        if abs(samples[at]) > 18000:
            window = samples[at:at + 200]
            found.append(at + max(range(len(window)), key=lambda i: window[i]))
            at += material.CLICK_EVERY // 2
        at += 1
    return found


def codecs_alone(setup, seconds, cache, coder, threads):
    """CPU s per stream second of x264 and AAC with nothing around them."""
    command = (BIN / "bench_codecs_alone", material.pictures(cache, setup.width, setup.height, setup.fps),
               f"{setup.width}x{setup.height}", setup.fps, setup.kbps, material.sound(cache), material.RATE, material.CHANNELS,
               setup.audio_kbps, seconds, threads, coder, "veryfast")
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    usage = wait_for(process, seconds + 20)
    if process.returncode != 0:
        raise Failed(f"bench_codecs_alone failed with status {process.returncode}")
    return cpu_of(usage) / seconds


def best(runs):
    """Of several runs the least CPU (others on the machine can only add to it), of everything else the median."""
    return {key: min(run[key] for run in runs) if key == "cpu" else statistics.median(run[key] for run in runs) for key in runs[0]}


def measure(setup, names, options, cache):
    references = {"default": [], "fast": [], "threads": []}
    runs = {name: [] for name in names}
    for turn in range(options.rounds):
        print(f"{setup.name}: round {turn + 1} of {options.rounds}", file=sys.stderr)
        references["default"].append(codecs_alone(setup, options.seconds, cache, "twoloop", 1))
        for name in list(runs):
            try:
                runs[name].append(push(name, setup, options.seconds, cache))
            except Failed as why:
                if name == "livepusher" or name in EFFECTS:
                    raise
                print(f"{name} is left out: {why}", file=sys.stderr)
                del runs[name]
        references["fast"].append(codecs_alone(setup, options.seconds, cache, "fast", 1))
        references["threads"].append(codecs_alone(setup, options.seconds, cache, "twoloop", 0))
    alone = {name: min(values) for name, values in references.items()}
    result = {"setup": setup._asdict(), "codecs_alone": alone, "programs": {}}
    if not runs:
        raise Failed("nothing could be measured")
    for name, figures in runs.items():
        result["programs"][name] = best(figures)
        result["programs"][name]["cpu_ratio"] = result["programs"][name]["cpu"] / alone["default"]
        result["programs"][name]["cpu_ratio_fast"] = result["programs"][name]["cpu"] / alone["fast"]
    plain = result["programs"].get("livepusher")
    for name, (_, goal) in EFFECTS.items():
        if plain and name in result["programs"]:
            result["programs"][name].update(effects_ratio=result["programs"][name]["cpu"] / plain["cpu"], effects_goal=goal)
    return result


ROWS = [  # key, words, format, the goal's key
    ("cpu", "CPU s per stream second", "{:.3f}", None),
    ("cpu_ratio", "  as a multiple of x264 (1 thread) + AAC (FFmpeg's default)", "{:.2f}", "cpu_goal"),
    ("cpu_ratio_fast", "  as a multiple of x264 (1 thread) + AAC (fast coder)", "{:.2f}", None),
    ("video_ms", "picture handed over -> whole message, median ms", "{:.1f}", "video_ms"),
    ("video_p95_ms", "  95th percentile", "{:.1f}", None),
    ("audio_ms", "sound that completes a message handed over -> message, median ms", "{:.1f}", "audio_ms"),
    ("audio_with_codec_ms", "  with the AAC encoder's own look-ahead", "{:.1f}", None),
    ("offset_ms", "time stamps of sound later than picture's, ms", "{:.1f}", None),
    ("start_ms", "process start -> first picture at the server, ms", "{:.0f}", "start_ms"),
    ("peak_mb", "peak resident memory, MB", "{:.1f}", "peak_mb"),
    ("video_kbps", "video kbps", "{:.0f}", None),
    ("audio_kbps", "audio kbps", "{:.0f}", None),
    ("pictures", "pictures", "{:.0f}", None),
    ("lost", "  lost between the first and the last", "{:.0f}", None),
    ("doubled", "  doubled", "{:.0f}", None),
]


def goal_of(key, setup):
    return None if key is None else setup["cpu_goal"] if key == "cpu_goal" else GOALS[key]


def table(result):
    setup, names = result["setup"], list(result["programs"])
    alone = result["codecs_alone"]
    print(f"\n{setup['name']}, {setup['kbps']} kbps, veryfast, zero latency, AAC {setup['audio_kbps']} kbps")
    print(f"x264 alone + AAC alone, CPU s per stream second: {alone['default']:.3f} (one thread, FFmpeg's default AAC coder), "
          f"{alone['fast']:.3f} (fast coder), {alone['threads']:.3f} (x264's own choice of threads)")
    print(f"{'':66}" + "".join(f"{name:>12}" for name in names) + f"{'goal':>10}")
    for key, words, form, goal_key in ROWS:
        goal = goal_of(goal_key, setup)
        cells = "".join(f"{form.format(result['programs'][name][key]):>12}" for name in names)
        print(f"{words:66}{cells}{'' if goal is None else f'<= {goal}':>10}")
    for name, figures in result["programs"].items():
        if "effects_ratio" in figures:
            print(f"CPU of {name}, as a multiple of the same push without: {figures['effects_ratio']:.2f} (goal <= {figures['effects_goal']})")


def missed(result):
    figures = result["programs"].get("livepusher")
    if figures is None:
        return ["livepusher was not measured"]
    misses = [f"{result['setup']['name']}: {words.strip()}: {form.format(figures[key])}, goal {goal_of(goal_key, result['setup'])}"
              for key, words, form, goal_key in ROWS
              if goal_key and not figures[key] <= goal_of(goal_key, result["setup"])]
    for name, figures in result["programs"].items():
        if figures.get("effects_ratio", 0) > figures.get("effects_goal", 1):
            misses.append(f"{result['setup']['name']}: {name}: {figures['effects_ratio']:.2f} x, goal {figures['effects_goal']}")
    return misses


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="length of each push (20)")
    parser.add_argument("--rounds", type=int, default=2, help="times that everything is measured in turn (2)")
    parser.add_argument("--only", action="append", choices=list(PROGRAMS), help="measure only this program; may be repeated")
    parser.add_argument("--size", action="append", choices=[s.name for s in SETUPS], help="only this size; may be repeated")
    parser.add_argument("--effects", action="store_true", help="also livepusher with beauty, whiteness and filter, and with faces besides")
    parser.add_argument("--json", action="store_true", help="figures as JSON on stdout instead of tables")
    parser.add_argument("--check", action="store_true", help="exit with 1 when livepusher misses a goal")
    options = parser.parse_args()
    if options.seconds < 3 or options.rounds < 1:
        parser.error("--seconds must be 3 or more and --rounds 1 or more")
    cache = ROOT / "build/cache/bench"
    cache.mkdir(parents=True, exist_ok=True)
    names, notes = available(options.effects)
    names = [name for name in names if not options.only or name in options.only]
    if not names:
        raise SystemExit("push_bench: nothing to measure: " + "; ".join(notes))
    for note in notes:
        print(note, file=sys.stderr)
    results = [measure(setup, names, options, cache) for setup in SETUPS if not options.size or setup.name in options.size]
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        for result in results:
            table(result)
    misses = [miss for result in results for miss in missed(result)] if options.check else []
    for miss in misses:
        print(f"missed: {miss}", file=sys.stderr)
    return 1 if misses else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as why:
        sys.exit(f"push_bench: {why}")
