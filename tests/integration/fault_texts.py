#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fault_texts.py PROGRAM [GROUP…]: makes things go wrong, and prints what the program says of each, for people to read.

Ends with 1 where a key came to light or nothing was said at all. Called by tests/architecture/texts.py --run; a minute
for all of them. The groups: arguments, sources, targets, servers, control.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "servers"), str(HERE.parent / "program")]
import certificates  # noqa: E402
import http_receiver  # noqa: E402
import processes  # noqa: E402
import program_case  # noqa: E402
import scripted_server  # noqa: E402

KEY = "s3cr3tStreamKey"
PASSWORD = "hunter2hunter2"
TEST = ("--source", "test", "--duration", 1, "--reconnect", "off", "--video-width", 160, "--video-height", 120, "--fps", 5)
WITHIN = 40  # seconds that one fault may take on a machine that is busy
AT_ONCE = 6
SLOW = ("slow_",)  # scripts of servers that are slow and else well
REQUESTS = ("{", "[]", "{}", '{"method":5}', '{"method":"puase"}', '{"method":"pause","now":true}', '{"method":"resume"}',
            '{"method":"setZoom","zoom":0}', '{"method":"playBGM"}', '{"method":"playBGM","url":"none.mp3"}', '{"method":"pauseBGM"}',
            '{"method":"setBGMVolume","volume":7}', '{"method":"sendMessage","msg":""}', '{"method":"snapshot","quality":"best"}',
            '{"method":"switchCamera"}', '{"method":"toggleTorch"}', '{"method":"start"}', '{"set":5}', '{"set":{"fps":"fast"}}',
            '{"set":{"beuaty":5}}', '{"set":{"mode":"HD"}}', '{"set":{"waitingImage":"none.png"}}', '{"get":"all"}')


# 16x16 px, red.
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000010000000100802000000909168360000001749444154789c63f8cfc04012224df5a886510d434a03"
                    "0090f9ff01f9e1fa780000000049454e44ae426082")


def push(url, *arguments):
    return ("push", url, *TEST, *arguments)


def with_source(source):
    return ("push", "out.flv", "--source", source, *TEST[2:])


def apart(video, audio="none"):
    return ("push", "out.flv", "--video-source", video, "--audio-source", audio, *TEST[2:])


def arguments_of():
    """What a person mistypes."""
    to = f"rtmp://127.0.0.1:1/live/{KEY}"
    return {
        "no command": (),
        "unknown command": ("psuh", to),
        "URL alone": (to,),
        "no URL": ("push",),
        "two URLs": ("push", to, to),
        "unknown flag": push(to, "--sharpness", 5),
        "flag that is nearly one": push(to, "--min-bitrat", 300),
        "flag without value": ("push", to, "--fps"),
        "fps too high": push(to, "--fps", 90),
        "fps no number": push(to, "--fps", "fast"),
        "width odd": push(to, "--video-width", 361),
        "bitrates crossed": push(to, "--min-bitrate", 900, "--max-bitrate", 300),
        "switch": push(to, "--enable-mic", "maybe"),
        "filter": push(to, "--filter", "sepia"),
        "reconnect": push(to, "--reconnect", "sometimes"),
        "effect without customEffect": push(to, "--eye-bigness", "0.5"),
        "hevc over RTMP": push(to, "--video-codec", "hevc"),
        "log level": push(to, "--log-level", "loud"),
        "duration": push(to, "--duration", 0),
        "bgm volume": push(to, "--bgm", "a.mp3", "--bgm-volume", 3),
        "both kinds of source": push(to, "--video-source", "test"),
        "scheme": push(f"ftp://user:{PASSWORD}@127.0.0.1/live/{KEY}"),
        "no key": push("rtmp://127.0.0.1/live"),
        "no host": push(f"rtmp:///live/{KEY}"),
        "port": push(f"rtmp://127.0.0.1:99999/live/{KEY}"),
        "at sign in the path": push(f"rtmp://127.0.0.1/live/user:{PASSWORD}@{KEY}"),
        "blank in the URL": push(f"rtmp://127.0.0.1/live/{KEY} x"),
        "http without .flv": push(f"http://127.0.0.1/live/{KEY}"),
        "key given twice": push("rtmp://127.0.0.1/live", "--stream-key", KEY, "--stream-key-file", "key.txt"),
        "key with a line end": push("rtmp://127.0.0.1/live", "--stream-key", f"{KEY}\nx"),
        "key that is a URL": push("rtmp://127.0.0.1/live", "--stream-key", f"rtmp://127.0.0.1/live/{KEY}"),
        "key file that is not there": push("rtmp://127.0.0.1/live", "--stream-key-file", "none.txt"),
        "key file that is empty": push("rtmp://127.0.0.1/live", "--stream-key-file", "empty.txt"),
        "config not there": push(to, "--config", "none.json"),
        "config no JSON": push(to, "--config", "text.txt"),
        "config with an unknown key": push(to, "--config", "unknown.json"),
        "config with a bad value": push(to, "--config", "bad.json"),
        "control socket that is a file": push("out.flv", "--control", "text.txt"),
        "control socket with a long name": push("out.flv", "--control", "x" * 200),
        "key in --proxy": push(to, "--proxy", f"ftp://user:{PASSWORD}@127.0.0.1"),
        "effects without OUT": ("effects", "picture.png"),
        "effects to an unknown kind": ("effects", "picture.png", "out.gif"),
        "effects onto itself": ("effects", "picture.png", "picture.png"),
        "effects of nothing": ("effects", "none.png", "out.png"),
        "effects of a text": ("effects", "text.txt", "out.png"),
        "effects with a flag of push": ("effects", "picture.png", "out.png", "--url", to),
        "devices with a flag": ("devices", "--fps", 3),
    }


