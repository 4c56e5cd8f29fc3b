# SPDX-License-Identifier: MIT
"""Live inputs made of a long clip: each gives what is on air now, faster or slower than it should, and can die and come back.

A feed has `url`, `begin` (time.monotonic() of the clip's 0 s) and `rate`; die(), mute() and back() are what tests do to it.
"""
import bisect
import json
import os
import re
import socket
import subprocess
import threading
import time

import harness
import rtsp

TS_PACKET = 188


def timed_flv(path):
    """(the head that every client gets, [(s, bytes, whether one can begin with it)…])"""
    data = path.read_bytes()
    at, head, items = 13, [data[:13]], []
    while at < len(data):
        end = at + 15 + int.from_bytes(data[at + 1:at + 4], "big")
        stamp = int.from_bytes(data[at + 4:at + 7], "big") | data[at + 7] << 24
        kind, body = data[at], data[at + 11:at + 13]
        if kind == 18 or (kind == 9 and body == b"\x17\0") or (kind == 8 and body[1:2] == b"\0"):
            head.append(data[at:end])
        else:
            items.append((stamp / 1000, data[at:end], kind == 9 and body[0] >> 4 == 1))
        at = end
    return b"".join(head), items


def timed_ts(path):
    """The same of a transport stream: 7 packets at a time, by the positions of what they hold."""
    packets = json.loads(harness.run(["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "packet=pos,dts_time", "-of",
                                      "json", path]))["packets"]
    marks = [(int(packet["pos"]), float(packet["dts_time"])) for packet in packets if "pos" in packet]
    first, data, items = marks[0][1], path.read_bytes(), []
    places = [place for place, _ in marks]
    for at in range(0, len(data), 7 * TS_PACKET):
        index = max(0, bisect.bisect_right(places, at) - 1)
        items.append((marks[index][1] - first, data[at:at + 7 * TS_PACKET], True))
    return b"", items


class Feed:
    def __init__(self, path, rate=1.0):
        self.head, self.items = (timed_flv if path.suffix == ".flv" else timed_ts)(path)
        self.path, self.rate, self.muted = path, rate, threading.Event()
        self.begin = time.monotonic()
        self.generation = 0  # what belongs to an older one has died

    def now(self):
        return (time.monotonic() - self.begin) * self.rate

    def mute(self):
        self.muted.set()

    def pieces(self, generation):
        """What is on air from now on, each piece when it is due; ends when the feed dies or the clip ends."""
        at = self.now()
        first = max((index for index, (when, _, joins) in enumerate(self.items) if joins and when <= at), default=0)
        for when, data, _ in self.items[first:]:
            while (wait := self.begin + when / self.rate - time.monotonic()) > 0 or self.muted.is_set():
                if generation != self.generation:
                    return
                time.sleep(min(max(wait, 0.01), 0.05))
            if generation != self.generation:
                return
            yield data


class HttpFeed(Feed):
    """FLV or TS in one endless answer, chunked. back(restart=True): its clock begins anew, as after a restart of the encoder."""

    def __init__(self, path, rate=1.0, chunked=True):
        super().__init__(path, rate)
        self.chunked, self._port, self.clients = chunked, 0, 0
        self._listen()
        self.url = f"http://127.0.0.1:{self._port}/live/stream{path.suffix}"

    def _listen(self):
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        self._open = []
        threading.Thread(target=self._accept, args=(self._listener, self.generation), daemon=True).start()

    def _accept(self, listener, generation):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.clients += 1
            self._open.append(client)
            threading.Thread(target=self._serve, args=(client, generation), daemon=True).start()

    def _serve(self, client, generation):
        kind = "video/x-flv" if self.path.suffix == ".flv" else "video/mp2t"
        try:
            request = b""
            while b"\r\n\r\n" not in request:
                if not (more := client.recv(4096)):
                    return
                request += more
            coding = "Transfer-Encoding: chunked\r\n" if self.chunked else "Connection: close\r\n"
            client.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{coding}\r\n".encode())
            if self.head:
                self._send(client, self.head)
            for data in self.pieces(generation):
                self._send(client, data)
        except OSError:
            pass
        finally:
            client.close()

    def _send(self, client, data):
        client.sendall(b"%x\r\n%b\r\n" % (len(data), data) if self.chunked else data)

    def die(self):
        self.generation += 1
        if self._listener.fileno() >= 0:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for client in self._open:
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def back(self, restart=False):
        self.muted.clear()
        if restart:
            self.begin = time.monotonic()
        if self._listener.fileno() < 0:
            self._listen()

    def restart(self):
        self.back(restart=True)

    close = die


