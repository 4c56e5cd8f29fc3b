# SPDX-License-Identifier: MIT
"""One push in the guest and what it told, kept for the judge on the host."""
import json
import os
import pathlib
import subprocess
import tempfile
import time

import harness
import processes
from program_case import Control

OUT = pathlib.Path("/out")
PATIENCE = 30  # s of the guest's clock
SIZE = ["--orientation", "horizontal", "--video-width", 640, "--video-height", 360, "--fps", 15, "--video-preset", "ultrafast",
        "--adapt-resolution", "false", "--min-bitrate", 800, "--max-bitrate", 800]


class Scene:
    """One push, and what it told."""

    def __init__(self, name):
        self.folder = OUT / name
        self.folder.mkdir()
        self.facts = {}
        self._push = None
        self._control = None
        self._began = time.monotonic()

    def push(self, *arguments, env=None):
        """Starts it and waits until it goes out."""
        socket = pathlib.Path("/run") / f"{self.folder.name}.socket"
        self._push = harness.Push(["push", self.folder / "recording.flv", "--json", "--log-level", "info", "--control", socket,
                                   *SIZE, *arguments], self.folder, env)
        self.wait_code(1002, PATIENCE)
        self._control = Control(socket)
        return self

    def wait_code(self, code, within=PATIENCE, count=1):
        self._push.wait_code(code, within, count)

    def wait_heard(self):
        """Until the microphone gives something, by what the push tells from now on."""
        begin = len(self._push.events("audiovolumenotify"))

        def heard():
            return any(event["level"] > 20 for event in self._push.events("audiovolumenotify")[begin:])

        processes.wait_for(heard, PATIENCE, "sound")

    def ask(self, request):
        """A request to the push; only its own answer, whatever else there is to read."""
        request = {**request, "id": f"{time.monotonic()}"}
        self._control.send(request)
        while True:
            answer = self._control.read()
            if answer is None or answer.get("id") == request["id"]:
                return answer

    def note(self, name, value=None):
        """A moment or a value, for the judge."""
        self.facts[name] = time.time() if value is None else value

    def end(self):
        self.note("exit code", self._push.interrupt().wait(PATIENCE))

    def close(self):
        if self._control:
            self._control.close()
        if self._push:
            processes.end(self._push.process)
            self.facts["events"] = self._push.events()
            self.facts["stderr"] = self._push.stderr
        self.facts["seconds"] = round(time.monotonic() - self._began, 1)
        (self.folder / "facts.json").write_text(json.dumps(self.facts))


def program(*arguments, user=None):
    """livepusher, run to its end, perhaps as another user."""
    command = [harness.tool("LIVEPUSHER_BIN"), *map(str, arguments)]
    env = None
    if user:
        place = pathlib.Path(tempfile.mkdtemp(dir="/run"))
        place.chmod(0o755)
        command[0], libraries = harness.for_anyone(place)
        env = os.environ | libraries
        command = ["setpriv", f"--reuid={user}", "--clear-groups", *command]
    done = subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)
    return {"exit code": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
