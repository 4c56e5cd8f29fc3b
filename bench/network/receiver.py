# SPDX-License-Identifier: MIT
"""The far end: takes any number of connections one after another or at once, and writes a line for each media message:

    CONNECTION TYPE TIMESTAMP_MS BYTES MOMENT

Its first line on stdout is the port. Ends on SIGTERM.
"""
import argparse
import pathlib
import signal
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import wire  # noqa: E402
from rtmp_sink import Sink  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("out")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the rig's to end
    wire.be_on_time()
    sink, lock = Sink(options.host, options.port), threading.Lock()
    print(sink.port, flush=True)
    with open(options.out, "w", encoding="ascii") as out:
        def note(connection, message):
            if message.is_media():
                with lock:
                    out.write(f"{connection} {message.type} {message.timestamp} {len(message.body)} {message.arrived:.6f}\n")
        sink.serve(note)


if __name__ == "__main__":
    main()
