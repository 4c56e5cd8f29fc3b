# SPDX-License-Identifier: MIT
"""The three links the rig can put between program and receiver. Each is a context manager with

    client, server     words before a command that make it run at that end
    address            where the receiver listens; connect = (host, port) is where the program connects
    start(begin)       the trace's time 0 is `begin` (time.monotonic())
    samples()          after stop: what the link noted of itself, see wire.run()

and takes away everything it made.
"""
import contextlib
import multiprocessing
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import threading
import time

import proxy
import wire

processes = multiprocessing.get_context("fork")
_CONGESTION = "/proc/sys/net/ipv4/tcp_congestion_control"
_AVAILABLE = "/proc/sys/net/ipv4/tcp_available_congestion_control"
PORT = 1935


class NoLink(Exception):
    """This link can't be had here."""


def ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise NoLink(f"ip {' '.join(words)}: {done.stderr.strip()}")


def why_no_namespaces():
    """None when network namespaces can be made here."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not shutil.which("ip"):
        return "ip is not there (apt-get install iproute2)"
    name = f"lp-try-{secrets.token_hex(3)}"
    try:
        ip("netns", "add", name)
        try:
            ip("netns", "exec", name, "true")  # made, but not entered, in a folder that chroot has made the root
        finally:
            ip("netns", "del", name)
    except NoLink as why:
        return f"no network namespaces here: {why}"
    return None


def why_no_tun():
    reason = why_no_namespaces()
    if reason:
        return reason
    return None if os.access("/dev/net/tun", os.R_OK | os.W_OK) else "/dev/net/tun is not there"


class _Background:
    """A forked process that ends on SIGTERM and leaves a result."""

    def __init__(self, target, *arguments):
        self.begin, self._out = processes.Value("d", 0.0), processes.Queue()
        self._process = processes.Process(target=target, args=(*arguments, self.begin, self._out), daemon=True)
        self._process.start()
        self._result = None

    def stop(self):
        if self._process.is_alive():
            os.kill(self._process.pid, signal.SIGTERM)
            try:
                self._result = self._out.get(timeout=5)
            except Exception:  # it died: there is no result, and the rest must be taken away all the same
                self._result = None
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
        return self._result or []


class _Namespaces(contextlib.ExitStack):
    """Network namespaces with names of their own."""

    def __init__(self, congestion):
        super().__init__()
        self._congestion, self._tag, self._samples = congestion, f"lp-{secrets.token_hex(3)}", []

    def _namespace(self, end):
        name = f"{self._tag}-{end}"
        ip("netns", "add", name)
        self.callback(subprocess.run, ["ip", "netns", "del", name], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ip("-n", name, "link", "set", "lo", "up")
        return name

    def _route(self, name, net, *way):
        """The congestion control goes with the route: the namespace's own setting takes only what
        net.ipv4.tcp_allowed_congestion_control names for the whole system."""
        known = pathlib.Path(_AVAILABLE).read_text(encoding="ascii").split()
        if self._congestion and self._congestion not in known:
            raise NoLink(f"congestion control '{self._congestion}': this kernel has {', '.join(known)}")
        ip("-n", name, "route", "replace", net, *way, *(["congctl", self._congestion] if self._congestion else []))

    @staticmethod
    def _inside(name, *command):
        done = subprocess.run(["ip", "netns", "exec", name, *command], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise NoLink(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout

    def _ends(self, client, server, address):
        self.client, self.server = ["ip", "netns", "exec", client], ["ip", "netns", "exec", server]
        self.address = self.connect = (address, PORT)
        self.congestion = self._congestion or self._inside(client, "cat", _CONGESTION).strip()

    def samples(self):
        return self._samples


class TunLink(_Namespaces):
    """Two namespaces, a TUN device in each, wire.py between them."""

    def __init__(self, trace, limit, congestion, seed):
        super().__init__(congestion)
        self._trace, self._limit, self._seed = trace, limit, seed

    def __enter__(self):
        reason = why_no_tun()
        if reason:
            raise NoLink(reason)
        tuns = []
        try:
            for end, host in (("client", "10.79.0.1"), ("server", "10.79.0.2")):
                name, device = self._namespace(end), f"{self._tag[3:]}{end[0]}"
                tuns.append(wire.open_tun(device))
                self.callback(os.close, tuns[-1])
                ip("link", "set", device, "netns", name)
                ip("-n", name, "link", "set", device, "addrgenmode", "none")
                ip("-n", name, "addr", "add", f"{host}/24", "dev", device)
                ip("-n", name, "link", "set", device, "mtu", "1500", "up")
                self._route(name, "10.79.0.0/24", "dev", device, "src", host)
            self._ends(f"{self._tag}-client", f"{self._tag}-server", "10.79.0.2")
            self._wire = _Background(wire.run, *tuns, self._trace.steps, self._limit, self._seed)
            self.callback(self.stop)
        except BaseException:
            self.close()
            raise
        return self

    def start(self, begin):
        self._wire.begin.value = begin

    def stop(self):
        self._samples = self._samples or self._wire.stop()


class TbfLink(_Namespaces):
    """Three namespaces, veth between them, the kernel's tbf on the way from the middle one to the server: there it is
    the network's queue and not the sender's. Rate and buffer only."""

    def __init__(self, trace, limit, congestion, _seed):
        super().__init__(congestion)
        self._trace, self._limit = trace, limit

    def __enter__(self):
        reason = why_no_namespaces() or (None if shutil.which("tc") else "tc is not there (apt-get install iproute2)")
        if reason:
            raise NoLink(reason)
        if any(step.delay or step.loss for step in self._trace.steps):
            raise NoLink("tbf has no delay and no loss: use --link tun")
        try:
            client, self._router, server = (self._namespace(end) for end in ("client", "router", "server"))
            for end, device, net in ((client, "left", "10.79.1"), (server, "right", "10.79.2")):
                ip("link", "add", "eth0", "netns", end, "type", "veth", "peer", "name", device, "netns", self._router)
                # One packet, one segment: a super-packet would be one lump in the bottleneck.
                ip("-n", end, "link", "set", "eth0", "gso_max_segs", "1")
                for name, port, host in ((end, "eth0", f"{net}.1"), (self._router, device, f"{net}.254")):
                    ip("-n", name, "addr", "add", f"{host}/24", "dev", port)
                    ip("-n", name, "link", "set", port, "up")
                self._route(end, "default", "via", f"{net}.254")
            self._inside(self._router, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
            self._tbf("add", self._trace.steps[0].kbps)
            self._ends(client, server, "10.79.2.1")
            self._done = threading.Event()
            self.callback(self.stop)
        except BaseException:
            self.close()
            raise
        return self

    def _tbf(self, verb, kbps):
        self._inside(self._router, "tc", "qdisc", verb, "dev", "right", "root", "tbf", "rate", f"{kbps:g}kbit", "burst", str(wire.BURST),
                     "limit", str(self._limit))

    def _follow(self, begin):
        was = self._trace.steps[0].kbps
        for step in self._trace.steps[1:]:
            if self._done.wait(max(0.0, begin + step.at - time.monotonic())):
                return
            if (step.kbps == 0) != (was == 0):
                ip("-n", self._router, "link", "set", "left", "down" if step.kbps == 0 else "up")
            if step.kbps:
                self._tbf("change", step.kbps)
            was = step.kbps

    def start(self, begin):
        self._thread = threading.Thread(target=self._follow, args=(begin,), daemon=True)
        self._thread.start()

    def stop(self):
        self._done.set()


class ProxyLink(contextlib.ExitStack):
    """No root: a TCP proxy on loopback with a token bucket, proxy.py. Rate, buffer and delay only."""
    client, server, address = [], [], ("127.0.0.1", 0)

    def __init__(self, trace, limit, congestion, _seed):
        super().__init__()
        self._trace, self._limit, self._samples = trace, limit, []
        with open(_CONGESTION, encoding="ascii") as file:
            self.congestion = file.read().strip()
        if congestion and congestion != self.congestion:
            raise NoLink(f"without namespaces the system's congestion control holds: {self.congestion}")
        if any(step.jitter or step.loss for step in trace.steps):
            raise NoLink("the proxy has no jitter and no loss: use --link tun as root")

    def __enter__(self):
        return self

    def to(self, port):
        """The receiver listens: the proxy can be made."""
        listener = proxy.listen()
        self.connect = listener.getsockname()
        self._proxy = _Background(proxy.run, listener, ("127.0.0.1", port), self._trace.steps, self._limit)
        listener.close()
        self.callback(self.stop)

    def start(self, begin):
        self._proxy.begin.value = begin

    def stop(self):
        self._samples = self._samples or self._proxy.stop()

    def samples(self):
        return self._samples


LINKS = {"tun": TunLink, "tbf": TbfLink, "proxy": ProxyLink}
