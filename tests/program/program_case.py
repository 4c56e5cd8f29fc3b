# SPDX-License-Identifier: MIT
"""What these tests share beyond the integration tests' harness: running the program to its end, and its control socket."""
import json
import pathlib
import socket
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
import harness  # noqa: E402
import processes  # noqa: E402

DONE, OTHER, ARGUMENTS, SOURCE, NETWORK, ENCODER = range(6)


def livepusher(*arguments, env=None, within=30, **options):
    """The program, run to its end."""
    return subprocess.run([harness.tool("LIVEPUSHER_BIN"), *map(str, arguments)], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=within, env=env, **options)


class Control:
    """A client of the control socket."""

    def __init__(self, path, within=10):
        processes.wait_for(path.is_socket, within, str(path))
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(within)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("r")

    def send(self, request):
        text = request if isinstance(request, str) else json.dumps(request)
        self.socket.sendall(text.encode() + b"\n")

    def read(self):
        line = self.lines.readline()
        return json.loads(line) if line else None

    def ask(self, request):
        self.send(request)
        return self.read()

    def close(self):
        self.lines.close()
        self.socket.close()
