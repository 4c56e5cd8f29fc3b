# SPDX-License-Identifier: MIT
"""Takes streams over SRT and writes each into a file, by the libsrt that ffmpeg uses too; refuses on demand as SRT's access control
lets a server, which neither srt-live-transmit nor ffmpeg can.

srt_server.py DIRECTORY '{"port": …, "passphrase": …, "refuse": {STREAM ID: NUMBER}}' is the process that SrtServer starts: so it can
be killed, and a libsrt in it can be as it likes.
"""
import ctypes
import json
import pathlib
import signal
import socket
import struct
import sys
import threading
import time

import processes

LIBRARY = "libsrt-gnutls.so.1.5"
OPTIONS = {"rcvsyn": 2, "latency": 23, "passphrase": 26, "streamid": 46}  # srt.h's SRT_SOCKOPT
NAME_IN_USE, FORBIDDEN, NOT_FOUND = 1409, 1403, 1404  # access_control.h's
_HOOK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p)


def missing():
    try:
        ctypes.CDLL(LIBRARY)
        return []
    except OSError:
        return [f"{LIBRARY} (apt-get install libsrt1.5-gnutls)"]


class SrtServer:
    """directory/0.ts, 1.ts, … are the streams in the order of their coming. `refuse`: stream id -> a number of
    access_control.h, 0 for none, None to take it; that of "*" for every one that isn't there. `callers()` are the stream ids of those that came, the refused ones too."""

    def __init__(self, directory, host="127.0.0.1", port=0, passphrase="", latency=120, refuse=None):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.host = host
        self.port = port or free_udp_port(host)
        self._settings = {"host": host, "port": self.port, "passphrase": passphrase, "latency": latency, "refuse": refuse or {}}
        self._child = None

    def url(self, query=""):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"srt://{host}:{self.port}" + (f"?{query}" if query else "")

    def start(self):
        self._child = processes.spawn([sys.executable, "-B", __file__, self.directory, json.dumps(self._settings)])
        ready = self.directory / f"ready-{self._child.pid}"
        processes.wait_for(lambda: ready.exists() or self._child.poll() is not None, 10, "an SRT server")
        if not ready.exists():
            raise RuntimeError(f"the SRT server ended with {self._child.returncode}")
        return self

    def streams(self):
        return sorted(self.directory.glob("*.ts"), key=lambda path: int(path.stem))

    def arrivals(self, number=0):
        """[(time.monotonic(), bytes)] of each datagram of a stream."""
        data = (self.directory / f"{number}.arrivals").read_bytes()
        return [struct.unpack_from("=dI", data, at) for at in range(0, len(data) // 12 * 12, 12)]

    def callers(self):
        log = self.directory / "callers"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def kill(self):
        """At once, without a word to its callers."""
        self._child.kill()
        self._child.wait()

    def freeze(self):
        """It answers no more, and its port stays taken."""
        self._child.send_signal(signal.SIGSTOP)

    def stop(self):
        if self._child:
            self._child.send_signal(signal.SIGCONT)
            processes.end(self._child)


def free_udp_port(host="127.0.0.1"):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def wait_for_listener(port):
    """Until somebody on this machine has that UDP port of IPv4: ffmpeg doesn't say when it listens."""
    def taken():
        lines = pathlib.Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]
        return any(int(line.split()[1].split(":")[1], 16) == port for line in lines)
    processes.wait_for(taken, 10, f"a listener at UDP port {port}")


def sockaddr(host, port):
    if ":" in host:
        return struct.pack("=HHI16sI", socket.AF_INET6, socket.htons(port), 0, socket.inet_pton(socket.AF_INET6, host), 0)
    return struct.pack("=HH4s8x", socket.AF_INET, socket.htons(port), socket.inet_aton(host))


class Process:
    """What SrtServer starts; others receive in their own way."""

    def __init__(self, directory, settings):
        self.directory = directory
        self.settings = settings
        self.srt = ctypes.CDLL(LIBRARY)
        self.srt.srt_startup()
        self.srt.srt_getlasterror_str.restype = ctypes.c_char_p
        self.number = 0

    def must(self, result):
        if result < 0:
            raise RuntimeError(self.srt.srt_getlasterror_str().decode())
        return result

    def listen(self):
        listener = self.must(self.srt.srt_create_socket())
        for name in ("latency", "passphrase"):
            value = self.settings[name]
            data = value.encode() if isinstance(value, str) else struct.pack("=i", value)
            if data:
                self.must(self.srt.srt_setsockflag(listener, OPTIONS[name], data, len(data)))
        address = sockaddr(self.settings["host"], self.settings["port"])
        self.must(self.srt.srt_bind(listener, address, len(address)))
        self.hook = _HOOK(self.admit)  # kept: libsrt calls it
        self.must(self.srt.srt_listen_callback(listener, self.hook, None))
        self.must(self.srt.srt_listen(listener, 5))
        return listener

    def admit(self, _, caller, __, ___, stream_id):
        name = (stream_id or b"").decode(errors="replace")
        with open(self.directory / "callers", "a", encoding="utf-8") as log:
            log.write(json.dumps(name) + "\n")
        refuse = self.settings["refuse"]
        number = refuse[name] if name in refuse else refuse.get("*")
        if number is None:
            return 0
        if number:  # 0: without a word of ours
            self.srt.srt_setrejectreason(caller, number)
        return -1

    def receive(self, stream, number):
        buffer = ctypes.create_string_buffer(1500)
        with open(self.directory / f"{number}.ts", "wb", 0) as file, open(self.directory / f"{number}.arrivals", "wb", 0) as arrivals:
            while (got := self.srt.srt_recvmsg(stream, buffer, len(buffer))) > 0:
                file.write(buffer.raw[:got])
                arrivals.write(struct.pack("=dI", time.monotonic(), got))
        self.srt.srt_close(stream)

    def run(self, ready):
        """Calls `ready` when it listens."""
        listener = self.listen()
        ready()
        number = len(list(self.directory.glob("*.ts")))
        while True:
            stream = self.must(self.srt.srt_accept(listener, None, None))
            threading.Thread(target=self.receive, args=(stream, number), daemon=True).start()
            number += 1


if __name__ == "__main__":
    import os
    where = pathlib.Path(sys.argv[1])
    Process(where, json.loads(sys.argv[2])).run((where / f"ready-{os.getpid()}").touch)
