# SPDX-License-Identifier: MIT
"""Files as chance has them: container × coders × rates × faults, the same for the same seed."""
import dataclasses
import random

import clips

# What each container is made with: pictures, sounds, and whether its bytes can be joined.
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "30", "-pix_fmt", "yuv420p")
VIDEO = {"h264": (*X264, "-bf", "0"), "h264b": (*X264, "-bf", "2"), "intra": (*X264, "-g", "1"),
         "mpeg4": ("-c:v", "mpeg4", "-q:v", "4", "-g", "30"), "mpeg4b": ("-c:v", "mpeg4", "-q:v", "4", "-bf", "2"),
         "mpeg2": ("-c:v", "mpeg2video", "-q:v", "4", "-bf", "2"), "mpeg1": ("-c:v", "mpeg1video", "-q:v", "4"),
         "mjpeg": ("-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"), "ffv1": ("-c:v", "ffv1"), "flv1": ("-c:v", "flv", "-q:v", "4"),
         "vp8": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "500k"), "wmv2": ("-c:v", "wmv2", "-q:v", "4"),
         "theora": ("-c:v", "libtheora", "-q:v", "7"),
         "hevc": ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"),
         "png": ("-c:v", "png"), "none": ()}
AUDIO = {"aac": ("-c:a", "aac", "-b:a", "96k"), "mp3": ("-c:a", "libmp3lame"), "mp2": ("-c:a", "mp2"), "ac3": ("-c:a", "ac3"),
         "opus": ("-c:a", "libopus"), "vorbis": ("-c:a", "libvorbis"), "flac": ("-c:a", "flac"), "pcm": ("-c:a", "pcm_s16le"),
         "alac": ("-c:a", "alac"), "wma": ("-c:a", "wmav2"), "none": ()}
CONTAINERS = {
    "mp4": ("h264 h264b intra mpeg4 hevc mjpeg none", "aac mp3 ac3 alac none"), "mov": ("h264b mjpeg png mpeg4", "aac pcm alac"),
    "mkv": ("h264 h264b mpeg4b mpeg2 mjpeg ffv1 vp8 hevc none", "aac mp3 ac3 opus vorbis flac pcm none"),
    "webm": ("vp8 none", "opus vorbis"), "ts": ("h264 h264b mpeg2 hevc none", "aac mp2 ac3 mp3 none"), "mpg": ("mpeg1 mpeg2", "mp2"),
    "vob": ("mpeg2", "mp2 ac3"), "flv": ("h264 flv1 none", "aac mp3 none"), "avi": ("mpeg4 mjpeg h264", "mp3 pcm ac3"),
    "ogv": ("theora", "vorbis flac"), "nut": ("h264b mpeg4 ffv1", "aac pcm"), "asf": ("wmv2", "wma mp3"),
    "mp3": ("none", "mp3"), "wav": ("none", "pcm"), "flac": ("none", "flac"), "ogg": ("none", "vorbis opus")}
JOINABLE = {"ts", "mpg", "vob", "mp3", "flv"}
TIMED = {"mp4", "mkv", "nut", "flv", "ts"}  # which can hold stamps that are moved
FIXED_RATES = {"opus": (48000,), "mp3": (32000, 44100, 48000), "mp2": (32000, 44100, 48000), "ac3": (48000, 44100), "wma": (44100,),
               "vorbis": (44100, 48000)}
PICTURE_RATES = {"mpeg1": (25, 30, "30000/1001"), "mpeg2": (25, 30, 50, "30000/1001")}


@dataclasses.dataclass
class Made:
    path: object
    words: str  # what it is, for the report
    fps: float
    seconds: float  # how long it was meant to be, with the pauses that its times tell of
    faults: list
    video: bool
    audio: bool


