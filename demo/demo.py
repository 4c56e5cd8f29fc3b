#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What ./dev demo runs: a local RTMP server, livepusher pushing to it, and a page that plays it."""
import argparse
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "servers"))
import processes  # noqa: E402
import rtmp_server  # noqa: E402


def say(text):
    print(f"demo: {text}", flush=True)


def sources(arguments):
    """What to push, as flags for the program and in words."""
    if arguments.input:
        path = arguments.input
        if "://" not in path:
            path = str(pathlib.Path(path).resolve())
            if not pathlib.Path(path).is_file():
                sys.exit(f"demo: {arguments.input}: no such file")
        return ["--source", f"file:{path}", "--loop"], arguments.input
    if any(pathlib.Path("/dev").glob("video*")) and not arguments.test:
        return [], "the camera and the microphone"
    return ["--source", "test"], "the test picture and a tone"


def fragments(playlist):
    """How many pieces of film an HLS playlist names by now."""
    try:
        return playlist.read_text().count("#EXTINF")
    except FileNotFoundError:
        return 0


def tell_delay(player):
    """Says how far a player's picture is behind the lens: as soon as it is known, and every five seconds."""
    due = time.monotonic()
    for line in player.stdout:
        event = json.loads(line)
        if event["event"] != "netstatus" or event["info"]["glassDelay"] is None or time.monotonic() < due:
            continue
        info = event["info"]
        say(f"our player shows what was captured {info['glassDelay']} ms before; {info['delay']} ms of it wait for what comes late")
        due = time.monotonic() + 5


def play(program, url):
    """Our player: in a window where there is a desktop, else without, and it says so."""
    command = [program, "play", url, "--mode", "RTC"]
    say(f"playing: {' '.join(command)}")
    player = processes.spawn([*command, "--json"], stdout=subprocess.PIPE, text=True)
    threading.Thread(target=tell_delay, args=(player,), daemon=True).start()
    return player


def main():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--seconds", type=float, help="end by itself after so long (default: at Ctrl-C)")
    parser.add_argument("--input", help="push this file or URL, again and again")
    parser.add_argument("--test", action="store_true", help="push the test picture even where there is a camera")
    parser.add_argument("--play", action="store_true", help="play the stream with our own player too, and tell its delay")
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--hls-js", required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    flags, words = sources(arguments)

    stopping = threading.Event()
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sig, lambda *_: stopping.set())

    with tempfile.TemporaryDirectory(prefix="livepusher-demo-") as directory:
        server = rtmp_server.RtmpServer(directory)
        pusher = player = None
        try:
            www = server.directory / "www"
            for file in (HERE / "page").iterdir():
                shutil.copy(file, www)
            shutil.copy(arguments.hls_js, www / "hls.min.js")
            server.start()
            say(f"nginx with the RTMP module listens on {server.url('hls', '')}")
            command = [arguments.program, "push", server.url("hls", "demo"), *flags, "--mode", "HD", "--fps", "30",
                       "--orientation", "horizontal", *(["--capture-clock"] if arguments.play else [])]
            say(f"pushing {words}: {' '.join(command)}")
            pusher = processes.spawn(command)
            playlist = server.directory / "www/hls/demo.m3u8"
            # A player that comes to a single fragment has to stop again after it.
            while not stopping.is_set() and pusher.poll() is None and fragments(playlist) < 2:
                stopping.wait(0.1)
            if pusher.poll() is None and not stopping.is_set():
                if arguments.play:
                    player = play(arguments.program, server.url("hls", "demo"))
                say(f"watch it at {server.page()}")
                say(f"ends after {arguments.seconds:g} s" if arguments.seconds else "Ctrl-C ends it")
                deadline = time.monotonic() + arguments.seconds if arguments.seconds else None
                while not stopping.is_set() and pusher.poll() is None:
                    if deadline and time.monotonic() >= deadline:
                        break
                    stopping.wait(0.1)
            ended_alone = pusher.poll()
        finally:
            say("stopping")
            if player:
                processes.end(player, first=signal.SIGINT)
            code = processes.end(pusher, first=signal.SIGINT) if pusher else 1
            server.stop()
    if ended_alone is not None and ended_alone != 0:
        say(f"livepusher ended by itself with exit code {ended_alone}")
        return ended_alone
    say("stopped; nothing is left running")
    return code


if __name__ == "__main__":
    sys.exit(main())
