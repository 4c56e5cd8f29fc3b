# SPDX-License-Identifier: MIT
"""A TCP proxy whose way to the server has a rate, a buffer and a delay: for the rig where there is no root.

Rougher than the wire: what lies in the proxy is acknowledged already, so the sender knows nothing of that part of the delay;
nothing is ever lost; and a part of the buffer is the proxy's receive window, which the kernel sizes in its own way.
"""
import collections
import select
import signal
import socket
import time

from traces import step_at
from wire import SAMPLE_EVERY, Bucket

_WINDOW = 4608  # SO_RCVBUF: the part of the buffer that lies in the kernel
_PACKET = 536


def listen():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, _PACKET)  # loopback's own would be 64 KB, and the window less than one
    listener.bind(("127.0.0.1", 0))
    listener.listen(8)
    return listener


class _Pair:
    def __init__(self, client, server):
        self.client, self.server = client, server
        self.queue, self.line, self.queued = collections.deque(), collections.deque(), 0

    def close(self):
        self.client.close()
        self.server.close()


class _Proxy:
    def __init__(self, listener, to, step, limit):
        self._listener, self._to, self._limit = listener, to, max(limit - _WINDOW, _PACKET)
        self._pairs, self._step, self._bucket = [], step, Bucket(time.monotonic(), step.kbps)
        self.sent = 0

    @property
    def queued(self):
        return sum(pair.queued for pair in self._pairs)

    def set_step(self, now, step):
        self._step = step
        self._bucket.set_rate(now, step.kbps)

    def turn(self, now, atMost):
        wait = atMost
        for pair in list(self._pairs):
            wait = min(wait, self._forward(pair, now))
        cut = self._step.kbps == 0
        readers = {self._listener: None}
        for pair in self._pairs:
            if not cut and pair.queued < self._limit:
                readers[pair.client] = pair
            if not cut:
                readers[pair.server] = pair
        for ready in select.select(list(readers), [], [], wait)[0]:
            if ready is self._listener:
                self._accept()
            elif readers[ready] in self._pairs:
                self._read(readers[ready], ready)

    def _accept(self):
        client, _ = self._listener.accept()
        server = socket.create_connection(self._to)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._pairs.append(_Pair(client, server))

    def _read(self, pair, ready):
        try:
            data = ready.recv(_PACKET)
            if data and ready is pair.server:
                pair.client.sendall(data)
        except OSError:
            data = b""
        if not data and ready is pair.client:
            pair.queue.append(b"")  # the end comes after what is queued
            pair.queued = self._limit
        elif not data:
            self._drop(pair)
        elif ready is pair.client:
            pair.queue.append(data)
            pair.queued += len(data)

    def _forward(self, pair, now):
        while pair.queue and self._bucket.take(now, len(pair.queue[0])):
            data = pair.queue.popleft()
            pair.queued -= len(data)
            pair.line.append((now + self._step.delay / 1000, data))
        try:
            while pair.line and pair.line[0][0] <= now:
                data = pair.line.popleft()[1]
                if not data:
                    self._drop(pair)
                    return 1.0
                pair.server.sendall(data)
                self.sent += len(data)
        except OSError:
            self._drop(pair)
            return 1.0
        times = [self._bucket.wait(len(pair.queue[0]))] if pair.queue else []
        if pair.line:
            times.append(pair.line[0][0] - now)
        return max(0.0, min(times, default=1.0))

    def _drop(self, pair):
        pair.close()
        self._pairs.remove(pair)


def run(listener, to, steps, limit, begin, out):
    """Until SIGTERM; the samples are wire.run()'s."""
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    now = time.monotonic()
    link, step, samples, due = _Proxy(listener, to, steps[0], limit), steps[0], [], now
    while going:
        now = time.monotonic()
        current = step_at(steps, now - begin.value if begin.value else 0)
        if current is not step:
            step = current
            link.set_step(now, step)
        if now >= due:
            samples.append((now, link.queued, link.sent, 0, 0))
            due = now + SAMPLE_EVERY
        link.turn(now, max(0.0, min(due - now, 0.01)))
    out.put(samples)
