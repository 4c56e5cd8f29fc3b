#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One push to eight targets (two RTMP, two RTMPS, HTTP, SRT, a file and a pipe), of which one is slow, stalls, dies and refuses,
one after the other; then another. Told is what the other seven saw of it: whether a picture is missing, and how much later than
before one came, at a receiver that notes each message's moment.

"Later" is of a message's arrival against its time stamp, compared with the quiet seconds of the same push: what this machine's
other load does is in both.
"""
import argparse
import contextlib
import json
import os
import pathlib
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("LIVEPUSHER_BIN", ROOT / "build/release/bin"))
for folder in ("bench/network", "tests/servers", "tests/integration"):
    sys.path.insert(0, str(ROOT / folder))
import certificates  # noqa: E402
import fault_proxy  # noqa: E402
import flv  # noqa: E402
import processes  # noqa: E402
import rtmp_server  # noqa: E402
import srt_server  # noqa: E402
from http_receiver import HttpReceiver  # noqa: E402

FPS, GOP = 30, 1
SLOW = 12_500  # bytes a second
PATIENCE = {"slow": 30, "stall": 60, "die": 10, "refuse": 10}  # seconds that each fault lasts; --seconds says another
CALM = 12


class TcpTarget:
    """A server of TCP behind a proxy that can be made slow, deaf or absent."""

    def __init__(self, port):
        self.proxy = fault_proxy.FaultProxy(port)

    def begin(self, fault):
        if fault in ("die", "refuse"):
            self.proxy.refuse()
            if fault == "die":
                self.proxy.lose()
                self.proxy.accept()
            else:
                self.hold(fault)

    def hold(self, fault):
        """Again and again while the fault lasts: a connection may be a new one."""
        for connection in self.proxy.connections:
            if fault == "slow":
                connection.rate = SLOW
            elif fault == "stall":
                connection.stalled = True
            elif fault == "refuse":
                connection.lose()

    def end(self, fault):
        if fault == "refuse":
            self.proxy.accept()
        for connection in self.proxy.connections:
            connection.rate = 0
            if connection.stalled:
                connection.end()

    def close(self):
        self.proxy.close()


class SrtTarget:
    """An SRT server behind a relay of its datagrams."""

    def __init__(self, server):
        self._server = server
        self._front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._front.bind(("127.0.0.1", 0))
        self.port = self._front.getsockname()[1]
        self._ways = {}
        self._fault, self._tokens, self._filled = "", 0.0, time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._relay)
        self._thread.start()

    def _passes(self, size):
        if self._fault in ("stall", "refuse"):
            return False
        if self._fault != "slow":
            return True
        now = time.monotonic()
        self._tokens = min(8000.0, self._tokens + (now - self._filled) * SLOW)
        self._filled = now
        if self._tokens < size:
            return False
        self._tokens -= size
        return True

    def _relay(self):
        while not self._over.is_set():
            backs = {back: client for client, back in self._ways.items()}
            for ready in select.select([self._front, *backs], [], [], 0.2)[0]:
                with contextlib.suppress(ConnectionError, BlockingIOError):  # by a server that is gone
                    if ready is self._front:
                        data, client = self._front.recvfrom(2048)
                        if client not in self._ways:
                            self._ways[client] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                            self._ways[client].setblocking(False)
                            self._ways[client].connect(("127.0.0.1", self._server.port))
                        if self._passes(len(data)):
                            self._ways[client].send(data)
                    elif self._fault not in ("stall", "refuse"):
                        self._front.sendto(ready.recv(2048), backs[ready])

    def begin(self, fault):
        self._fault = fault
        if fault == "die":
            self._server.kill()
            self._server.start()

    def hold(self, fault):
        pass

    def end(self, fault):
        self._fault = ""

    def close(self):
        self._over.set()
        self._thread.join()
        self._front.close()
        for back in self._ways.values():
            back.close()


class PipeTarget:
    """A FIFO and who reads it."""

    def __init__(self, path):
        self._path, self._fault = path, ""
        os.mkfifo(path)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        pipe = -1
        while not self._over.is_set():
            fault = self._fault
            if pipe == -1 and fault not in ("die", "refuse"):
                pipe = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
            elif pipe != -1 and fault in ("die", "refuse"):
                os.close(pipe)
                pipe = -1
            if pipe == -1 or fault == "stall":
                self._over.wait(0.05)
            elif select.select([pipe], [], [], 0.1)[0]:
                data = os.read(pipe, SLOW // 20 if fault == "slow" else 65536)
                if fault == "slow" or not data:
                    self._over.wait(0.05)
        if pipe != -1:
            os.close(pipe)

    def begin(self, fault):
        self._fault = fault

    def hold(self, fault):
        pass

    def end(self, fault):
        self._fault = ""

    def close(self):
        self._over.set()
        self._thread.join()


class Watch:
    """A receiver in a process of its own that notes when each message was there."""

    def __init__(self, path):
        self._path = path
        self._child = processes.spawn([sys.executable, ROOT / "bench/network/receiver.py", "127.0.0.1", "0", path],
                                      stdout=subprocess.PIPE, text=True)
        self.port = int(self._child.stdout.readline())

    def stop(self):
        processes.end(self._child)

    def messages(self):
        """[(moment, ms of its arrival behind its time stamp, by any zero)] in their order, and ends the receiver."""
        self.stop()
        rows = (line.split() for line in self._path.read_text(encoding="ascii").splitlines())
        return [(float(row[4]), float(row[4]) * 1000 - int(row[2])) for row in rows]


def pictures(path):
    """The coded pictures of an FLV file; those without the codec's configuration."""
    return [tag.body for tag in flv.read(path)[1] if tag.type == flv.VIDEO and tag.body[1] == 1]


