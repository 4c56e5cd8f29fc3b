# SPDX-License-Identifier: MIT
"""./dev demo: its page plays in a browser, and nothing is left when it has ended."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import harness

NODE = pathlib.Path(os.environ.get("LIVEPUSHER_NODE", ""))


def family(root):
    """The process ids of `root` and of all that descend from it."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            # "pid (name) state parent ...": the name may hold spaces and brackets.
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass  # ended meanwhile
    found = {root}
    while grown := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= grown
    return found


class Test(harness.Case):
    def demo(self, *arguments):
        hls = NODE / "node_modules/hls.js/dist/hls.min.js"
        if not hls.exists():
            self.skipTest(f"{hls} is missing (./dev setup fetches it)")
        self.out = self.directory / "demo.out"
        with open(self.out, "wb") as out:
            return self.spawn([sys.executable, "-B", harness.HERE.parent.parent / "demo/demo.py", "--program",
                               harness.tool("LIVEPUSHER_BIN"), "--hls-js", hls, "--test", *arguments], stdout=out, stderr=out)

    def address(self, demo):
        def told():
            if demo.poll() is not None:
                raise AssertionError(f"the demo ended with {demo.returncode}\n{self.out.read_text()}")
            return re.search(r"watch it at (\S+)", self.out.read_text())
        return harness.processes.wait_for(told, 30, "the demo's address")[1]

    def check_nothing_left(self, pids):
        left = [pid for pid in pids if pathlib.Path(f"/proc/{pid}").exists()]
        self.assertEqual(left, [], "the demo has ended, these of its processes have not")

    def test_page_plays_in_a_browser(self):
        harness.need_commands(chromium="chromium", node="nodejs")
        if not (NODE / "node_modules/playwright-core").exists():
            self.skipTest("playwright-core is missing (./dev setup fetches it)")
        demo = self.demo("--seconds", "90")
        watched = subprocess.run(["node", harness.HERE / "browser/watch.js", self.address(demo)], capture_output=True, text=True,
                                 timeout=120, env={**os.environ, "NODE_PATH": str(NODE / "node_modules"), "HOME": str(self.directory)})
        self.assertEqual(watched.returncode, 0, f"{watched.stdout}{watched.stderr}\n{self.out.read_text()}")
        print(watched.stdout)
        seen = json.loads(watched.stdout)
        self.assertGreater(seen["changedPixels"], 0.01, "the picture stands still")
        self.assertGreater(seen["secondsPlayed"], 2)
        self.assertGreater(seen["audioBytes"], 10_000, "no sound was decoded")
        self.assertGreater(seen["soundLevel"], 0.01, "the sound is silence")
        self.assertGreater(seen["width"], seen["height"])
        pids = family(demo.pid)
        demo.send_signal(signal.SIGINT)
        self.assertEqual(demo.wait(20), 0, self.out.read_text())
        self.check_nothing_left(pids)

    def test_our_player_tells_its_delay(self):
        demo = self.demo("--play")
        self.address(demo)
        told = harness.processes.wait_for(lambda: re.search(r"captured (\d+) ms before", self.out.read_text()), 30, "the delay")
        self.assertLess(int(told[1]), 5000)
        print(told[0])
        pids = family(demo.pid)
        self.assertGreaterEqual(len(pids), 4, "the demo, livepusher twice and nginx")
        demo.send_signal(signal.SIGINT)
        self.assertEqual(demo.wait(20), 0, self.out.read_text())
        self.check_nothing_left(pids)

    def test_stops_on_interrupt(self):
        demo = self.demo()
        self.address(demo)
        pids = family(demo.pid)
        self.assertGreaterEqual(len(pids), 3, "the demo, livepusher and nginx")
        demo.send_signal(signal.SIGINT)
        self.assertEqual(demo.wait(20), 0, self.out.read_text())
        self.check_nothing_left(pids)


if __name__ == "__main__":
    harness.main()
