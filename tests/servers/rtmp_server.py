# SPDX-License-Identifier: MIT
"""nginx with its RTMP module on free loopback ports, in a directory that the caller names."""
import os
import pathlib
import shutil
import signal
import subprocess

from processes import accepts, end, free_ports, spawn, wait_for

MODULES = pathlib.Path("/usr/lib/nginx/modules")
_TEMPLATE = pathlib.Path(__file__).with_name("nginx.conf.in")


def missing(tls=False):
    """What has to be installed before a server can start; empty when nothing."""
    wanted = {"nginx": shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin:" + os.environ.get("PATH", "")),
              "libnginx-mod-rtmp": (MODULES / "ngx_rtmp_module.so").exists()}
    if tls:
        wanted["libnginx-mod-stream"] = (MODULES / "ngx_stream_module.so").exists()
    return [package for package, there in wanted.items() if not there]


class RtmpServer:
    """Applications: live, rec (records into recordings()), hls (under www/hls), guarded (refuses every publish).

    certificate=(pem, key) adds `tls_port`. start() and stop()/kill() may alternate; the ports stay.
    """

    def __init__(self, directory, host="127.0.0.1", certificate=None):
        self.directory = pathlib.Path(directory)
        self.host = host
        self.literal = f"[{host}]" if ":" in host else host
        self.certificate = certificate
        self.process = None
        self.rtmp_port = self.http_port = self.tls_port = None
        for folder in ("rec", "www/hls", "tmp"):
            (self.directory / folder).mkdir(parents=True, exist_ok=True)

    def start(self):
        # Ports are free when they are looked up, not for ever: another try when nginx lost the race.
        attempts = 1 if self.rtmp_port else 5
        for attempt in range(attempts):
            if attempts > 1:
                self.rtmp_port, = free_ports(1, self.host)
                self.http_port, = free_ports(1)
                self.tls_port, = free_ports(1, self.host)
                self._configure()
            self.process = spawn(["nginx", "-p", self.directory, "-e", self.directory / "error.log", "-c",
                                  self.directory / "nginx.conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env={**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"})
            try:
                wait_for(lambda: self.process.poll() is not None or accepts(self.host, self.rtmp_port), 10, "nginx")
            except TimeoutError:
                pass
            if self.process.poll() is None and accepts(self.host, self.rtmp_port):
                return self
            self.stop()
        raise RuntimeError("nginx did not start:\n" + self.error_log()[-2000:])

    def _configure(self):
        load, stream = "", ""
        if self.certificate:
            load = f"load_module {MODULES}/ngx_stream_module.so;"
            stream = (f"stream {{ server {{ listen {self.literal}:{self.tls_port} ssl; "
                      f"ssl_certificate {self.certificate[0]}; ssl_certificate_key {self.certificate[1]}; "
                      f"proxy_pass {self.literal}:{self.rtmp_port}; }} }}")
        values = {"modules": MODULES, "load_stream": load, "stream": stream, "dir": self.directory,
                  "host": self.literal, "rtmp_port": self.rtmp_port, "http_port": self.http_port,
                  # As root the worker would become another user, who may not enter our directory.
                  "user": "user root;" if os.getuid() == 0 else ""}
        text = _TEMPLATE.read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        (self.directory / "nginx.conf").write_text(text)

    def stop(self):
        if self.process:
            end(self.process)
            self.process = None

    def kill(self):
        """As a crash: no goodbye on any connection."""
        if self.process:
            end(self.process, first=signal.SIGKILL)
            self.process = None

    def url(self, application, name, scheme="rtmp"):
        port = self.tls_port if scheme == "rtmps" else self.rtmp_port
        return f"{scheme}://{self.literal}:{port}/{application}/{name}"

    def page(self, path=""):
        return f"http://127.0.0.1:{self.http_port}/{path}"

    def recordings(self, name):
        """The .flv files of one stream, oldest first."""
        return sorted((self.directory / "rec").glob(f"{name}-*.flv"), key=lambda path: path.stat().st_mtime)

    def rtmp_connections(self):
        """How many RTMP sessions nginx has seen, open or over (their ends are what its access log holds)."""
        return self.error_log().count("client connected")

    def error_log(self):
        try:
            return (self.directory / "error.log").read_text(errors="replace")
        except FileNotFoundError:
            return ""
