# SPDX-License-Identifier: MIT
"""The program on a terminal: what it shows, and which keys are pressed."""
import fcntl
import os
import pty
import re
import select
import signal
import termios
import time

from program_case import harness


class OnATerminal(harness.Case):
    """The program with a terminal of its own."""

    def open(self, *arguments, until):
        """Starts it; the terminal shows `until` before this returns."""
        try:
            terminal, inside = pty.openpty()
        except OSError as why:
            self.skipTest(f"there is no terminal to be had here (/dev/pts is not mounted?): {why}")
        self.addCleanup(os.close, terminal)
        self.terminal, self.text = terminal, ""
        command = [harness.tool("LIVEPUSHER_BIN"), *map(str, arguments)]
        child = os.fork()
        if child == 0:  # its own session with the terminal in control, as a shell would give it
            try:
                os.setsid()
                fcntl.ioctl(inside, termios.TIOCSCTTY, 0)
                for fd in range(3):
                    os.dup2(inside, fd)
                os.execv(command[0], command)
            finally:
                os._exit(127)
        self.child, self.inside = child, inside
        self.addCleanup(os.close, inside)
        self.addCleanup(self.reap)
        self.wait_text(until)

    def reap(self):
        if self.child:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)

    def read(self, seconds):
        if select.select([self.terminal], [], [], seconds)[0]:
            self.text += os.read(self.terminal, 65536).decode(errors="replace")

    def wait_text(self, pattern, within=15):
        end = time.monotonic() + within
        while not re.search(pattern, self.text):
            self.assertLess(time.monotonic(), end, f"no {pattern!r} in {self.text!r}")
            self.read(0.2)

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def exit_code(self, within=10):
        end = time.monotonic() + within
        while True:
            pid, status = os.waitpid(self.child, os.WNOHANG)
            if pid:
                self.child = 0
                return os.waitstatus_to_exitcode(status)
            self.assertLess(time.monotonic(), end, self.text)
            self.read(0.1)

    def cooked(self):
        return bool(termios.tcgetattr(self.inside)[3] & termios.ICANON)
