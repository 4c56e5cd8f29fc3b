# SPDX-License-Identifier: MIT
"""FLV over HTTP: what is posted goes to everybody who gets it, from a key frame on. A measuring instrument, on loopback."""
import http.server
import queue
import threading

AUDIO, VIDEO = 8, 9
_HEAD = b"FLV\1\5\0\0\0\x09\0\0\0\0"
_MOST = 4000  # tags that wait for one client; then it is left


def _chunks(stream):
    """The bytes of a chunked body."""
    while size := int(stream.readline(32) or b"0", 16):
        yield stream.read(size)
        stream.read(2)


def _tags(chunks):
    """Whole tags, each with the size behind it, out of bytes in any pieces."""
    waiting = bytearray()
    begun = False
    for chunk in chunks:
        waiting += chunk
        if not begun and len(waiting) >= len(_HEAD):
            del waiting[:len(_HEAD)]
            begun = True
        while begun and len(waiting) >= 11 and len(waiting) >= (length := int.from_bytes(waiting[1:4], "big") + 15):
            yield bytes(waiting[:length])
            del waiting[:length]


class _Room:
    """What all of one stream's listeners need to begin, and the tags since the last key frame."""

    def __init__(self, keeps):
        self._keeps = keeps
        self._lock = threading.Lock()
        self._beginning = {}  # what stands before the media, by what it is
        self._since_key = []
        self._listeners = {}  # queue: whether it has begun

    def take(self, tag):
        kind, configures = tag[0], len(tag) > 17 and tag[12] == 0
        key = kind == VIDEO and tag[11] >> 4 == 1 and not configures
        with self._lock:
            if kind not in (AUDIO, VIDEO) or configures:
                self._beginning[kind] = tag
            elif key:
                self._since_key = [tag]
            else:
                self._since_key.append(tag)
            for listener, begun in list(self._listeners.items()):
                if listener.qsize() > _MOST:
                    del self._listeners[listener]
                    listener.put(None)
                elif begun or key:
                    self._listeners[listener] = True
                    listener.put(tag)

    def join(self):
        listener = queue.Queue()
        with self._lock:
            listener.put(_HEAD + b"".join(self._beginning[kind] for kind in sorted(self._beginning, reverse=True)))
            begins = self._keeps and bool(self._since_key)
            if begins:
                listener.put(b"".join(self._since_key))
            self._listeners[listener] = begins
        return listener

    def leave(self, listener):
        with self._lock:
            self._listeners.pop(listener, None)


class FlvServer:
    """POST a stream to url(), GET it there. `keeps`: who comes gets what was sent since the last key frame at once, as from most
    such servers; else everything from the next key frame on."""

    def __init__(self, keeps):
        room = _Room(keeps)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                for tag in _tags(_chunks(self.rfile)):
                    room.take(tag)
                self.close_connection = True
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self):
                self.close_connection = True
                self.send_response(200)
                self.send_header("Content-Type", "video/x-flv")
                self.end_headers()
                listener = room.join()
                try:
                    while (data := listener.get()) is not None:
                        self.wfile.write(data)
                except OSError:
                    pass  # it has gone
                finally:
                    room.leave(listener)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, port=None):
        return f"http://127.0.0.1:{port or self.port}/live.flv"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