def made(directory, seed, number):
    chance = random.Random(f"{seed}/{number}")
    container = chance.choice(sorted(CONTAINERS))
    pictures, sounds = (chance.choice(each.split()) for each in CONTAINERS[container])
    if pictures == "none" and sounds == "none":
        sounds = "aac"
    fps = chance.choice(PICTURE_RATES.get(pictures, (10, 15, "24000/1001", 25, "30000/1001", 30, 50, 60)))
    if container == "flv":
        rate = 44100
    else:
        rate = chance.choice(FIXED_RATES.get(sounds, (16000, 22050, 44100, 48000)))
    channels = chance.choice((1, 2, 2, 2, 6) if sounds in ("aac", "ac3", "flac", "pcm", "opus") and container != "flv" else (1, 2))
    seconds = chance.choice((3, 4, 5))
    options = []
    if container == "mp4":
        options = chance.choice(([], ["-movflags", "+faststart"], ["-movflags", "+frag_keyframe+empty_moov+delay_moov"]))
    path = clips.clip(f"random.{container}", seconds, VIDEO[pictures], AUDIO[sounds], fps=fps, rate=rate, channels=channels,
                      options=options)
    faults = []
    if chance.random() < 0.75:
        for _ in range(chance.choice((1, 1, 1, 2))):
            path, fault = _harmed(chance, path, container, directory, number, len(faults))
            faults.append(fault)
    words = f"{container} {pictures}@{fps} {sounds}@{rate}x{channels} {seconds} s {' '.join(options[1:])} [{', '.join(faults) or 'whole'}]"
    top, _, bottom = str(fps).partition("/")
    seconds *= 2 ** sum("joined" in fault for fault in faults)
    seconds += 5 * any("by 5 s" in fault for fault in faults)  # a track that goes ahead for an hour is no pause any more
    return Made(path, words, int(top) / int(bottom or 1), seconds, faults, pictures != "none", sounds != "none")


def _harmed(chance, path, container, directory, number, step):
    """(the path of a copy with one fault more, what it is)"""
    out = directory / f"{number}-{step}.{container}"
    kinds = ["truncated", "bits", "holes", "junk", "zeroed"]
    kinds += ["joined"] * 2 * (container in JOINABLE) + ["shifted", "standing", "starved"] * (container in TIMED and step == 0)
    kind = chance.choice(kinds)
    data = bytearray(path.read_bytes())
    if kind == "truncated":
        share = chance.uniform(0.2, 0.95)
        out.write_bytes(data[:int(len(data) * share)])
        return out, f"truncated at {share:.2f}"
    if kind == "bits":
        count = max(1, int(len(data) * 10 ** chance.uniform(-5, -3)))
        for _ in range(count):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        out.write_bytes(data)
        return out, f"{count} bits flipped"
    if kind in ("holes", "zeroed"):
        count = chance.randrange(1, 6)
        for _ in range(count):
            at, size = chance.randrange(len(data)), chance.choice((188, 1316, 4096))
            data[at:at + size] = b"" if kind == "holes" else bytes(len(data[at:at + size]))
        out.write_bytes(data)
        return out, f"{count} pieces {'cut out' if kind == 'holes' else 'zeroed'}"
    if kind == "junk":
        size = chance.choice((1, 100, 188, 4000))
        out.write_bytes(chance.randbytes(size) + data)
        return out, f"{size} bytes of junk in front"
    if kind == "joined":
        out.write_bytes(data + data)
        return out, "joined with itself"
    track = chance.choice("va")
    at = f"{chance.uniform(0.5, 2.5):.2f}"
    by = chance.choice((-2, 0.7, 5, 3600))
    expression = {"shifted": f"setts=ts='TS+gte(TS*TB,{at})*({by})/TB'", "standing": f"setts=ts='min(TS,{at}/TB)'",
                  "starved": f"noise=amount=0:dropamount=0:drop='gte(pts*tb,{at})'"}[kind]
    try:
        clips.run(["ffmpeg", "-nostdin", "-y", "-v", "error", "-i", path, "-map", "0", "-c", "copy", f"-bsf:{track}", expression, out])
    except RuntimeError:  # a stamp that this container can't hold: cut it in place of that
        out.write_bytes(data[:len(data) * 2 // 3])
        return out, "truncated at 0.67"
    return out, f"{kind} {track} at {at}" + (f" by {by} s" if kind == "shifted" else "")