def sources():
    """What is read, and isn't there or isn't what it should be."""
    return {
        "source of no kind": with_source("webcam"),
        "file that is not there": with_source("file:none.mp4"),
        "file without its prefix": with_source("none.mp4"),
        "file that is a directory": with_source("file:."),
        "file that is a text": with_source("file:text.txt"),
        "file that is empty": with_source("file:empty.txt"),
        "file that is damaged": with_source("file:damaged.mp4"),
        "list without clips": with_source("file:empty.m3u"),
        "list of nothing": with_source("file:nothing.m3u"),
        "URL with nobody there": with_source(f"file:http://user:{PASSWORD}@127.0.0.1:1/clip.mp4?token={KEY}"),
        "network camera with nobody there": apart(f"camera:rtsp://user:{PASSWORD}@127.0.0.1:1/{KEY}"),
        "coded file that is not there": apart("coded:none.mp4"),
        "camera that is not there": apart("camera:none"),
        "microphone that is not there": apart("none", "mic:none"),
        "no X server": apart("screen::77"),
        "screen of no name": apart("screen:here"),
        "raw without its size": apart("raw:text.txt"),
        "raw that is short": apart("raw:text.txt,160x120@5"),
        "pcm of a bad rate": apart("none", "pcm:text.txt,1,2"),
        "picture as sound": apart("mic", "camera"),
        "watermark that is not there": push("out.flv", "--watermark", "none.png"),
        "watermark that is a text": push("out.flv", "--watermark", "text.txt"),
        "filter file that is not there": push("out.flv", "--filter-file", "none.cube"),
        "filter file that is a text": push("out.flv", "--filter-file", "text.txt"),
        "waiting image that is not there": push("out.flv", "--waiting-image", "none.png"),
        "waiting image that is another": push("out.flv", "--waiting-image", "picture.png", "--waiting-image-hash", "0" * 32),
        "music that is not there": push("out.flv", "--bgm", "none.mp3"),
        "music that is a text": push("out.flv", "--bgm", "text.txt"),
        "models of faces that are not there": push("out.flv", "--custom-effect", "--eye-bigness", "0.5", "--face-models", "/none"),
    }


def targets():
    """What is written or connected to, and won't have it."""
    to = f"rtmp://127.0.0.1:1/live/{KEY}"
    return {
        "target in no directory": push("none/out.flv"),
        "target that is a directory": push("directory.flv"),
        "target that is read": ("push", "film.flv", "--source", "file:film.flv", "--overwrite"),
        "target on a full disk": push("full.flv"),
        "recording in no directory": push("out.flv", "--record", "none/out.flv"),
        "recording onto the target": push("out.flv", "--record", "out.flv"),
        "nobody there": push(to),
        "nobody there, again and again": ("push", to, *TEST[:4], "--reconnect", "2x0.1"),
        "no such host": push(f"rtmp://{'x' * 70}.invalid/live/{KEY}"),
        "no such interface": push(to, "--network-interface", "eth77"),
        "proxy with nobody there": push(to, "--proxy", f"socks5://user:{PASSWORD}@127.0.0.1:1"),
        "CA file that is not there": push(f"rtmps://127.0.0.1:1/live/{KEY}", "--ca-file", "none.pem"),
        "CA file that is a text": push(f"rtmps://127.0.0.1:1/live/{KEY}", "--ca-file", "text.txt"),
        "HTTP with nobody there": push(f"http://user:{PASSWORD}@127.0.0.1:1/live/{KEY}.flv"),
    }


def prepared(directory):
    """The files that the faults need."""
    (directory / "text.txt").write_text("This is a text, and nothing else.\n" * 20)
    (directory / "empty.txt").write_text("")
    (directory / "key.txt").write_text(KEY + "\n")
    (directory / "unknown.json").write_text('{"minBitrat": 300}')
    (directory / "bad.json").write_text('{"fps": "fast"}')
    (directory / "empty.m3u").write_text("#EXTM3U\n")
    (directory / "nothing.m3u").write_text("#EXTM3U\nnone.mp4\n")
    (directory / "damaged.mp4").write_bytes(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(range(256)) * 20)
    (directory / "picture.png").write_bytes(PNG)
    (directory / "directory.flv").mkdir()
    (directory / "full.flv").symlink_to("/dev/full")


