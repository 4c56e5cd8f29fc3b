# SPDX-License-Identifier: MIT
"""What /proc says of a player and those it has started."""
import os
import pathlib

_TICK = os.sysconf("SC_CLK_TCK")


def _all():
    """(folder, the fields of its stat from the state on) of each process that there is."""
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            yield entry, (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue


def _group(leader):
    return ((entry, fields) for entry, fields in _all() if int(fields[2]) == leader)


def _spent(fields):
    return (int(fields[11]) + int(fields[12])) / _TICK


def cpu_seconds(leader):
    """Of all processes in the group that `leader` leads."""
    return sum(_spent(fields) for _, fields in _group(leader))


def own_seconds(root):
    """CPU of a process and of all that live and that it, or who it has started, has started."""
    parents = {int(entry.name): (int(fields[1]), _spent(fields)) for entry, fields in _all()}

    def ours(pid):
        while pid in parents and pid != root:
            pid = parents[pid][0]
        return pid == root
    return sum(spent for pid, (_, spent) in parents.items() if ours(pid))


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


def machine_seconds():
    """(CPU that the whole machine has spent, CPU it has had), s."""
    values = [int(value) for value in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = values[3] + values[4]
    return (sum(values) - idle) / _TICK, sum(values) / _TICK
