# SPDX-License-Identifier: MIT
"""What a player is measured on: a push of stamped pictures to a server of its own, a screen, a sound server, and the eye."""
import contextlib
import os
import pathlib
import subprocess
import sys
import threading
import time

import figures
import flv_server
import players
import stamps

ROOT = players.ROOT
sys.path[:0] = [str(ROOT / "tests/servers"), str(ROOT / "tests/integration"), str(ROOT / "tests/integration/devices")]
import certificates  # noqa: E402
import fault_proxy  # noqa: E402
import processes  # noqa: E402
import rtmp_server  # noqa: E402
import stand_ins  # noqa: E402

KBPS, AUDIO_KBPS, GOP = 2500, 128, 2
SPEAKERS = "speakers"
#: How a player is reached: http-flv begins at the next key frame as nginx-rtmp does, http-flv-gop at the last one.
WAYS = ("rtmp", "rtmps", "http-flv", "http-flv-gop")
LOOKED_AT = 15  # s of the recording
NEEDED = {"Xvfb": "xvfb", "pulseaudio": "pulseaudio", "pactl": "pulseaudio-utils", "ffmpeg": "ffmpeg"}


class Eye:
    """bench/player/eye.cpp, running: what it has seen and heard until now."""

    def __init__(self, env, log):
        self.pictures, self.beeps, self.window = [], [], None
        with open(log, "ab") as errors:
            self.process = processes.spawn([players.BIN / "bench_player_eye", f"{SPEAKERS}.monitor"], stdin=subprocess.PIPE,
                                           stdout=subprocess.PIPE, stderr=errors, env=env)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for line in self.process.stdout:
            kind, moment, *rest = line.split()
            if kind == b"seen":
                picture = figures.Seen(float(moment), int(rest[0]), rest[1] == b"1")
                self.pictures += figures.plausible([picture])
            elif kind == b"heard":
                self.beeps.append(float(moment))
            elif kind == b"window":
                self.window = tuple(int(value) for value in rest)

    def close(self):
        self.process.stdin.close()
        processes.end(self.process)
        self._thread.join(5)


class Running:
    """A player that has been started, and the eye on it."""

    def __init__(self, process, eye, began):
        self.process, self.eye, self.began = process, eye, began

    def wait_for_picture(self, within):
        """s from its start to the first picture in its window; None: none came."""
        with contextlib.suppress(TimeoutError):
            processes.wait_for(lambda: self.eye.pictures or self.process.poll() is not None, within, "a picture")
        return self.eye.pictures[0].moment - self.began if self.eye.pictures else None


