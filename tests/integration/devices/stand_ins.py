# SPDX-License-Identifier: MIT
"""Microphones, speakers and a screen for machines that have none. All are ended by stop()."""
import os
import pathlib
import signal
import subprocess

from processes import end, spawn, wait_for


class SoundServer:
    """A PulseAudio of its own: microphones that hear a tone each, speakers that play one, and what can happen to them."""

    COMMANDS = {"pulseaudio": "pulseaudio", "pactl": "pulseaudio-utils"}

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        run = self.directory / "run"
        run.mkdir(mode=0o700)
        self.socket = self.directory / "native"
        #: What a program needs in its environment to hear this server.
        self.env = {"PULSE_SERVER": f"unix:{self.socket}", "PULSE_COOKIE": f"{self.directory}/cookie",
                    "PULSE_RUNTIME_PATH": str(run), "PULSE_STATE_PATH": str(self.directory), "HOME": str(self.directory)}
        self.process = None
        self._modules = {}

    def start(self, *modules):
        """With "microphone", which hears 1 kHz, as the default source; `modules`: more of them to load."""
        self.socket.unlink(missing_ok=True)
        more = [word for module in modules for word in ("-L", module)]
        with open(self.directory / "log", "ab") as log:
            self.process = spawn(["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--realtime=no",
                                  "--high-priority=no", "--log-target=stderr", "-L",
                                  f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}", *more],
                                 env={**os.environ, **self.env}, stdout=log, stderr=log)
        try:
            wait_for(lambda: self._try("info"), 10, "PulseAudio")
            # What plays on a default sink moves with the default: the microphones' rooms must never be one.
            self._load("module-null-sink", "sink_name=nowhere")
            self.use("sink", "nowhere")
            self.plug("microphone", 1000)
            self.use("source", "microphone")
        except (RuntimeError, TimeoutError) as error:
            self.stop()
            raise RuntimeError(f"{error}\n" + (self.directory / "log").read_text(errors="replace")[-2000:]) from None
        return self

    def plug(self, name, hertz):
        """A microphone that hears a tone."""
        # Without rewinds the sink renders in short steps from its first moment on, as a card does.
        self._modules[name] = [self._load("module-null-sink", f"sink_name={name}_room", "rate=48000", "channels=2", "norewinds=1"),
                               self._load("module-sine", f"sink={name}_room", f"frequency={hertz}", "rate=48000"),
                               self._load("module-remap-source", f"source_name={name}", f"master={name}_room.monitor",
                                          f"source_properties=device.description={name.capitalize()}")]

    def plug_interface(self, name, places):
        """An interface with that many inputs, whose channels are called so ("front-left", "aux0"); the source's name."""
        self._modules[name] = [self._load("module-null-sink", f"sink_name={name}", "rate=48000", f"channels={len(places)}",
                                          f"channel_map={','.join(places)}", "norewinds=1")]
        return f"{name}.monitor"

    def sing(self, name, place, hertz):
        """A tone into one of its inputs."""
        # A name of its own for each: a sink is not always gone when its module is.
        into = f"{name}_{place}_{hertz}"
        self._modules[name] += [self._load("module-remap-sink", f"sink_name={into}", f"master={name}", "channels=1",
                                           f"channel_map={place}", f"master_channel_map={place}", "remix=no"),
                                self._load("module-sine", f"sink={into}", f"frequency={hertz}", "rate=48000")]

    def play(self, name, hertz):
        """Speakers with a tone."""
        self._modules[name] = [self._load("module-null-sink", f"sink_name={name}", "rate=48000", "channels=2", "norewinds=1"),
                               self._load("module-sine", f"sink={name}", f"frequency={hertz}", "rate=48000")]

    def place(self, name, *properties):
        """Speakers that nobody plays on yet; `properties`: of the device, as "device.form_factor=headphone"."""
        told = " ".join((f"device.description={name.capitalize()}", *properties))
        self._modules[name] = [self._load("module-null-sink", f"sink_name={name}", "rate=48000", "channels=2", "norewinds=1",
                                          f"sink_properties='{told}'")]

    def unplug(self, name):
        for number in reversed(self._modules.pop(name)):
            self.pactl("unload-module", number)

    def use(self, kind, name):
        """As the default "source" or "sink"."""
        self.pactl(f"set-default-{kind}", name)

    def listeners(self):
        """What the server tells of those who record, as text."""
        return self.pactl("list", "source-outputs")

    def pactl(self, *arguments):
        """Its output; RuntimeError when it fails."""
        done = self._run(arguments)
        if done.returncode != 0:
            raise RuntimeError(f"pactl {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def _load(self, *module):
        return self.pactl("load-module", *module).strip()

    def _try(self, *arguments):
        return self._run(arguments).returncode == 0

    def _run(self, arguments):
        return subprocess.run(["pactl", *arguments], env={**os.environ, **self.env, "LC_ALL": "C"}, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=10)

    def send(self, sig):
        """SIGKILL: it is gone at once, start() brings it back. SIGSTOP: it hangs until SIGCONT."""
        self.process.send_signal(sig)
        if sig == signal.SIGKILL:
            self.process.wait()
            self.process = None

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            end(self.process)
            self.process = None


class Screen:
    """An X server without a monitor, on which a solid turns, unless it is to be empty."""

    COMMANDS = {"Xvfb": "xvfb", "ico": "x11-apps"}

    def __init__(self, directory, width=1280, height=720, empty=False, cookie=None, arguments=()):
        """`cookie`: of 16 letters; who connects must have it. `arguments`: more of Xvfb's own."""
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.size = f"{width}x{height}"
        self.empty = empty
        self.display = None
        self._access = ["-ac"]
        self._arguments = arguments
        if cookie:
            name, value = b"MIT-MAGIC-COOKIE-1", cookie.encode()
            record = b"\xff\xff\0\0\0\0" + len(name).to_bytes(2, "big") + name + len(value).to_bytes(2, "big") + value
            (self.directory / "authority").write_bytes(record)
            self._access = ["-auth", self.directory / "authority"]
        self._server = None
        self._children = []

    def start(self):
        """On a number of its own; after kill() on the same again."""
        # A server that looks for a free number by itself would take that of one that was killed: these begin far above.
        numbers = [self.display[1:]] if self.display else [1000 + (os.getpid() + 977 * i + id(self) // 64) % 50000 for i in range(20)]
        for number in numbers:
            if self._start(number):
                break
        else:
            self.stop()
            raise RuntimeError("Xvfb did not start:\n" + (self.directory / "log").read_text(errors="replace")[-2000:])
        self.display = f":{number}"
        if not self.empty:
            self._children.append(spawn(["ico", "-faces", "-sleep", "0.02", "-geometry", "400x400+200+100"],
                                        env={**os.environ, "DISPLAY": self.display}, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL))
        return self

    def _start(self, number):
        """False when it is another's."""
        reading, writing = os.pipe()
        with open(self.directory / "log", "ab") as log:
            # It tells its number when it can be reached. Without -noreset it begins anew whenever its last client goes.
            self._server = spawn(["Xvfb", f":{number}", "-displayfd", writing, "-screen", "0", f"{self.size}x24", *self._access,
                                  "-noreset", "-nolisten", "tcp", *self._arguments], pass_fds=(writing,), stdout=log, stderr=log)
        os.close(writing)
        with os.fdopen(reading) as told:
            if told.readline().strip():
                return True
        end(self._server)
        self._server = None
        return False

    def kill(self):
        """As by a crash: all that is on it goes with it."""
        end(self._server, signal.SIGKILL)
        self._server = None
        self._end_children()

    def stop(self):
        self._end_children()
        if self._server:
            end(self._server)
            self._server = None

    def _end_children(self):
        for child in reversed(self._children):
            end(child)
        self._children = []