class HlsFeed(Feed):
    """A playlist of the last three segments of 2 s, each there when it is over. `discontinuity`: each says that it begins anew."""
    LENGTH = 2.0

    def __init__(self, path, directory, discontinuity=False):
        self.directory, self.discontinuity = directory, discontinuity
        directory.mkdir(parents=True)
        harness.run(["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-c", "copy", "-f", "hls", "-hls_time", self.LENGTH,
                     "-hls_list_size", 0, "-hls_segment_filename", directory / "%d.ts", directory / "all.m3u8"])
        self.path, self.rate, self.away = path, 1.0, False
        self.begin = time.monotonic() - 4 * self.LENGTH
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                feed.answer(self)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._http.server_port}/live.m3u8"

    def answer(self, request):
        name = request.path.lstrip("/").split("?")[0]
        newest = int(self.now() / self.LENGTH) - 1
        if self.away:
            return request.send_error(503)
        if name == "live.m3u8":
            first = max(0, newest - 2)
            mark = "#EXT-X-DISCONTINUITY\n" if self.discontinuity else ""
            lines = "".join(f"{mark}#EXTINF:{self.LENGTH},\n{number}.ts\n" for number in range(first, newest + 1))
            body = f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:{first}\n{lines}".encode()
        elif re.fullmatch(r"\d+\.ts", name) and int(name[:-3]) <= newest and (self.directory / name).exists():
            body = (self.directory / name).read_bytes()
        else:
            return request.send_error(404)
        request.send_response(200)
        request.send_header("Content-Type", "application/vnd.apple.mpegurl" if name.endswith("m3u8") else "video/mp2t")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def die(self):
        self.away = True

    def back(self):
        self.away = False

    def close(self):
        self._http.shutdown()
        self._http.server_close()


class UdpFeed(Feed):
    """TS in datagrams."""

    def __init__(self, path, port, rate=1.0):
        super().__init__(path, rate)
        self.url = f"udp://127.0.0.1:{port}"
        self._port = port
        threading.Thread(target=self._send, args=(self.generation,), daemon=True).start()

    def _send(self, generation):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for data in self.pieces(generation):
                try:
                    sender.sendto(data, ("127.0.0.1", self._port))
                except ConnectionRefusedError:  # nobody listens yet, or any more
                    pass

    def mute(self):
        self.generation += 1

    def back(self):
        threading.Thread(target=self._send, args=(self.generation,), daemon=True).start()

    close = mute


class PipeFeed(Feed):
    """Into a FIFO, as an encoder writes it; mute() is one that hangs, and goes on with back() where it stopped."""

    def __init__(self, path, fifo, stdin=False):
        super().__init__(path)
        os.mkfifo(fifo)
        self.url, self.stdin = ("-", fifo) if stdin else (str(fifo), None)
        threading.Thread(target=self._write, args=(fifo, self.generation), daemon=True).start()

    def _write(self, fifo, generation):
        try:
            with open(fifo, "wb", buffering=0) as pipe:
                pipe.write(self.head)
                for data in self.pieces(generation):
                    pipe.write(data)
        except BrokenPipeError:
            pass

    def mute(self):
        self._since = time.monotonic()
        super().mute()

    def back(self):
        self.begin += time.monotonic() - self._since
        self.muted.clear()

    def die(self):
        self.generation += 1

    close = die


class ProgramFeed(Feed):
    """What ffmpeg sends somewhere: ffmpeg -re -i clip -c copy …; dying is being killed, coming back is beginning anew."""

    def __init__(self, path, url, *output, patience=0.0):
        self.path, self.rate, self.url = path, 1.0, url
        self._command = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-i", path, "-c", "copy", *output]
        self.back()
        time.sleep(patience)

    def back(self):
        self.begin = time.monotonic()
        self._process = harness.processes.spawn(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def die(self):
        harness.processes.end(self._process, first=9)

    close = die


class RtspFeed:
    """A clip from its beginning, by GStreamer's RTSP server; it dies as one that loses its power, and begins anew."""

    def __init__(self, case, path):
        self._camera = rtsp.RtspCamera(case, "--clip", path)
        self.url, self.rate, self.begin = self._camera.url(), 1.0, time.monotonic()
        self.die, self.back, self.close = self._camera.kill, self._camera.start, self._camera.kill
