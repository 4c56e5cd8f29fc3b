# SPDX-License-Identifier: MIT
"""No thread, no descriptor, no memory: what can't go on says so, and nothing ever crashes."""
import concurrent.futures
import resource
import subprocess

import harness
import media

CODES = {0, 1, 3, 4, 5}  # of the program: pushed, or an error that was told
TOGETHER = 4


class Test(harness.Case):
    def push_short_of(self, name, arguments, env=None, limit=None):
        """One push, to its end: its exit code and what it said."""
        def prepare():
            if limit:
                resource.setrlimit(limit[0], (limit[1], limit[1]))
        command = [harness.tool("LIVEPUSHER_BIN"), "push", self.directory / f"{name}.flv", "--mode", "QVGA", "--duration", "0.3",
                   "--quiet", *arguments]
        try:
            done = subprocess.run([str(part) for part in command], env={**harness.os.environ, **(env or {})}, preexec_fn=prepare,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
            return done.returncode, done.stderr
        except subprocess.TimeoutExpired as late:
            return "still runs", str(late.stderr)

    def each(self, cases):
        """Each of (name, arguments, env, limit) ends in one of CODES, with words where it is not 0."""
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            for (name, *_), (code, words) in zip(cases, pool.map(lambda case: self.push_short_of(*case), cases)):
                self.assertIn(code, CODES, f"{name}: {words}")
                if name.endswith("-first"):
                    self.assertNotEqual(code, 0, f"{name}: nothing can have come of it, and nothing was told: {words}")
                if code:
                    self.assertIn("livepusher: ", words, name)

    def test_threads(self):
        clip = media.source_file(640, 360, 25, 5)[0]
        library = harness.preload("LIVEPUSHER_NO_THREADS")
        sources = (["--source", "test"], ["--source", f"file:{clip}", "--bgm", clip])
        self.each([(f"{which}-{number}-{place}", source, {"LD_PRELOAD": library, which: str(number)}, None)
                   for place, source in enumerate(sources) for number in range(1, 21) for which in ("NO_THREAD", "NO_THREAD_FROM")])

    def test_descriptors(self):
        self.each([(f"descriptors-{most}", ["--source", "test", "--record", self.directory / f"{most}.flv"], None,
                    (resource.RLIMIT_NOFILE, most)) for most in range(4, 28)])

    def test_memory(self):
        clip = media.source_file(640, 360, 25, 5)[0]
        library = harness.preload("LIVEPUSHER_NO_MEMORY")
        threads = {"test": ("uplink", "file writer", "capture", "video", "audio"),
                   f"file:{clip}": ("demux", "picture", "sound")}
        self.each([(f"{thread}-{'first' if number == 1 else number}", ["--source", source],
                    {"LD_PRELOAD": library, "NO_MEMORY": f"{thread}:{number}"}, None)
                   for source, names in threads.items() for thread in names for number in (1, 2, 5, 20, 60, 200)])


if __name__ == "__main__":
    harness.main()
