# SPDX-License-Identifier: MIT
"""Small SOCKS5 and HTTP CONNECT proxies that count what they carry, with passwords, refusals and silence on demand."""
import base64
import hashlib
import re
import socket
import struct
import threading


class Refused(Exception):
    """The client gets no way through."""


class Proxy:
    """What both kinds have in common: a listener on a free port, and carrying.

    `targets` holds (host as the client named it, port) of each connection made, `sent` and `received` the bytes carried
    to and from the servers, `refused` what was refused. login=(user, password) is asked for; refuse: an answer of this
    proxy's protocol instead of a connection; silent: it listens and never answers; names={name: host} is its own DNS.
    """

    def __init__(self, login=None, refuse=None, silent=False, names=None):
        self.login, self.refuse, self.silent, self.names = login, refuse, silent, names or {}
        self.targets, self.refused = [], []
        self.sent = self.received = 0
        self._lock = threading.Lock()
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, scheme=None, login=None):
        user = f"{login[0]}:{login[1]}@" if login else ""
        return f"{scheme or self.scheme}://{user}127.0.0.1:{self.port}"

    def stop(self):
        """Ends the listener and every connection."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with self._lock:
            self._open.add(client)
        try:
            stream = client.makefile("rb", buffering=0)
            if self.silent:
                while stream.read(4096):
                    pass
                return
            server = self.converse(stream, client)
            with self._lock:
                self._open.add(server)
            back = threading.Thread(target=self._carry, args=(server, client, "received"), daemon=True)
            back.start()
            self._carry(client, server, "sent")
            back.join()
            server.close()
        except (OSError, EOFError, Refused) as error:
            self.refused.append(repr(error))
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def connect(self, host, port):
        server = socket.create_connection((self.names.get(host, host), port), 10)
        server.settimeout(None)
        self.targets.append((host, port))
        return server

    def _carry(self, source, target, counter):
        try:
            while data := source.recv(65536):
                with self._lock:
                    setattr(self, counter, getattr(self, counter) + len(data))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            for each in (source, target):
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass


def read(stream, count):
    data = b""
    while len(data) < count:
        part = stream.read(count - len(data))
        if not part:
            raise EOFError("the client went in the middle of its request")
        data += part
    return data


class Socks5Proxy(Proxy):
    """RFC 1928 and RFC 1929. refuse: the reply's number, such as 2 (not allowed) or 5 (refused)."""
    scheme = "socks5"

    def converse(self, stream, client):
        version, count = read(stream, 2)
        methods = read(stream, count)
        method = 2 if self.login else 0
        if version != 5 or method not in methods:
            client.sendall(b"\x05\xff")
            raise Refused(f"version {version}, methods {list(methods)}")
        client.sendall(bytes((5, method)))
        if self.login:
            self._check_login(stream, client)
        _, command, _, kind = read(stream, 4)
        if kind == 1:
            host = socket.inet_ntop(socket.AF_INET, read(stream, 4))
        elif kind == 4:
            host = socket.inet_ntop(socket.AF_INET6, read(stream, 16))
        else:
            host = read(stream, read(stream, 1)[0]).decode()
        port, = struct.unpack(">H", read(stream, 2))
        reply = self.refuse or (0 if command == 1 else 7)
        if reply == 0:
            try:
                server = self.connect(host, port)
            except socket.gaierror:
                reply = 4
            except OSError:
                reply = 5
        client.sendall(bytes((5, reply, 0, 1)) + bytes(6))
        if reply:
            raise Refused(f"reply {reply} for {host}:{port}")
        return server

    def _check_login(self, stream, client):
        read(stream, 1)
        user = read(stream, read(stream, 1)[0]).decode()
        password = read(stream, read(stream, 1)[0]).decode()
        good = (user, password) == self.login
        client.sendall(bytes((1, 0 if good else 1)))
        if not good:
            raise Refused("wrong login")


class ConnectProxy(Proxy):
    """RFC 9110 §9.3.6. refuse: a status line's end, such as "403 Forbidden". digest: no password in clear (RFC 7616)."""
    scheme = "http"

    def __init__(self, digest=False, **options):
        self.digest = digest
        self.headers = []  # of each request
        super().__init__(**options)

    def converse(self, stream, client):
        while True:
            method, target, headers = self._request(stream)
            if self.refuse:
                self._answer(client, self.refuse)
                raise Refused(self.refuse)
            if not self.login or self._knows(headers.get("proxy-authorization", ""), method):
                break
            realm = 'Digest realm="test", nonce="5f2b", algorithm=MD5' if self.digest else 'Basic realm="test"'
            self._answer(client, "407 Proxy Authentication Required", f"Proxy-Authenticate: {realm}\r\n")
            self.refused.append("407")
        if method != "CONNECT":
            self._answer(client, "405 Method Not Allowed")
            raise Refused(method)
        host, _, port = target.rpartition(":")
        try:
            server = self.connect(host.strip("[]"), int(port))
        except OSError as error:
            self._answer(client, "502 Bad Gateway")
            raise Refused(f"502 for {target}: {error}") from None
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return server

    def _request(self, stream):
        text = b""
        while not text.endswith(b"\r\n\r\n"):
            text += read(stream, 1)  # not a byte of what follows
        first, *lines = text.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        self.headers.append(headers)
        method, target, _ = first.split(" ")
        return method, target, headers

    def _answer(self, client, status, more=""):
        client.sendall(f"HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\n\r\n".encode())

    def _knows(self, given, method):
        user, password = self.login
        if not self.digest:
            return given == "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        fields = dict(re.findall(r'(\w+)="?([^",]*)"?', given))

        def md5(text):
            return hashlib.md5(text.encode()).hexdigest()
        expected = md5(f'{md5(f"{user}:test:{password}")}:5f2b:{md5(f"""{method}:{fields.get("uri")}""")}')
        return fields.get("username") == user and fields.get("response") == expected
