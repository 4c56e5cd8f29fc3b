#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An RTMP server that plays a script: it refuses, ends oddly or sends what no good server would.

In a test:      with ScriptedServer("bad_name") as server: … server.url() …
By hand:        scripted_server.py SCRIPT [--port PORT]      (no SCRIPT: a list of them)

The scripts are the functions of rtmp_scripts.py. What a client does wrong, be it a late pong, an acknowledgement that
lies or a reply in the middle of another message, is collected in the server's `problems`; `ended` holds the
time.monotonic() at which a script did what it is named for, `received` the messages that a script keeps.
"""
import argparse
import inspect
import socket
import sys
import threading
import time

import rtmp_scripts
from scripted_peer import PATIENCE, Gone, Peer

SCRIPTS = {name: function for name, function in inspect.getmembers(rtmp_scripts, inspect.isfunction)
           if function.__module__ == rtmp_scripts.__name__ and not name.startswith("_")
           and list(inspect.signature(function).parameters) == ["peer"]}


class ScriptedServer:
    """Plays `script`, a name or a function, on every connection."""

    def __init__(self, script, host="127.0.0.1", port=0):
        self.script = SCRIPTS[script] if isinstance(script, str) else script
        self.problems = []
        self.ended = []
        self.received = []
        self._open = []
        self._threads = []
        self._listener = socket.create_server((host, port))
        self.host, self.port = self._listener.getsockname()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            thread = threading.Thread(target=self._play, args=(connection, len(self._open)), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _play(self, connection, number):
        try:
            self.script(Peer(self, connection, number))
        except Gone:
            pass
        except Exception as error:  # else it would be seen in no test
            self.problems.append(f"{self.script.__name__}: {type(error).__name__}: {error}")
        finally:
            connection.close()

    def url(self, application="live", name="test"):
        return f"rtmp://{self.host}:{self.port}/{application}/{name}"

    def close(self):
        if not self._accepting.is_alive():
            return
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._listener.close()
        for connection in self._open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("script", nargs="?", choices=SCRIPTS, metavar="SCRIPT")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    if not arguments.script:
        for name, script in SCRIPTS.items():
            print(f"{name:28} {script.__doc__}")
        return
    server = ScriptedServer(arguments.script, arguments.host, arguments.port)
    print(f"listening on {server.host}:{server.port}", flush=True)
    told = 0
    try:
        while True:
            time.sleep(0.2)
            for problem in server.problems[told:]:
                print(problem, file=sys.stderr, flush=True)
                told += 1
    except KeyboardInterrupt:
        server.close()


if __name__ == "__main__":
    main()
