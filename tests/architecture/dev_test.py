# SPDX-License-Identifier: MIT
"""What ./dev installs for whom, on a system that has nothing: with apt, npm and CMake that only note what they are asked for.
LIVEPUSHER_ROOT names the tree."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])
NOTING = '#!/bin/sh\necho "$(basename "$0") $*" >>"$NOTES"\n'
ONLY_TESTS = {"chromium", "qemu-system-x86", "libgtest-dev", "ffmpeg", "valgrind", "python3-skimage"}


class DevTest(unittest.TestCase):
    def setUp(self):
        # In a path with blanks, as a user may have it.
        self.tree = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="livepusher dev ")))
        for name in ("dev", "demo/package.json", "demo/package-lock.json", "cmake/fetch-face-models.sh", "cmake/npm-file.sh"):
            (self.tree / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, self.tree / name)
        self.notes, commands = self.tree / "notes", self.tree / "commands"
        commands.mkdir()
        for name in ("apt-get", "sudo", "cmake", "npm"):
            (commands / name).write_text(NOTING)
        (commands / "sudo").write_text('#!/bin/sh\nexec "$@"\n')
        (commands / "dpkg-query").write_text('#!/bin/sh\n[ "$ALL_THERE" ] || exit 1\nshift 3\nprintf "ii %s\\n" "$@"\n')
        for each in commands.iterdir():
            each.chmod(0o755)
        self.environment = {"PATH": f"{commands}:/usr/bin:/bin", "HOME": str(self.tree), "NOTES": str(self.notes)}

    def run_dev(self, *arguments, **environment):
        done = subprocess.run(["bash", self.tree / "dev", *arguments], capture_output=True, text=True, timeout=60,
                              env=self.environment | environment)
        return done, self.notes.read_text().splitlines() if self.notes.exists() else []

    def installed(self, notes):
        return {word for line in notes if line.startswith("apt-get install") for word in line.split()[2:]}

    def test_a_build_installs_nothing_that_only_tests_need(self):
        done, notes = self.run_dev("build")
        self.assertLessEqual({"g++", "libavformat-dev"}, self.installed(notes), done.stderr)
        self.assertFalse(self.installed(notes) & ONLY_TESTS)
        self.assertFalse(self.installed(notes) & {"nginx"})
        self.assertIn("LIVEPUSHER_BUILD_TESTS=OFF", "\n".join(notes))

    def test_a_demo_installs_a_server_besides(self):
        _, notes = self.run_dev("demo")
        self.assertIn("libnginx-mod-rtmp", self.installed(notes))
        self.assertFalse(self.installed(notes) & ONLY_TESTS)

    def test_tests_install_all_and_are_built(self):
        _, notes = self.run_dev("test", ALL_THERE="1")
        self.assertEqual(self.installed(notes), set())
        _, notes = self.run_dev("test")
        self.assertLessEqual(ONLY_TESTS, self.installed(notes))

    def test_npm_packages_that_are_only_half_there_are_fetched_anew(self):
        node = self.tree / "build/node"
        (node / "node_modules/hls.js").mkdir(parents=True)
        shutil.copy(self.tree / "demo/package-lock.json", node / "installed.json")
        _, notes = self.run_dev("demo", ALL_THERE="1")
        self.assertTrue(any(line.startswith("npm ci") for line in notes), notes)
        self.assertFalse((node / "node_modules").exists(), "the half of it is gone")

    def test_a_verb_that_is_none_is_told_with_those_that_are(self):
        done, notes = self.run_dev("bild")
        self.assertEqual(done.returncode, 1)
        self.assertIn('no verb \'bild\'', done.stderr)
        self.assertIn("./dev VERB", done.stderr)
        self.assertEqual(notes, [])


if __name__ == "__main__":
    unittest.main()