def count_pictures(path):
    said = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v", "-count_packets", "-show_entries", "stream=nb_read_packets",
                           "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True)
    return int(said.stdout.split()[0].strip(","))


def missing_of(whole, got):
    """How many of `whole`, from the first that it has, aren't in `got` in their order and alone; None: there are others."""
    if not got or got[0] not in whole:
        return None
    at = whole.index(got[0])
    expected = whole[at:at + len(got)]
    return len(whole) - at - len(got) if got == expected else None


class Push:
    """The push of one round, with its servers."""

    def __init__(self, stack, folder):
        self.folder = folder
        folder.mkdir()
        self._stack = stack
        authority = certificates.authority(folder, "ca")
        self.server = rtmp_server.RtmpServer(folder / "nginx", certificate=certificates.certificate(folder, authority, "IP:127.0.0.1"))
        stack.callback(self.server.stop)
        self.server.start()
        self.http = HttpReceiver(folder / "posted")
        stack.callback(self.http.stop)
        self.srt = srt_server.SrtServer(folder / "srt").start()
        stack.callback(self.srt.stop)
        self.watch = Watch(folder / "arrivals")
        stack.callback(self.watch.stop)
        ways = {"rtmp": TcpTarget(self.server.rtmp_port), "rtmps": TcpTarget(self.server.tls_port),
                "http": TcpTarget(int(self.http.base.rsplit(":", 1)[1])), "srt": SrtTarget(self.srt), "pipe": PipeTarget(folder / "pipe.flv")}
        for way in ways.values():
            stack.callback(way.close)
        self.ways = ways
        urls = {"watch": f"rtmp://127.0.0.1:{self.watch.port}/live/watch", "rtmp": ways["rtmp"].proxy.url("rec", "rtmp"),
                "rtmps": ways["rtmps"].proxy.url("rec", "rtmps", "rtmps"), "rtmps-2": self.server.url("rec", "rtmps-2", "rtmps"),
                "http": f"http://127.0.0.1:{ways['http'].proxy.port}/live/http.flv", "srt": f"srt://127.0.0.1:{ways['srt'].port}",
                "pipe": folder / "pipe.flv"}
        self.targets = ["main", *urls]
        command = [BIN / "livepusher", "push", folder / "all.flv", "--source", "test", "--video-width", 640, "--video-height", 360, "--fps",
                   FPS, "--gop", GOP, "--min-bitrate", 800, "--max-bitrate", 800, "--adaptation", "off", "--ca-file", authority,
                   "--reconnect", "99x1", "--json", "--quiet"]
        for name, url in urls.items():
            command += ["--target", f"{name}={url}"]
        self.events = []
        self._program = processes.spawn(command, stdout=subprocess.PIPE, stderr=stack.enter_context(open(folder / "log", "wb")),
                                        text=True, bufsize=1)
        stack.callback(processes.end, self._program)  # where a round fails
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        processes.wait_for(lambda: {each.get("target") for each in self.events if each.get("code") == 1002} == set(self.targets), 30,
                           "all targets")

    def _read(self):
        for line in self._program.stdout:
            with contextlib.suppress(ValueError):
                self.events.append({**json.loads(line), "at": time.monotonic()})

    def end(self):
        self._program.send_signal(signal.SIGINT)
        code = self._program.wait(20)
        self._reader.join()
        return code

    def told(self, target, since, until):
        """Codes of a target, each once, in their order."""
        return list(dict.fromkeys(each.get("code", each.get("errCode")) for each in self.events
                                  if each["event"] in ("statechange", "error") and each.get("target") == target and since <= each["at"] <= until))

    def blamed(self):
        """Targets that lost something, with the code, by the events."""
        return {(each.get("target"), each["code"], each.get("message", ""), round(each["at"] - self.events[0]["at"], 1)) for each in self.events
                if each["event"] == "statechange" and each["code"] in (1102, 3002, 3003, 3004, 3005, -1307)}

    def lost(self, faulty):
        """{target: pictures that it lacks} of all but `faulty`; what was under way at the end is no loss."""
        whole, found = pictures(self.folder / "all.flv"), {}
        files = {"rtmp": self.server.recordings("rtmp"), "rtmps": self.server.recordings("rtmps"),
                 "rtmps-2": self.server.recordings("rtmps-2"), "http": [self.folder / "posted" / "http.flv"]}
        for name, paths in files.items():
            if name != faulty:
                found[name] = missing_of(whole, pictures(paths[0]))
        if faulty != "srt":
            found["srt"] = len(whole) - count_pictures(self.srt.streams()[0])
        return found


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def round_of(folder, faulty, seconds, report):
    """Rows of the table for one target that each fault happens to."""
    with contextlib.ExitStack() as stack:
        push = Push(stack, folder)
        way, windows = push.ways[faulty], []
        time.sleep(2)
        began = time.monotonic()
        time.sleep(CALM)
        calm = began, time.monotonic()
        for fault, usual in PATIENCE.items():
            lasts = min(usual, seconds) if seconds else usual
            report(f"{faulty}: {fault} for {lasts} s …")
            began = time.monotonic()
            way.begin(fault)
            while time.monotonic() < began + lasts:
                way.hold(fault)
                time.sleep(0.05)
            way.end(fault)
            ended = time.monotonic()
            processes.wait_for(lambda: any(each["at"] > (began if fault == "die" else ended) and each.get("target") == faulty and each.get("code") == 1002
                                           for each in push.events) or fault == "slow" or faulty == "pipe", 60, f"{faulty} after {fault}")
            time.sleep(3)
            windows.append((fault, began, ended, time.monotonic()))
        code = push.end()
        messages = push.watch.messages()
        base = statistics.median(late for at, late in messages if calm[0] <= at <= calm[1])

        def late(window):
            return [value - base for at, value in messages if window[0] <= at <= window[1]]
        quiet, lost = late(calm), push.lost(faulty)
        rows = []
        for fault, began, ended, over in windows:
            values = late((began, ended))
            rows.append({"target": faulty, "fault": fault, "seconds": ended - began, "calm": [percentile(quiet, part) for part in (0.5, 0.99, 1)],
                         "late": [percentile(values, part) for part in (0.5, 0.99, 1)], "codes": push.told(faulty, began, over),
                         "messages": len(values)})
        return rows, lost, push.blamed(), code


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", action="append", choices=["rtmp", "rtmps", "http", "srt", "pipe"], help="only this one (all); again")
    parser.add_argument("--seconds", type=int, default=0, help="that a fault lasts at most (slow 30, stall 60, die and refuse 10)")
    options = parser.parse_args()

    def report(text):
        print(text, file=sys.stderr, flush=True)
    failed = False
    print("| fault of | | s | told of it | others: pictures missing | others later by: median, p99, worst ms | without a fault: p99, worst |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="livepusher-faults-") as directory:
        for faulty in options.target or ["rtmp", "rtmps", "http", "srt", "pipe"]:
            rows, lost, blamed, code = round_of(pathlib.Path(directory) / faulty, faulty, options.seconds, report)
            few = [name for name, count in lost.items() if count is None or count > FPS]
            missing = "none" if not few else ", ".join(f"{name}: {'others' if lost[name] is None else lost[name]}" for name in few)
            failed = failed or bool(few) or {target for target, *_ in blamed} != {faulty} or code not in (0, 4)
            for row in rows:
                median, tail, worst = row["late"]
                print(f"| {row['target']} | {row['fault']} | {row['seconds']:.0f} | {', '.join(map(str, row['codes'])) or '–'} | {missing} | "
                      f"{median:.1f}, {tail:.1f}, {worst:.1f} | {row['calm'][1]:.1f}, {row['calm'][2]:.1f} |", flush=True)
            report(f"{faulty}: the others lack {lost}; blamed: {sorted({target for target, *_ in blamed})}, others by {[each for each in blamed if each[0] != faulty]}; exit code {code}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
