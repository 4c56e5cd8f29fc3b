# SPDX-License-Identifier: MIT
"""The far end of SRT: takes one connection after the other, and writes a line for each picture and piece of sound:

    CONNECTION TYPE TIMESTAMP_MS BYTES MOMENT WHOLE

WHOLE is 0 where something of it is missing. The stream itself is written beside, with .ts behind its name. Its first line on
stdout is the port. Ends on SIGTERM.
"""
import argparse
import ctypes
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/servers"))
import srt_server  # noqa: E402
import transport_stream  # noqa: E402
import wire  # noqa: E402


class Receiver(srt_server.Process):
    def __init__(self, host, port, out):
        super().__init__(out.parent, {"host": host, "port": port, "passphrase": "", "latency": 20, "refuse": {}})
        self._out = out

    def receive(self, stream, number):
        reader, buffer = transport_stream.Reader(), ctypes.create_string_buffer(1500)
        with open(self._out, "a", encoding="ascii", buffering=1) as out, open(f"{self._out}.ts", "ab", 0) as file:
            while (got := self.srt.srt_recvmsg(stream, buffer, len(buffer))) > 0:
                moment, datagram = time.monotonic(), buffer.raw[:got]
                file.write(datagram)
                for unit in reader.take(datagram, moment):
                    out.write(f"{number} {unit.kind} {unit.stamp * 1000:.0f} {unit.size} {unit.moment:.6f} {int(unit.whole)}\n")
        self.srt.srt_close(stream)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the rig's to end
    wire.be_on_time()
    Receiver(options.host, options.port, options.out).run(lambda: print(options.port, flush=True))


if __name__ == "__main__":
    main()
