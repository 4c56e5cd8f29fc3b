# SPDX-License-Identifier: MIT
"""Hands raw pictures or sound to a FIFO as a device would: each when its time has come, late ones not in a burst."""
import mmap
import os
import time


def feed(path, fifo, block, interval, seconds, handed):
    """Writes `seconds` of `path`, `block` bytes every `interval` s, and puts the moments each was handed over
    (just before its first byte is written) on the queue `handed`."""
    with open(path, "rb") as file:
        data = memoryview(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))  # unmapped when this process ends
    count = len(data) // block
    moments = []
    out = os.open(fifo, os.O_WRONLY)  # waits for the reader
    begin = time.monotonic()
    try:
        for number in range(round(seconds / interval)):
            due = begin + number * interval
            late = time.monotonic() - due
            if late < 0:
                time.sleep(-late)
            elif late > interval:
                begin += late  # a reader that was not ready yet
            at = number % count * block
            rest = data[at:at + block]
            moments.append(time.monotonic())
            while rest:
                rest = rest[os.write(out, rest):]
    except BrokenPipeError:
        pass
    finally:
        os.close(out)
    handed.put(moments)
