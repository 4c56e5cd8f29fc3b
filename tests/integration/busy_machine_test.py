# SPDX-License-Identifier: MIT
"""A machine that has far more to do than it can, server included: what is late then is not the line's fault, and a slow line still is."""
import contextlib
import os
import pathlib
import time

import harness
import fault_proxy

BEGAN, SIZE, BITRATE, SLOW = 1002, 1005, 1006, 1101
LOOPS = 12
GIVES_WAY = 5  # nice: to the loops, so that fewer of them are too much than could harm other tests
SECONDS = 8


def noise(path, width=320, height=240, fps=15, length=2):
    """Pictures that no encoder gets small and nobody has to decode."""
    with open(path, "wb") as out:
        out.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420\n" % (width, height, fps))
        for _ in range(fps * length):
            out.write(b"FRAME\n" + os.urandom(width * height * 3 // 2))
    return path


def give_way(pid):
    """That process of spawn() and all that belongs to it. Where sessions share the processors evenly, its session too."""
    os.setpriority(os.PRIO_PGRP, pid, GIVES_WAY)  # processes, but of their threads only the first
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(ProcessLookupError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, int(task.name), GIVES_WAY)
    with contextlib.suppress(OSError):  # this kernel has no groups of sessions
        pathlib.Path(f"/proc/{pid}/autogroup").write_text(str(GIVES_WAY), encoding="ascii")


class Test(harness.Case):
    def pushing(self, url):
        push = self.push(url, "--video-source", f"file:{noise(self.directory / 'noise.y4m')}", "--loop", "--audio-source", "test",
                         "--mode", "SD", "--orientation", "horizontal", "--video-preset", "ultrafast", "--min-bitrate", "200",
                         "--max-bitrate", "2500", "--log-level", "debug")
        return push.wait_code(BEGAN, within=60)

    def loops(self):
        for _ in range(LOOPS):
            self.spawn(["sh", "-c", "while :; do :; done"])

    def test_what_is_late_is_not_the_lines_fault(self):
        server = self.server()
        push = self.pushing(server.url("live", "busy"))
        give_way(push.process.pid)
        give_way(server.process.pid)
        self.loops()
        time.sleep(SECONDS)
        push.interrupt().wait(60)
        self.assertEqual(push.process.returncode, 0, str(push))
        print(push.stderr.splitlines()[-1], *(event["message"] for event in push.events("statechange") if event["code"] in
                                               (SLOW, BITRATE, SIZE)), sep="\n")
        for code in (SLOW, BITRATE, SIZE):
            self.assertNotIn(code, push.codes(), str(push))

    def test_a_slow_line_is_told_all_the_same(self):
        slow = fault_proxy.FaultProxy(self.server().rtmp_port, [fault_proxy.Fault("rate", number=20_000, at="media")])
        self.addCleanup(slow.close)
        self.loops()
        push = self.pushing(slow.url("live", "busy"))
        push.wait_code(SLOW, within=60)
        push.wait_code(BITRATE, within=60)
        push.interrupt().wait(60)


if __name__ == "__main__":
    harness.main()
