# SPDX-License-Identifier: MIT
"""What the integration tests share: a directory and a server each, running livepusher, skipping with a reason.

From ctest come LIVEPUSHER_BIN (the program), LIVEPUSHER_COUNT_FRAMES (tools/count_frames.cpp),
LIVEPUSHER_PUSH_FROM (tools/push_from.cpp), LIVEPUSHER_PLAY_SOUND (tools/play_sound.cpp), LIVEPUSHER_FAKE_CAMERA, LIVEPUSHER_HUNG_CALLS, LIVEPUSHER_SLOW_DECODER (of
devices/) and LIVEPUSHER_CACHE (a directory for what is fetched or made once). LIVEPUSHER_TEST_SECONDS sets how long the streams are
that tests measure (14).
"""
import atexit
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "servers"))
import processes  # noqa: E402
import rtmp_server  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def seconds():
    return int(os.environ.get("LIVEPUSHER_TEST_SECONDS", "14"))


def tool(variable):
    path = os.environ.get(variable, "")
    if not path or not os.access(path, os.R_OK):
        raise RuntimeError(f"{variable}={path!r}: names no file (run the tests by ./dev test or ctest)")
    return path


def preload(*variables):
    """LD_PRELOAD's value for the libraries that those variables name. It is cut at blanks and colons, whatever lies between
    them, so a library in such a folder is linked to from another."""
    def plain(path):
        if not re.search(r"[ :]", path):
            return path
        place = tempfile.mkdtemp(prefix="livepusher-preload-")
        atexit.register(shutil.rmtree, place, ignore_errors=True)
        link = pathlib.Path(place) / pathlib.Path(path).name
        link.symlink_to(path)
        return str(link)
    return " ".join(plain(str(tool(variable))) for variable in variables)


def for_anyone(directory):
    """(program, environment): a copy of the program that every user can run who may enter `directory`; not everybody may
    enter the folder it was built in, as a home is its owner's alone."""
    program = pathlib.Path(tool("LIVEPUSHER_BIN")).resolve()
    place = pathlib.Path(directory) / "for-anyone"
    place.mkdir()
    for each in (program, *program.parent.glob("livepusher-probe"), *(program.parent.parent / "lib").glob("liblivepusher.so.*")):
        shutil.copy(each, place / each.name, follow_symlinks=True)
    place.chmod(0o755)
    return place / program.name, {"LD_LIBRARY_PATH": str(place)}


def need_commands(**package_of):
    """Skips when a command is not installed: need_commands(ffprobe="ffmpeg")."""
    gone = [f"{command} (apt-get install {package})" for command, package in package_of.items() if not shutil.which(command)]
    if gone:
        raise unittest.SkipTest("needs " + ", ".join(gone))


def preloaded(variable, **settings):
    """The environment that preloads a stand-in of devices/ into the program; skips where that can't be done."""
    library = preload(variable)
    done = subprocess.run([tool("LIVEPUSHER_BIN"), "--version"], env={**os.environ, "LD_PRELOAD": library}, capture_output=True, text=True)
    if done.returncode != 0:
        raise unittest.SkipTest("needs a program that takes LD_PRELOAD; a sanitizer's comes first: " + done.stderr[:200])
    return {"LD_PRELOAD": library, **{name: str(value) for name, value in settings.items()}}


def cache():
    path = pathlib.Path(os.environ.get("LIVEPUSHER_CACHE", tempfile.gettempdir()))
    path.mkdir(parents=True, exist_ok=True)
    return path


class Push:
    """One running livepusher: its --json events as they come, its stderr in a file."""

    def __init__(self, arguments, directory, env=None, program=None, stdin=subprocess.DEVNULL):
        self.command = [str(part) for part in (program or [tool("LIVEPUSHER_BIN")]) + arguments]
        number = len(list(directory.glob("push-*.out")))
        self._out = directory / f"push-{number}.out"
        self._err = directory / f"push-{number}.err"
        with open(self._out, "wb") as out, open(self._err, "wb") as err:
            self.process = processes.spawn(self.command, stdin=stdin, stdout=out, stderr=err, env={**os.environ, **(env or {})})

    @property
    def stdout(self):
        return self._out.read_text(errors="replace")

    @property
    def stderr(self):
        return self._err.read_text(errors="replace")

    def events(self, kind=None):
        found = []
        for line in self.stdout.splitlines(keepends=True):
            if line.endswith("\n") and line.startswith("{"):
                event = json.loads(line)
                if kind is None or event.get("event") == kind:
                    found.append(event)
        return found

    def codes(self):
        return [event["code"] for event in self.events("statechange")]

    def wait_code(self, code, within=15, count=1):
        def there():
            if self.codes().count(code) >= count:
                return True
            if self.process.poll() is not None:
                raise AssertionError(f"livepusher ended with {self.process.returncode} before code {code}\n{self}")
            return False
        try:
            processes.wait_for(there, within, f"code {code}")
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self}") from None
        return self

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self

    def wait(self, within=30):
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"livepusher still runs after {within} s\n{self}") from None

    def __str__(self):
        return f"$ {' '.join(self.command)}\n--- stdout\n{self.stdout[-4000:]}\n--- stderr\n{self.stderr[-4000:]}"


class Case(unittest.TestCase):
    """A test with a directory of its own; what it starts through here is ended with it."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="livepusher-test-")
        self.addCleanup(holder.cleanup)
        self.directory = pathlib.Path(holder.name)

    def server(self, **options):
        gone = rtmp_server.missing(tls="certificate" in options)
        if gone:
            self.skipTest("needs " + ", ".join(gone))
        server = rtmp_server.RtmpServer(self.directory / "server", **options)
        self.addCleanup(server.stop)
        return server.start()

    def spawn(self, command, **options):
        child = processes.spawn(command, **options)
        self.addCleanup(processes.end, child)
        return child

    def push(self, url, *arguments, env=None, json_events=True, stdin=subprocess.DEVNULL):
        """Starts `livepusher push URL …`; the caller waits."""
        push = Push(["push", url, *(["--json"] if json_events else []), *arguments], self.directory, env, stdin=stdin)
        self.addCleanup(processes.end, push.process)
        return push

    def play(self, url, *arguments, json_events=True, **options):
        """Starts `livepusher play URL …` without window and sound device; the caller waits."""
        play = Push(["play", "--no-window", "--sound", "none", *(["--json"] if json_events else []), url, *arguments],
                    self.directory, **options)
        self.addCleanup(processes.end, play.process)
        return play

    def run_push(self, url, *arguments, within=30, **options):
        """The same, to its end."""
        push = self.push(url, *arguments, **options)
        push.wait(within)
        return push

    def push_cleanly(self, url, *arguments, **options):
        push = self.run_push(url, *arguments, **options)
        self.assertEqual(push.process.returncode, 0, str(push))
        return push


def run(command, **options):
    """A command that must work; its output."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise RuntimeError(f"$ {' '.join(map(str, command))}\nexit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def finished(path, settle=0.3):
    """Waits until nginx has written a recording to its end."""
    size = -1
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        now = path.stat().st_size
        if now == size:
            return path
        size = now
        time.sleep(settle)
    return path


def main():
    """Runs the calling file's tests. Nothing but skips is a skip for ctest, with the reasons printed."""
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    for case, reason in result.skipped:
        print(f"skipped: {case}: {reason}")
    sys.exit(SKIPPED if result.skipped and len(result.skipped) == result.testsRun else 0)