def servers_of(directory, servers):
    """Servers that refuse, can't be trusted, or speak something else. What has to be ended is added to `servers`."""
    found = {}
    for name, script in scripted_server.SCRIPTS.items():
        if not name.startswith(SLOW):
            servers.append(scripted_server.ScriptedServer(name))
            found[f"server {name}: {script.__doc__.splitlines()[0]}"] = push(servers[-1].url("live", KEY))
    ours, another = (certificates.authority(directory, name) for name in ("ours", "another"))
    here = "IP:127.0.0.1"
    for what, names, days, trusted in (("of an unknown CA", here, None, another), ("of another host", "DNS:other.example", None, ours),
                                       ("that has expired", here, (-3, -1), ours), ("of the future", here, (1, 3), ours)):
        receiver = http_receiver.HttpReceiver(directory / "received", certificate=certificates.certificate(directory, ours, names, days))
        servers.append(receiver)
        found[f"certificate {what}"] = push(f"rtmps://127.0.0.1:{receiver.port}/live/{KEY}", "--ca-file", trusted)
    found["CA file that is a text"] = push(f"rtmps://127.0.0.1:{receiver.port}/live/{KEY}", "--ca-file", "text.txt")
    plain = http_receiver.HttpReceiver(directory / "received")
    servers.append(plain)
    found["RTMP to an HTTP server"] = push(f"rtmp://127.0.0.1:{plain.port}/live/{KEY}")
    found["RTMPS to a server without TLS"] = push(f"rtmps://127.0.0.1:{plain.port}/live/{KEY}")
    for status in (301, 401, 403, 404, 500, 503):
        found[f"HTTP answer {status}"] = push(f"{plain.base}/refused/{status}/{KEY}.flv")
    return found


class Runner:
    """Runs the program in a directory, and keeps what came."""

    def __init__(self, program, directory):
        self.program, self.directory = pathlib.Path(program).resolve(), directory
        self.problems = []

    def environment(self):
        """Without a desktop and a sound server, whatever this machine has."""
        mine = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "LIVEPUSHER_URL")}
        return {**mine, "XDG_RUNTIME_DIR": str(self.directory), "PULSE_SERVER": "unix:/none"}

    def said(self, arguments):
        """(exit code, stderr, stdout)."""
        try:
            done = subprocess.run([self.program, *map(str, arguments)], cwd=self.directory, capture_output=True, text=True,
                                  stdin=subprocess.DEVNULL, timeout=WITHIN, env=self.environment(), errors="replace")
        except subprocess.TimeoutExpired as late:
            return None, (late.stderr or b"").decode(errors="replace") + f"(still runs after {WITHIN} s)\n", ""
        return done.returncode, done.stderr, done.stdout

    def tell(self, title, arguments):
        """What came of one fault, as text to read."""
        code, errors, _ = self.said(arguments)
        events = ""
        if arguments[:1] == ("push",):
            events = "".join(f"  --json  {line}\n" for line in self.said((*arguments, "--json"))[2].splitlines() if is_fault(line))
        lines = "".join(f"  {line}\n" for line in errors.replace("\r", "\n").splitlines() if line.strip())
        self.check(title, lines + events)
        return f"{title} [{code}]\n{lines}{events}"

    def check(self, title, told):
        for secret in (KEY, PASSWORD):
            if secret in told:
                self.problems.append(f"{title}: shows {secret}")
        if not told:
            self.problems.append(f"{title}: nothing was said")

    def answers(self):
        """What the control socket of one push answers to bad requests."""
        path = self.directory / "control"
        with open(self.directory / "control.log", "w") as log:
            child = processes.spawn([str(self.program), "push", "out.flv", *map(str, TEST[:2]), "--quiet", "--control", str(path)],
                                    cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment())
        try:
            control = program_case.Control(path, WITHIN)
            for request in REQUESTS:
                answer = control.ask(request)
                self.check(request, answer.get("errMsg", ""))
                yield f"{request} [{answer['errCode']}]\n  {answer.get('errMsg', '')}\n"
            control.close()
        finally:
            processes.end(child)


def is_fault(line):
    """Whether a line of --json is of something that went wrong."""
    if not line.startswith("{"):
        return False
    event = json.loads(line)
    kind = event.get("event")
    return kind == "error" or kind == "result" and not event.get("ok", True) or kind == "statechange" and not 1000 < event["code"] < 1100


def main(program, *only):
    servers = []
    with tempfile.TemporaryDirectory(prefix="livepusher-texts-") as holder:
        directory = pathlib.Path(holder)
        prepared(directory)
        runner = Runner(program, directory)
        runner.said(("push", "film.flv", *TEST))  # a file that is whole
        groups = {"arguments": arguments_of, "sources": sources, "targets": targets, "servers": lambda: servers_of(directory, servers)}
        try:
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                for group, faults in groups.items():
                    if only and group not in only:
                        continue
                    print(f"\n==== what is said of {group}\n")
                    for told in pool.map(lambda item: runner.tell(*item), faults().items()):
                        print(told)
            if not only or "control" in only:
                print("\n==== what is answered on the control socket\n")
                for told in runner.answers():
                    print(told)
        finally:
            for server in servers:
                (server.close if isinstance(server, scripted_server.ScriptedServer) else server.stop)()
    print("\n".join(runner.problems))
    return 1 if runner.problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
