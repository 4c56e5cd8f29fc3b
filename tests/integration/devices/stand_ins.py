# SPDX-License-Identifier: MIT
"""A microphone and a screen for machines that have none. Both are ended by stop()."""
import os
import pathlib
import subprocess

from processes import end, spawn, wait_for


class SoundServer:
    """A PulseAudio of its own whose default source is a microphone that hears a tone of 1 kHz."""

    COMMANDS = {"pulseaudio": "pulseaudio", "pactl": "pulseaudio-utils"}

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        run = self.directory / "run"
        run.mkdir(mode=0o700)
        #: What a program needs in its environment to hear this server.
        self.env = {"PULSE_SERVER": f"unix:{self.directory}/native", "PULSE_COOKIE": f"{self.directory}/cookie",
                    "PULSE_RUNTIME_PATH": str(run), "PULSE_STATE_PATH": str(self.directory), "HOME": str(self.directory)}
        self.process = None

    def start(self):
        with open(self.directory / "log", "wb") as log:
            self.process = spawn(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no",
                                  "--high-priority=no", "--log-target=stderr", "-L",
                                  f"module-native-protocol-unix auth-anonymous=1 socket={self.directory}/native"],
                                 env={**os.environ, **self.env}, stdout=log, stderr=log)
        try:
            wait_for(lambda: self._pactl("info"), 10, "PulseAudio")
            for module in ("module-null-sink sink_name=room rate=48000 channels=2",
                           "module-sine sink=room frequency=1000 rate=48000",
                           "module-remap-source source_name=microphone master=room.monitor"):
                if not self._pactl("load-module", *module.split()):
                    raise RuntimeError(f"PulseAudio took no {module.split()[0]}")
            self._pactl("set-default-source", "microphone")
        except (RuntimeError, TimeoutError) as error:
            self.stop()
            raise RuntimeError(f"{error}\n" + (self.directory / "log").read_text(errors="replace")[-2000:]) from None
        return self

    def _pactl(self, *arguments):
        return subprocess.run(["pactl", *arguments], env={**os.environ, **self.env}, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, timeout=10).returncode == 0

    def stop(self):
        if self.process:
            end(self.process)
            self.process = None


class Screen:
    """An X server without a monitor, on which a solid turns, unless it is to be empty."""

    COMMANDS = {"Xvfb": "xvfb", "ico": "x11-apps"}

    def __init__(self, directory, width=1280, height=720, empty=False):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.size = f"{width}x{height}"
        self.empty = empty
        self.display = None
        self._children = []

    def start(self):
        reading, writing = os.pipe()
        with open(self.directory / "log", "wb") as log:
            # Xvfb looks for a free number itself and tells it. Without -noreset it begins anew whenever its last client goes.
            self._children.append(spawn(["Xvfb", "-displayfd", writing, "-screen", "0", f"{self.size}x24", "-ac", "-noreset",
                                         "-nolisten", "tcp"], pass_fds=(writing,), stdout=log, stderr=log))
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        if not number:
            self.stop()
            raise RuntimeError("Xvfb did not start:\n" + (self.directory / "log").read_text(errors="replace")[-2000:])
        self.display = f":{number}"
        if self.empty:
            return self
        self._children.append(spawn(["ico", "-faces", "-sleep", "0.02", "-geometry", "400x400+200+100"],
                                    env={**os.environ, "DISPLAY": self.display}, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL))
        return self

    def stop(self):
        for child in reversed(self._children):
            end(child)
        self._children = []
