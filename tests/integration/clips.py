# SPDX-License-Identifier: MIT
"""Clips for tests of playback: made by ffmpeg, kept in the cache, the same bytes for the same call.

In the first 100 ms of each second a white box stands in the top left corner and a beep of 3 kHz is heard; a tone of
440 Hz is heard all the time. playback.py finds them again, however the clip was pushed.
"""
import hashlib
import os

from harness import cache, run

TONE, BEEP = 440, 3000  # Hz
SIZE, FPS = (320, 180), 30

H264 = ("-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", str(FPS), "-pix_fmt", "yuv420p")
H264_B = ("-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", str(FPS), "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "96k")


def h264(key_every):
    return ("-c:v", "libx264", "-preset", "veryfast", "-bf", "0", "-g", str(key_every), "-sc_threshold", "0", "-pix_fmt", "yuv420p")


def kept(name, make):
    """cache()/name, made by make(path) unless it is there; whole or not at all."""
    path = cache() / "clips" / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        part = path.with_name(f"{os.getpid()}-{name}")
        make(part)
        part.rename(path)
    return path


def ffmpeg(name, *arguments):
    """The file `name` that ffmpeg makes of these arguments; its path has their hash in it."""
    arguments = [str(part) for part in arguments]
    mark = hashlib.sha1("\0".join([name, *arguments]).encode()).hexdigest()[:10]
    return kept(f"{mark}-{name}", lambda part: run(["ffmpeg", "-nostdin", "-y", "-v", "error", *arguments, part]))


def picture(seconds, fps=FPS, size=SIZE, colour="0x283848"):
    """A lavfi graph; the box's edge lies between two pictures of the usual rates, so that no rounding moves it."""
    box = "drawbox=x=0:y=0:w=iw/8:h=ih/5:t=fill"
    # Painted dark as well: the source gives out the same picture again and again.
    return (f"color=c={colour}:s={size[0]}x{size[1]}:r={fps}:d={seconds},{box}:color={colour},"
            f"{box}:color=white:enable='lt(mod(t+0.001,1),0.099)'")


def sound(seconds, rate=48000, channels=2):
    wave = f"0.25*sin(2*PI*{TONE}*t)+0.5*sin(2*PI*{BEEP}*t)*lt(mod(t,1),0.1)"
    return f"aevalsrc='{'|'.join([wave] * channels)}':s={rate}:d={seconds}"


def clip(name, seconds, video=H264, audio=AAC, fps=FPS, size=SIZE, rate=48000, channels=2, vf="null", af="anull", options=()):
    """Picture and sound from 0 to `seconds`; video=() or audio=() leaves one out; `vf`, `af` filter them."""
    inputs, maps = [], []
    for graph, told, extra in ((picture(seconds, fps, size) + "," + vf, video, ("-fps_mode", "passthrough")),
                               (sound(seconds, rate, channels) + "," + af, audio, ())):
        if told:
            maps += ["-map", str(len(inputs) // 4), *told, *extra]
            inputs += ["-f", "lavfi", "-i", graph]
    return ffmpeg(name, *inputs, *maps, *options)


def copied(name, source, *options, before=()):
    """The packets of another clip, in another order, container or time."""
    return ffmpeg(name, *before, "-i", source, "-map", "0", "-c", "copy", *options)


def joined(name, *parts):
    """Their bytes one after another: what `cat` makes."""
    mark = hashlib.sha1("\0".join(str(part) for part in parts).encode()).hexdigest()[:10]
    return kept(f"{mark}-{name}", lambda path: path.write_bytes(b"".join(part.read_bytes() for part in parts)))


def patched(name, source, change, *told):
    """change(bytes) of a clip; `told` is what the change depends on besides."""
    mark = hashlib.sha1("\0".join([str(source), change.__name__, *map(str, told)]).encode()).hexdigest()[:10]
    return kept(f"{mark}-{name}", lambda path: path.write_bytes(change(source.read_bytes())))
