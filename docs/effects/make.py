#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make.py [--program livepusher] [--models DIRECTORY] [--into DIRECTORY]: the contact sheets of README.md, made anew.

The portrait is NASA's of Eileen Collins, public domain, as Debian's python3-skimage has it. Needs ffmpeg.
"""
import argparse
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PORTRAIT = pathlib.Path("/usr/lib/python3/dist-packages/skimage/data/astronaut.png")
FILTERS = ("standard", "pink", "nostalgia", "blues", "romantic", "cool", "fresher", "solor", "aestheticism", "whitening", "cerisered")
FACE = "176:192:136:4"  # the part of the portrait that shows what skin effects do
LEVELS = (0, 3, 6, 9)
CAPTION = 18

# Name of the sheet -> the part of the picture, its width in the sheet, how many in a row, and each cell's caption and flags.
SHEETS = {
    "filters": ("360:360:60:0", 172, 4, [(name, ["--filter", name]) for name in FILTERS]),
    "beauty": (FACE, 184, 4, [(f"{style} {level}", ["--beauty-style", style, "--beauty", level])
                              for style in ("smooth", "nature") for level in LEVELS]),
    "whiteness": (FACE, 184, 4, [(f"whiteness {level}", ["--whiteness", level]) for level in LEVELS]),
    "faces": (FACE, 184, 3, [(f"{flag} {amount}", ["--custom-effect", f"--{flag}", amount])
                             for flag in ("skin-smoothness", "face-thinness", "eye-bigness") for amount in (0, 0.5, 1)]),
}


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]}: {done.stderr.strip()}")


def sheet(program, models, name, into):
    crop, width, columns, cells = SHEETS[name]
    crop_width, crop_height = map(int, crop.split(":")[:2])
    height = width * crop_height // crop_width // 2 * 2
    with tempfile.TemporaryDirectory() as folder:
        inputs, filters, places = [], [], []
        for number, (caption, flags) in enumerate(cells):
            picture = pathlib.Path(folder, f"{number}.png")
            run(program, "effects", PORTRAIT, picture, "--quiet", "--overwrite", *flags, *(["--face-models", models] if models else []))
            inputs += ["-i", picture]
            filters.append(f"[{number}]crop={crop},scale={width}:{height}:flags=lanczos,pad={width}:{height + CAPTION}:color=white,"
                           f"drawtext=text='{caption}':fontsize=13:x=(w-tw)/2:y={height + 2}:fontcolor=black[c{number}]")
            places.append(f"{number % columns * (width + 4)}_{number // columns * (height + CAPTION + 4)}")
        joined = "".join(f"[c{number}]" for number in range(len(cells)))
        filters.append(f"{joined}xstack=inputs={len(cells)}:layout={'|'.join(places)}:fill=white,format=yuvj420p")
        run("ffmpeg", "-v", "error", "-y", *inputs, "-filter_complex", ";".join(filters), "-q:v", "4", into / f"{name}.jpg")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT / "build/release/bin/livepusher", help="[build/release/bin/livepusher]")
    parser.add_argument("--models", help="of faces; without: where they were installed or fetched")
    parser.add_argument("--into", type=pathlib.Path, default=HERE, help="[beside this script]")
    arguments = parser.parse_args()
    for name in SHEETS:
        sheet(arguments.program, arguments.models, name, arguments.into)
        print(arguments.into / f"{name}.jpg")


if __name__ == "__main__":
    main()
