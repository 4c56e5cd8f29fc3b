# SPDX-License-Identifier: MIT
"""A link in user space, packet by packet: a token bucket over a byte-exact drop-tail queue, then delay with jitter that
never reorders, and random loss; all towards the server. The way back is free, but a rate of 0 cuts both.

It joins two TUN devices that sit in two network namespaces, so the packets queue in the network, as they do in a modem,
and not in the sender's own queueing discipline, where TCP's small-queue limit would see and shorten the queue.
"""
import collections
import fcntl
import os
import random
import select
import signal
import struct
import time

from traces import step_at

BURST = 6144  # bytes the bucket holds, as tbf's in the usual example
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 1, 0x1000
SAMPLE_EVERY = 0.05


def open_tun(name):
    """A TUN device; it lasts as long as the descriptor."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return tun


def be_on_time():
    """A wire or a receiver that other processes hold up would measure this machine's load. Only root can do better."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except OSError:
        pass


class Bucket:
    """Lets bytes through at a rate, at most BURST at once after a rest."""

    def __init__(self, now, kbps):
        self._tokens, self._filled, self._rate = float(BURST), now, kbps * 125.0

    def set_rate(self, now, kbps):
        self._fill(now)
        self._rate = kbps * 125.0

    def take(self, now, size):
        self._fill(now)
        if self._tokens < size:
            return False
        self._tokens -= size
        return True

    def wait(self, size):
        """Seconds after the last take() until so many can go."""
        return (size - self._tokens) / self._rate if self._rate else 3600.0

    def _fill(self, now):
        self._tokens = min(float(BURST), self._tokens + (now - self._filled) * self._rate)
        self._filled = now


class Wire:
    """The queue, the bucket and the delay line of one direction. Time is handed in."""

    def __init__(self, now, step, limit, seed):
        self._bucket, self._step, self._limit, self._random = Bucket(now, step.kbps), step, limit, random.Random(seed)
        self._queue, self._line, self._last_due = collections.deque(), collections.deque(), 0.0
        self.queued = self.dropped = self.lost = self.sent = 0

    def set_step(self, now, step):
        self._step = step
        self._bucket.set_rate(now, step.kbps)
        if self.cut:
            self.dropped += len(self._queue)
            self._queue.clear()
            self._line.clear()
            self.queued = 0

    @property
    def cut(self):
        return self._step.kbps == 0

    def take(self, packet):
        if self.cut or self.queued + len(packet) > self._limit:
            self.dropped += 1
            return
        self._queue.append(packet)
        self.queued += len(packet)

    def ready(self, now):
        """Packets that come out now."""
        while self._queue and self._bucket.take(now, len(self._queue[0])):
            packet = self._queue.popleft()
            self.queued -= len(packet)
            if self._random.random() * 100 < self._step.loss:
                self.lost += 1
                continue
            self.sent += len(packet)
            late = self._step.delay + self._step.jitter * self._random.uniform(-1, 1)
            self._last_due = max(self._last_due, now + late / 1000)
            self._line.append((self._last_due, packet))
        while self._line and self._line[0][0] <= now:
            yield self._line.popleft()[1]

    def wait(self, now):
        """Seconds until ready() may have something."""
        times = [self._bucket.wait(len(self._queue[0]))] if self._queue else []
        if self._line:
            times.append(self._line[0][0] - now)
        return max(0.0, min(times, default=3600.0))


def _packets(tun):
    for _ in range(64):
        try:
            yield os.read(tun, 65536)
        except BlockingIOError:
            return


def run(client, server, steps, limit, seed, begin, out):
    """Forwards between the two devices until SIGTERM; then puts its samples on `out`: (time, bytes queued,
    bytes sent, packets dropped, packets lost). Step times count from `begin.value`, once it is not 0."""
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    be_on_time()
    now = time.monotonic()
    wire, step, samples, due = Wire(now, steps[0], limit, seed), steps[0], [], now
    while going:
        now = time.monotonic()
        current = step_at(steps, now - begin.value if begin.value else 0)
        if current is not step:
            step = current
            wire.set_step(now, step)
        if now >= due:
            samples.append((now, wire.queued, wire.sent, wire.dropped, wire.lost))
            due = now + SAMPLE_EVERY
        for packet in wire.ready(now):
            _write(server, packet)
        readable = select.select([client, server], [], [], min(wire.wait(now), due - now, 0.01))[0]
        if client in readable:
            for packet in _packets(client):
                wire.take(packet)
        if server in readable:
            for packet in _packets(server):
                if not wire.cut:
                    _write(client, packet)
    out.put(samples)


def _write(tun, packet):
    try:
        os.write(tun, packet)
    except OSError:
        pass  # the device went down: as lost as on any wire
