# SPDX-License-Identifier: MIT
"""What /proc says of a player and those it has started."""
import os
import pathlib

_TICK = os.sysconf("SC_CLK_TCK")


def _group(leader):
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if int(fields[2]) == leader:
            yield entry, fields


def cpu_seconds(leader):
    """Of all processes in the group that `leader` leads."""
    return sum(int(fields[11]) + int(fields[12]) for _, fields in _group(leader)) / _TICK


def peak_megabytes(leader):
    """Of resident memory, by what each of them had at most."""
    total = 0
    for entry, _ in _group(leader):
        try:
            lines = (entry / "status").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return total / 1024


def machine_busy():
    """(s of CPU that the whole machine has spent, s it has had)."""
    values = [int(value) for value in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = values[3] + values[4]
    return (sum(values) - idle) / _TICK, sum(values) / _TICK
