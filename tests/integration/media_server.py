# SPDX-License-Identifier: MIT
"""An HTTP server of files that misbehaves as it is told: it breaks off, is slow, knows no Range, redirects, refuses."""
import http.server
import re
import socket
import threading
import time


class MediaServer:
    """Serves `files` (name: bytes). Behaviours by name, added to a file's URL as its folder: /cut-half/clip.mp4.

    cut-half     each answer breaks off after half of what is left, at most CUTS times
    cut-always   every answer breaks off after CUT bytes of the file; nothing after them is ever sent
    no-range     answers a Range with 200 and the whole file, and breaks off once in the middle
    slow         as fast as it plays, with `pace` bytes a second
    stall        stops in the middle for STALL s, the connection open, once
    302          redirects to /plain/…
    404, 503     says so
    plain        serves
    """
    CUTS, STALL = 2, 3.0

    def __init__(self, pace=100_000):
        self.files, self.requests, self.pace = {}, [], pace
        self.cuts = {}
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                try:
                    server.answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()

    def url(self, behaviour, path, query="?token=secret-token"):
        """`path` is served from now on; the query is one that no message may show."""
        self.files[path.name] = path.read_bytes()
        return f"http://127.0.0.1:{self._http.server_port}/{behaviour}/{path.name}{query}"

    def answer(self, request):
        _, behaviour, name = request.path.split("?")[0].split("/", 2)
        self.requests.append((behaviour, name, request.headers.get("Range")))
        if behaviour in ("404", "503"):
            return request.send_error(int(behaviour))
        if behaviour == "302":
            request.send_response(302)
            request.send_header("Location", f"/plain/{name}")
            request.send_header("Content-Length", "0")
            return request.end_headers()
        body, begin = self.files[name], 0
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        if wanted and behaviour != "no-range":
            begin = int(wanted[1])
            if begin >= len(body):
                request.send_response(416)
                request.send_header("Content-Range", f"bytes */{len(body)}")
                request.send_header("Content-Length", "0")
                return request.end_headers()
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        else:
            request.send_response(200)
        request.send_header("Content-Length", str(len(body) - begin))
        if behaviour != "no-range":
            request.send_header("Accept-Ranges", "bytes")
        request.end_headers()
        self.send(request, behaviour, name, body, begin)

    def send(self, request, behaviour, name, body, begin):
        number = self.cuts.get((behaviour, name), 0)
        end = len(body)
        if behaviour == "cut-half" and number < self.CUTS:
            end = begin + (len(body) - begin) // 2
        elif behaviour == "cut-always":
            end = len(body) // 2
        elif behaviour == "no-range" and number < 1:
            end = len(body) // 2
        elif behaviour == "stall" and number < 1 and begin < len(body) // 2:
            self.cuts[behaviour, name] = 1
            request.wfile.write(body[begin:len(body) // 2])
            time.sleep(self.STALL)
            begin = len(body) // 2
        if end < len(body):
            self.cuts[behaviour, name] = number + 1
        if behaviour == "slow":
            for at in range(begin, end, self.pace // 20):
                request.wfile.write(body[at:min(end, at + self.pace // 20)])
                time.sleep(0.05)
            return
        # In pieces, slower than memory: a push has not read all before a cut comes.
        for at in range(begin, end, 32768):
            request.wfile.write(body[at:min(end, at + 32768)])
        if end < len(body):
            request.connection.shutdown(socket.SHUT_RDWR)
            request.close_connection = True