class Stage:
    """`over`: one of WAYS."""

    def __init__(self, folder, cache, over="rtmp"):
        self.folder = pathlib.Path(folder)
        self._over = over
        self.keeps = over == "http-flv-gop"  # who comes gets what was sent before
        self._authority = None
        self._cache = cache
        self._stack = contextlib.ExitStack()
        self._count = 0
        self._read = None  # what the recording says
        self.recording = self.folder / "pushed.flv"

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            pictures = stamps.pictures(self._cache)
            self._serve()
            stack.callback(self.server.stop)
            self.sound = stand_ins.SoundServer(self.folder / "sound")
            self.sound.start()
            stack.callback(self.sound.stop)
            self.sound.place(SPEAKERS)
            self.sound.use("sink", SPEAKERS)
            video, audio = self.folder / "video", self.folder / "audio"
            self.feeder = stamps.Feeder(pictures, video, audio).start()
            stack.callback(self.feeder.stop)
            self._log = open(self.folder / "push.log", "wb")
            stack.callback(self._log.close)
            self.push = processes.spawn(
                [players.BIN / "livepusher", "push", self._ingest,
                 "--video-source", f"raw:{video},{stamps.WIDTH}x{stamps.HEIGHT}@{stamps.FPS}",
                 "--audio-source", f"pcm:{audio},{stamps.RATE},{stamps.CHANNELS}",
                 "--mode", "RTC", "--video-width", stamps.WIDTH, "--video-height", stamps.HEIGHT, "--fps", stamps.FPS, "--gop", GOP,
                 "--min-bitrate", KBPS, "--max-bitrate", KBPS, "--audio-bitrate", AUDIO_KBPS, "--adaptation", "off", "--audio-quality", "high",
                 "--video-preset", "superfast", "--enable-agc", "false", "--enable-ans", "false", "--record", self.recording],
                stdout=self._log, stderr=subprocess.STDOUT)
            stack.callback(processes.end, self.push)
            processes.wait_for(lambda: self.push.poll() is not None or (self.recording.exists() and self.recording.stat().st_size > 100_000),
                               15, "the push:\n" + (self.folder / "push.log").read_text(errors="replace"))
            self.check()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

    def check(self):
        if self.push.poll() is not None:
            raise SystemExit("bench player: the push ended:\n" + (self.folder / "push.log").read_text(errors="replace")[-2000:])

    def stream_offset(self):
        """By how much sound is later than the picture in the stream itself, s; None: it can't be told."""
        if self._read is None:
            self._read = stamps.stamps_of(self._copy(), LOOKED_AT)
        seen, beeps = self._read
        return figures.part(figures.offsets(beeps, [moment for moment, _, flash in seen if flash]), 0.5)

    def key_frames(self):
        """When each key frame until now was handed over, s of CLOCK_MONOTONIC."""
        if self._read is None:
            self._read = stamps.stamps_of(self._copy(), LOOKED_AT)
        since = figures.part([stamp / 1000 - moment for moment, stamp, _ in self._read[0]], 0.5)
        return [moment + since for moment in stamps.keys_of(self._copy())]

    def _copy(self):
        copy = self.folder / "copy.flv"
        copy.write_bytes(self.recording.read_bytes())
        return copy

    def _serve(self):
        if self._over.startswith("http-flv"):
            self.server = flv_server.FlvServer(keeps=self.keeps)
            self._ingest, self._port, self._url_of = self.server.url(), self.server.port, self.server.url
            return
        certificate = None
        if self._over == "rtmps":
            self._authority = certificates.authority(self.folder, "authority")
            certificate = certificates.certificate(self.folder, self._authority, "IP:127.0.0.1")
        self.server = rtmp_server.RtmpServer(self.folder / "server", certificate=certificate).start()
        self._ingest = self.server.url("live", "test")
        self._port = self.server.tls_port if certificate else self.server.rtmp_port
        self._url_of = lambda port=None: f"{self._over}://127.0.0.1:{port or self._port}/live/test"

    @contextlib.contextmanager
    def proxy(self):
        """Between the server and a player, and the url to play through it."""
        with fault_proxy.FaultProxy(self._port) as proxy:
            yield proxy, self._url_of(proxy.port)

    @contextlib.contextmanager
    def playing(self, player, url=None):
        """A screen and an eye of its own for each: nothing of the last is on it."""
        self.check()
        self._count += 1
        place = self.folder / f"run-{self._count}"
        place.mkdir()
        with contextlib.ExitStack() as stack:
            screen = stand_ins.Screen(place / "screen", width=1600, height=900, empty=True)
            screen.start()
            stack.callback(screen.stop)
            env = {**os.environ, **self.sound.env, "DISPLAY": screen.display, "SDL_AUDIODRIVER": "pulseaudio", "XDG_RUNTIME_DIR": str(place)}
            env.pop("WAYLAND_DISPLAY", None)
            eye = Eye(env, place / "eye.log")
            stack.callback(eye.close)
            time.sleep(0.5)  # the eye listens
            log = stack.enter_context(open(place / "player.log", "wb"))
            began = time.monotonic()
            process = processes.spawn(player.command(url or self._url_of(), self._authority), env={**env, **player.env}, stdout=log, stderr=subprocess.STDOUT)
            stack.callback(processes.end, process)
            yield Running(process, eye, began)

    def told(self):
        """What the last player printed."""
        return (self.folder / f"run-{self._count}" / "player.log").read_text(errors="replace").strip()[-400:]
