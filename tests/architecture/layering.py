#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""layering.py ROOT: tells every include, and every call, that its folder's rule does not allow. The table is the architecture."""
import pathlib
import re
import sys

PUSH_DOORS = {"capture/music.hpp", "capture/source.hpp", "effects/effect.hpp", "encode/encoder.hpp", "endpoint/publisher.hpp", "display/window.hpp"}
PLAY_DOORS = {"decode/decoder.hpp", "effects/effect.hpp", "endpoint/publisher.hpp", "endpoint/subscriber.hpp", "speaker/speaker.hpp", "display/window.hpp"}
DOORS = PUSH_DOORS | PLAY_DOORS
STAGES = ("capture", "effects", "encode", "decode", "file", "flv", "rtmp", "srt", "display", "speaker")
GROUND = ("base", "media", "net", "av", "sound", "endpoint")  # the folders of common/, each included by its own name
SHARED = {"livepusher", "base", "media", "net"}

# Files (a folder, or one file of it, which then has a rule of its own) -> what of the project they may include: a
# folder of the include path, or one header. The standard library is free to all.
ALLOWED = {
    "include/livepusher": {"livepusher"},
    # No media but a time stamp, and no network: of the interface, only what says so little.
    "common/base": {"base", *(f"livepusher/{name}" for name in ("codes.def", "codes.hpp", "error.hpp", "log.hpp", "media.hpp",
                                                                "names.hpp", "volume.hpp"))},
    "common/media": {"livepusher", "base", "media"},
    "common/net": SHARED,
    "common/av": SHARED | {"av"},
    "common/sound": {"livepusher", "base", "sound"},
    "common/endpoint": SHARED | {"endpoint"},
    "capture": SHARED | {"av", "sound", "capture"},
    "effects": {"livepusher", "base", "media", "effects"},
    "encode": SHARED | {"av", "encode"},
    "decode": SHARED | {"av", "decode"},
    "display": {"livepusher", "base", "media", "display"},
    "speaker": {"livepusher", "base", "media", "sound", "speaker"},
    "file": SHARED | {"endpoint", "file", "av/muxer.hpp"},
    "flv": SHARED | {"endpoint", "file", "flv"},
    "rtmp": SHARED | {"endpoint", "flv", "rtmp"},
    "srt": SHARED | {"av", "endpoint", "srt"},
    "src/properties": SHARED | {"properties"},
    "src/json": {"livepusher", "properties", "json"},
    "src/c_api": {"livepusher", "c_api"},
    "src/session": SHARED | {"endpoint/publisher.hpp", "endpoint/subscriber.hpp", "display/window.hpp", "session"},
    # Two plain functions besides the doors: no part of a session that could be another.
    "src/pipeline": SHARED | {"properties", "session", "pipeline", "av/picture_writer.hpp", "capture/local_files.hpp"} | PUSH_DOORS,
    "src/playback": SHARED | {"properties", "session", "playback"} | PLAY_DOORS,
    "src/context.cpp": SHARED | {"properties", "session", "pipeline", "wiring.hpp"} | DOORS,
    "src/player.cpp": SHARED | {"properties", "session", "playback", "wiring.hpp"} | DOORS,
    "src/effect_chain.cpp": {"livepusher", "base", "media", "effects/effect.hpp", "wiring.hpp"},
    "src/wiring.hpp": {"livepusher", "pipeline", "playback"},
    "src/wiring.cpp": {"livepusher", "properties", "pipeline", "playback", "wiring.hpp", *GROUND, *STAGES},
    # The program reads and writes files of its own for `livepusher effects`, by these and nothing else of ours.
    "examples": {"livepusher", "av/av.hpp", "av/picture_writer.hpp", "av/swscale.hpp", "media/planes.hpp"},
}
OURS = {"livepusher", "properties", "json", "c_api", "session", "pipeline", "playback", *GROUND, *STAGES}

# The facade -> who stands on it. All else is below: it takes the headers of what it speaks of (calls, sources, …).
FACADE = {"livepusher/context.hpp", "livepusher/player.hpp", "livepusher/json.hpp", "livepusher/player_json.hpp",
          "livepusher/livepusher.hpp"}
ABOVE = {"include/livepusher", "src/json", "src/c_api", "src/context.cpp", "src/player.cpp", "examples"}

# Third-party headers, by how an include of them begins -> the folders whose library is linked with them. Only .cpp
# files and headers that no other folder includes may have them, and those of net and av: never a public header, never a door.
THIRD_PARTY = {
    "libavcodec/": {"common/av", "capture", "encode", "decode", "examples"},
    "libavformat/": {"common/av"},
    "libavfilter/": {"common/av"},
    "libavutil/": {"common/av", "capture", "effects", "encode", "decode", "examples"},
    "libswresample/": {"common/av", "capture", "effects"},
    "libswscale/": {"common/av"},
    "x264": {"encode"},
    "librtmp/": {"flv"},
    "curl/": {"common/net"},
    "srt/srt.h": {"srt"},
    "srt/access_control.h": {"srt"},
    "opus/": {"encode"},
    "pulse/": {"common/sound", "capture", "speaker"},
    "alsa/": {"common/sound", "capture", "speaker"},
    "libyuv": {"common/media", "common/av", "capture", "effects", "encode"},
    "xcb/": {"capture"},
    "webrtc/": {"effects"},
    "soundtouch/": {"effects"},
    "hwy/": {"common/av", "effects"},
    "xnnpack": {"effects"},
    "pthreadpool": {"effects"},
    "SDL": {"display"},
    "spdlog/": {"common/base"},
    "CLI/": {"examples"},
    "nlohmann/": {"examples", "src/json"},
}

