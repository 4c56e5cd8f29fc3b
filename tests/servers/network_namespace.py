# SPDX-License-Identifier: MIT
"""A network of its own for programs under test: addresses that swallow everything, name servers that fail. Root only."""
import os
import pathlib
import shutil
import subprocess
import sys

import processes

CLIENT, SERVER, SERVER2 = "10.78.9.65", "10.78.9.2", "10.78.9.3"
# Nobody there, and no word of it: packets go out and nothing comes back. Resolvers sort what is nearer to CLIENT first.
DEAD, DEAD6 = "10.78.9.66", "fd78:9::66"
UNREACHABLE = "10.99.99.99"  # no way there
_HERE = pathlib.Path(__file__).resolve().parent
_NOBODY = "02:00:00:00:00:66"


def missing():
    """Why there can be no namespace here; empty when there can."""
    if os.getuid() != 0:
        return "root, for a network namespace"
    if not shutil.which("ip"):
        return "ip (apt-get install iproute2)"
    probe = f"lp-probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
    if made.returncode != 0:
        return "network namespaces: " + made.stderr.strip()
    veth = subprocess.run(["ip", "-n", probe, "link", "add", "probe0", "type", "veth", "peer", "name",
                           "probe1"], capture_output=True, text=True)
    entered = subprocess.run(["ip", "netns", "exec", probe, "true"], capture_output=True, text=True)
    subprocess.run(["ip", "netns", "del", probe], check=True)
    if entered.returncode != 0:  # where chroot has made a folder the root
        return "network namespaces that can be entered: " + entered.stderr.strip()
    return "" if veth.returncode == 0 else "veth interfaces: " + veth.stderr.strip()


class Network:
    """Two namespaces with a link between: CLIENT in one, SERVER and SERVER2 in the other.

    `names` is what dns_server.py takes; the client's programs resolve through it.
    """

    def __init__(self, names):
        self._name = f"lp-{os.getpid()}"
        self._client, self._server = self._name + "-c", self._name + "-s"
        self._config = pathlib.Path("/etc/netns") / self._client
        self._made_netns = False
        self._children = []
        try:
            self._make()
            self._resolve(names)
        except BaseException:
            self.close()
            raise

    def _make(self):
        for each in (self._client, self._server):
            _ip("netns", "add", each)
            _ip("-n", each, "link", "set", "lo", "up")
        _ip("link", "add", "eth0", "netns", self._client, "type", "veth", "peer", "name", "eth0", "netns", self._server)
        for each, address in ((self._client, CLIENT), (self._server, SERVER), (self._server, SERVER2)):
            _ip("-n", each, "address", "add", f"{address}/24", "dev", "eth0")
            _ip("-n", each, "address", "add", f"fd78:9::{address.rpartition('.')[2]}/64", "dev", "eth0", "nodad")
            _ip("-n", each, "link", "set", "eth0", "up")
        for dead in (DEAD, DEAD6):  # else the client would soon learn that nobody has that address
            _ip("-n", self._client, "neighbour", "add", dead, "lladdr", _NOBODY, "dev", "eth0", "nud", "permanent")

    def _resolve(self, names):
        self._made_netns = not self._config.parent.exists()
        self._config.mkdir(parents=True)
        (self._config / "resolv.conf").write_text(f"nameserver {SERVER}\n")
        self.serve([sys.executable, "-B", _HERE / "dns_server.py", SERVER, *[f"{name}={answer}" for name, answer in names.items()]])

    def client(self, command):
        """`command` as the client's namespace runs it."""
        return ["ip", "netns", "exec", self._client, *map(str, command)]

    def serve(self, command):
        """Runs a server, which says "listening…" when it is ready, at SERVER's end."""
        child = processes.spawn(["ip", "netns", "exec", self._server, *map(str, command)], stdout=subprocess.PIPE, text=True)
        self._children.append(child)
        said = child.stdout.readline()
        if not said.startswith("listening"):
            raise RuntimeError(f"{command}: {said or 'ended'}")
        return child

    def way(self, number):
        """Another link, and the address of the server's that is reached by it, and without it by the first one."""
        link, ours, gate, far = f"eth{number}", f"10.78.{10 + number}.65", f"10.78.{10 + number}.2", f"10.79.0.{number}"
        _ip("link", "add", link, "netns", self._client, "type", "veth", "peer", "name", link, "netns", self._server)
        for each, address in ((self._client, ours), (self._server, gate)):
            _ip("-n", each, "address", "add", f"{address}/24", "dev", link)
            _ip("-n", each, "link", "set", link, "up")
        _ip("-n", self._server, "address", "replace", f"{far}/32", "dev", "lo")
        # As those who look after interfaces have it: no way by a link without a carrier.
        subprocess.run(self.client(["sh", "-c", f"echo 1 > /proc/sys/net/ipv4/conf/{link}/ignore_routes_with_linkdown"]), check=True)
        _ip("-n", self._client, "route", "replace", far, "via", gate, "dev", link, "metric", "10")
        _ip("-n", self._client, "route", "replace", far, "via", SERVER, "dev", "eth0", "metric", "20")
        return far

    def lose_address(self, number):
        _ip("-n", self._client, "address", "delete", f"10.78.{10 + number}.65/24", "dev", f"eth{number}")

    def set_down(self, number):
        _ip("-n", self._client, "link", "set", f"eth{number}", "down")

    def remove(self, number):
        _ip("-n", self._client, "link", "delete", f"eth{number}")

    def unplug(self, number):
        _ip("-n", self._server, "link", "set", f"eth{number}", "down")

    def cut(self, address):
        """What is sent to this address is lost from now on."""
        _ip("-n", self._client, "neighbour", "replace", address, "lladdr", _NOBODY, "dev", "eth0", "nud", "permanent")

    def close(self):
        for child in self._children:
            processes.end(child)
            child.stdout.close()
        for each in (self._client, self._server):
            subprocess.run(["ip", "netns", "del", each], capture_output=True)
        if self._config.exists():
            shutil.rmtree(self._config)
        if self._made_netns:
            try:
                self._config.parent.rmdir()
            except OSError:
                pass  # somebody else's are in it by now

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _ip(*arguments):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
