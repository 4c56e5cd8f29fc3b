# SPDX-License-Identifier: MIT
"""A network camera that sends MJPEG over HTTP (multipart/x-mixed-replace), with faults by path and on demand."""
import base64
import http.server
import itertools
import ssl
import subprocess
import threading
import urllib.parse

USER = "viewer:p4ssw0rd"
FAULTS = ("stop", "stall", "bad")


def pictures(size, count=10):
    """JPEGs of a moving pattern."""
    made = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=s={size}:r={count}", "-frames:v", str(count),
                           "-c:v", "mjpeg", "-q:v", "5", "-f", "image2pipe", "-"], stdout=subprocess.PIPE, check=True).stdout
    return [b"\xff\xd8" + part for part in made.split(b"\xff\xd8")[1:]]


class MjpegCamera:
    """http://127.0.0.1:PORT/video is the stream, /picture.jpg one picture, /page a page, /guarded wants USER (Basic).

    /video?stop=N ends after N pictures, ?stall=N sends nothing more after N and keeps the connection, ?bad=N: each Nth is
    no JPEG. They hold for the first connection to /video only: one that is opened again works. certificate=(pem, key)
    makes it https.
    """

    def __init__(self, size="640x360", fps=25, certificate=None, port=0):
        self.connections = 0
        self._closing = threading.Event()
        camera = self
        shots = pictures(size)

        class Handler(http.server.BaseHTTPRequestHandler):
            def setup(self):
                if certificate:
                    self.request = context.wrap_socket(self.request, server_side=True)
                super().setup()

            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                faults = {name: int(values[0]) for name, values in urllib.parse.parse_qs(url.query).items() if name in FAULTS}
                wanted = "Basic " + base64.b64encode(USER.encode()).decode()
                if url.path == "/video":
                    camera.connections += 1
                    self.stream(faults if camera.connections == 1 else {})
                elif url.path == "/guarded" and self.headers.get("Authorization") == wanted:
                    self.stream({})
                elif url.path == "/guarded":
                    self.answer(401, "text/plain", b"", {"WWW-Authenticate": 'Basic realm="camera"'})
                elif url.path == "/picture.jpg":
                    self.answer(200, "image/jpeg", shots[0])
                elif url.path == "/page":
                    self.answer(200, "text/html; charset=utf-8", b"<p>Welcome to your camera")
                else:
                    self.answer(404, "text/plain", b"")

            def answer(self, status, kind, body, headers=()):
                self.send_response(status)
                for name, value in dict(headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self, faults):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                for number, shot in enumerate(itertools.cycle(shots), 1):
                    if number > faults.get("stop", number):
                        return
                    if number > faults.get("stall", number):
                        camera._closing.wait()
                        return
                    if "bad" in faults and number % faults["bad"] == 0:
                        shot = b"this is no JPEG"
                    self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(shot) + shot + b"\r\n")
                    if camera._closing.wait(1 / fps):
                        return

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass  # connections that break are part of the tests

        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, certificate))
        self._server = Server(("127.0.0.1", port), Handler)
        self._scheme = "https" if certificate else "http"
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def url(self, path, user=""):
        return f"{self._scheme}://{user and user + '@'}127.0.0.1:{self.port}{path}"

    def stop(self):
        """Ends every connection and listens no more."""
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
