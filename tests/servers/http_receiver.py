# SPDX-License-Identifier: MIT
"""Takes streams posted in chunks and writes each into a file: what an HTTP ingest does, with refusals on demand."""
import http.server
import pathlib
import socket
import ssl
import threading


class HttpReceiver:
    """POST /live/NAME.flv is written into directory/NAME.flv; POST /refused/403/… is answered with that status.

    certificate=(pem, key) makes it https. `requests` holds the path and the headers of each POST, `finished` the
    names whose body came to its end.
    """

    def __init__(self, directory, host="127.0.0.1", certificate=None, port=0):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.requests = []
        self.finished = []
        self._connections = set()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                if certificate:  # here, in the connection's own thread: a client that refuses is no news to the server
                    self.request = context.wrap_socket(self.request, server_side=True)
                receiver._connections.add(self.request)
                super().setup()

            def finish(self):
                receiver._connections.discard(self.request)
                try:
                    super().finish()
                finally:
                    if certificate:
                        self.request.close()  # the server closes what it accepted, not what became of it

            def do_POST(self):
                receiver.requests.append((self.path, dict(self.headers)))
                parts = self.path.split("?")[0].split("/")
                if parts[1] == "refused":
                    self.close_connection = True
                    self.answer(int(parts[2]))
                    return
                if receiver.take(self.rfile, parts[-1]):
                    self.answer(200)

            def answer(self, status):
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

            def handle_error(self, request, client_address):
                pass  # connections that break are part of the tests

        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*map(str, certificate))
        self._server = Server((host, port), Handler)
        self.port = self._server.server_address[1]
        literal = f"[{host}]" if ":" in host else host
        self.base = f"{'https' if certificate else 'http'}://{literal}:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, stream, name):
        """One chunked body, to its end; False when it broke off."""
        with open(self.directory / name, "wb") as file:
            while True:
                line = stream.readline(32)
                if not line.endswith(b"\r\n"):
                    return False
                size = int(line, 16)
                data = stream.read(size)
                if len(data) < size or stream.read(2) != b"\r\n":
                    return False
                if size == 0:
                    self.finished.append(name)
                    return True
                file.write(data)
                file.flush()

    def drop(self):
        """Ends the connections that there are; new ones are welcome."""
        for connection in list(self._connections):
            connection.shutdown(socket.SHUT_RDWR)

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
