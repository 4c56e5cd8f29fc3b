#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py [--into DIRECTORY]: views.jpg, the screens of docs/player-window.md, from `livepusher play` on an X server of its own.

Needs a build (build/release/bin/livepusher, or the folder in LIVEPUSHER_BIN), Xvfb and ffmpeg; takes a quarter of a minute.
"""
import argparse
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BIN = pathlib.Path(os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin"))
sys.path[:0] = [str(ROOT / "tests/servers"), str(ROOT / "tests/integration/devices")]
import processes  # noqa: E402
import stand_ins  # noqa: E402

SCREEN = 960, 720
COLUMNS, WIDTH, CAPTION = 4, 232, 18

# Caption -> what is asked of the player by its control socket, one after the other; each screen begins where the last ended.
SCREENS = {
    "the window": [],
    "orientation horizontal": [{"set": {"orientation": "horizontal"}}],
    "debug": [{"set": {"orientation": "vertical", "debug": True}}],
    "picture-in-picture": [{"set": {"debug": False}}, {"method": "enterPictureInPicture"}],
    "full screen, contain": [{"method": "requestFullScreen"}],
    "full screen, fillCrop": [{"set": {"objectFit": "fillCrop"}}],
    "full screen, direction 90": [{"set": {"objectFit": "contain"}}, {"method": "requestFullScreen", "direction": 90}],
    "fillCrop, debug": [{"method": "requestFullScreen", "direction": 0}, {"set": {"objectFit": "fillCrop", "debug": True}}],
}


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]}: {done.stderr.strip()}")


@contextlib.contextmanager
def player(stream, screen, folder):
    """Plays a file in a window; gives a function that asks it for something."""
    control = folder / "control"
    play = processes.spawn([BIN / "livepusher", "play", stream, "--sound", "none", "--quiet", "--control", control],
                           env={**os.environ, "DISPLAY": screen.display, "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": ""})
    try:
        processes.wait_for(control.is_socket, 10, "the control socket")
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(10)
            link.connect(str(control))
            answers = link.makefile("r")

            def ask(request):
                link.sendall(json.dumps(request).encode() + b"\n")
                answer = json.loads(answers.readline())
                if not answer["ok"]:
                    raise SystemExit(f"{request}: {answer}")
                return answer

            processes.wait_for(lambda: ask({"get": "state"})["state"] == "playing", 10, "the first picture")
            yield ask
    finally:
        processes.end(play)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=pathlib.Path, default=HERE, help="[beside this script]")
    into = parser.parse_args().into
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run(BIN / "livepusher", "push", folder / "test.flv", "--source", "test", "--quiet", "--duration", 25, "--orientation", "horizontal",
            "--video-width", 640, "--video-height", 360)
        screen = stand_ins.Screen(folder / "screen", *SCREEN, empty=True, arguments=["-wr"]).start()
        try:
            with player(folder / "test.flv", screen, folder) as ask:
                for number, requests in enumerate(SCREENS.values()):
                    for request in requests:
                        ask(request)
                    time.sleep(1.2)  # a picture, and the figures of a second
                    run("ffmpeg", "-v", "error", "-f", "x11grab", "-draw_mouse", 0, "-video_size", "{}x{}".format(*SCREEN), "-i", screen.display,
                        "-frames:v", 1, folder / f"{number}.png")
        finally:
            screen.stop()
        height = WIDTH * SCREEN[1] // SCREEN[0] // 2 * 2
        inputs, filters, places = [], [], []
        for number, caption in enumerate(SCREENS):
            inputs += ["-i", folder / f"{number}.png"]
            filters.append(f"[{number}]scale={WIDTH - 2}:{height - 2}:flags=area,pad={WIDTH}:{height}:1:1:color=gray,"
                           f"pad={WIDTH}:{height + CAPTION}:color=white,"
                           f"drawtext=text='{caption}':fontsize=13:x=(w-tw)/2:y={height + 3}:fontcolor=black[c{number}]")
            places.append(f"{number % COLUMNS * (WIDTH + 6)}_{number // COLUMNS * (height + CAPTION + 6)}")
        joined = "".join(f"[c{number}]" for number in range(len(SCREENS)))
        filters.append(f"{joined}xstack=inputs={len(SCREENS)}:layout={'|'.join(places)}:fill=white,format=yuvj420p")
        run("ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", ";".join(filters), "-q:v", 3, into / "views.jpg")


if __name__ == "__main__":
    main()