# What the library doesn't use, for a reason: an include -> why.
NEVER = {"fstream": "its files are inherited by what the application starts; base/read_file.hpp, or open() with O_CLOEXEC"}
LIBRARY = set(ALLOWED) - {"examples"}

# What one file does for all of the library: how a call of it is written -> (where it is, what to use in its place).
ONLY_IN = {
    r"(\.|->)detach\(\)": ({"common/base/abandonable_thread.hpp"}, "base::AbandonableThread"),
    r"\beventfd\(": ({"common/base/event_fd.cpp"}, "base::EventFd"),
    r"\bdl(open|sym)\(": ({"common/base/loaded_library.cpp"}, "base::LoadedLibrary"),
}

_INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes(path):
    """(line number, quoted or not, what) of each include in a file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if found := _INCLUDE.match(line):
            yield number, found[1] == '"', found[2]


def sources(root, place):
    where = root / place
    files = [where] if where.is_file() else sorted([*where.rglob("*.?pp"), *where.rglob("*.[ch]")])
    own = {root / other for other in ALLOWED if other != place and (root / other).is_file()}
    return [path for path in files if path not in own]


def is_public(path):
    """A header that other folders see: third-party types must not show in it."""
    return path in DOORS or path.endswith(".hpp") and path.startswith(
        ("include/", "common/base/", "common/media/", "common/endpoint/", "src/properties/", "src/session/", "src/pipeline/", "src/playback/"))


def check_ours(place, path, target, quoted):
    top = target.split("/")[0]
    if place == "examples" and quoted and (path.parent / target).exists():
        return None  # the program's own files
    allowed = ALLOWED[place]
    if target in FACADE and place not in ABOVE:
        return f"{target}: the facade, and {place} is below it"
    if top in OURS and "/" in target and (quoted or top == "livepusher" or target.endswith(".hpp")):  # <net/if.h> is the system's
        if target not in allowed and top not in allowed:
            return f"{target} is not for {place}"
        if quoted == (top == "livepusher"):
            return f"{target}: <livepusher/...> in angle brackets, the rest in quotes"
        return None
    if quoted and target not in allowed:
        return f'"{target}": write it as "folder/file.hpp"'
    return None


def check_third_party(place, relative, target):
    for prefix, places in THIRD_PARTY.items():
        if not target.startswith(prefix):
            continue
        if place not in places:
            return f"{target}: third party, not for {place}"
        if is_public(relative):
            return f"{target}: third party, and others include this header"
        return None
    if target.endswith(".h") and "/" in target and target.split("/")[0] not in ("livepusher", "sys", "netinet", "arpa", "net", "linux"):
        return f"{target}: a library that the table doesn't know"
    return None


def check_carried(root, place, target, seen=()):
    """What of third parties comes with a header of net, through others too."""
    header = root / "common" / target
    if target in seen or not target.startswith("net/") or not header.is_file():
        return None
    for _, _, inner in includes(header):
        for prefix, places in THIRD_PARTY.items():
            if inner.startswith(prefix) and place not in places:
                return f"{target} brings {inner}: third party, not for {place}"
        if wrong := check_carried(root, place, inner, (*seen, target)):
            return wrong
    return None


def check_calls(relative, text):
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("//")[0]
        for call, (homes, instead) in ONLY_IN.items():
            if relative not in homes and (found := re.search(call, code)):
                yield f"{relative}:{number}: {found[0]}: use {instead}"


def check_never(place, target):
    return f"{target}: {NEVER[target]}" if place in LIBRARY and target in NEVER else None


def problems(root):
    found = []
    for place in ALLOWED:
        files = sources(root, place)
        if not files:
            found.append(f"{place}: the table names what is not there")
        for path in files:
            relative = path.relative_to(root).as_posix()
            for number, quoted, target in includes(path):
                wrong = check_ours(place, path, target, quoted) or check_third_party(place, relative, target) or check_never(place, target)
                wrong = wrong or check_carried(root, place, target)
                if wrong:
                    found.append(f"{relative}:{number}: {wrong}")
            if place in LIBRARY:
                found.extend(check_calls(relative, path.read_text(encoding="utf-8")))
    for path in sorted((root / "src").rglob("*.?pp")):
        if not any(path == root / place or root / place in path.parents for place in ALLOWED):
            found.append(f"{path.relative_to(root)}: the table has no rule for it")
    return found


if __name__ == "__main__":
    wrong = problems(pathlib.Path(sys.argv[1]))
    print("\n".join(wrong) or "layering: every include is allowed")
    sys.exit(bool(wrong))
