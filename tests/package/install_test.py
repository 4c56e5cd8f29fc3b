# SPDX-License-Identifier: MIT
"""`cmake --install` into an empty place makes all that an application in C++ or C needs, by CMake or pkg-config."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import consumers
from consumers import BUILD, CMAKE, LIBDIR, ROOT, SANITIZERS, harness


class Install(consumers.Case):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory(prefix="livepusher-test-")
        cls.addClassCleanup(holder.cleanup)
        first = pathlib.Path(holder.name) / "first"
        harness.run([CMAKE, "--install", BUILD, "--prefix", first])
        cls.prefix = first.rename(first.with_name("moved"))  # it must not know where it was installed

    def test_cpp_by_cmake(self):
        self.works(self.by_cmake("cpp", self.prefix, "livepusher::livepusher"), self.prefix)

    def test_cpp_by_cmake_with_the_static_library(self):
        program = self.by_cmake("cpp", self.prefix, "livepusher::static", "static")
        self.assertNotIn("liblivepusher", harness.run(["ldd", program]))
        self.works(program, self.prefix)

    def test_cpp_by_pkg_config_under_sanitizers(self):
        self.works(self.by_pkg_config("cpp", self.prefix, "livepusher", SANITIZERS), self.prefix)

    def test_cpp_by_pkg_config_with_the_static_library(self):
        program = self.by_pkg_config("cpp", self.prefix, "livepusher-static")
        self.assertNotIn("liblivepusher", harness.run(["ldd", program]))
        self.works(program, self.prefix)

    def test_c_by_cmake(self):
        self.works(self.by_cmake("c", self.prefix, "livepusher::livepusher"), self.prefix)

    def test_c_by_cmake_with_the_static_library(self):
        self.works(self.by_cmake("c", self.prefix, "livepusher::static", "static"), self.prefix)

    def test_c_by_pkg_config_under_sanitizers(self):
        self.works(self.by_pkg_config("c", self.prefix, "livepusher", SANITIZERS), self.prefix)

    def test_c_by_pkg_config_with_the_static_library(self):
        self.works(self.by_pkg_config("c", self.prefix, "livepusher-static"), self.prefix)

    def test_what_the_page_for_beginners_shows_builds_and_runs(self):
        page = (ROOT / "docs/getting-started.md").read_text()
        for name, language in (("main.cpp", "cpp"), ("CMakeLists.txt", "cmake")):
            (self.directory / name).write_text(re.search(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)[1])
        environment = self.environment(self.prefix)
        harness.run([CMAKE, "-S", self.directory, "-B", self.directory / "build", "-G", "Ninja"], env=environment)
        harness.run([CMAKE, "--build", self.directory / "build"])
        harness.run([self.directory / "build/first"], env=environment, cwd=self.directory, timeout=30)

    def test_what_the_readme_shows_builds(self):
        program = self.directory / "main.cpp"
        program.write_text(re.search(r"^```cpp\n(.*?)^```", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)[1])
        self.build(program, "cpp", self.prefix, "livepusher", ["-Wno-missing-field-initializers"])

    def test_an_unknown_component_is_refused(self):
        with self.assertRaisesRegex(RuntimeError, "no component 'fast'"):
            self.by_cmake("cpp", self.prefix, "livepusher::livepusher", "fast")

    def test_the_program_runs_from_where_it_was_moved(self):
        self.assertRegex(harness.run([self.prefix / "bin/livepusher", "--version"]), r"^livepusher \d")
        self.check_probe(self.prefix)

    @unittest.skipIf(os.environ["LIVEPUSHER_BUILD_TYPE"] == "Debug", "a debug build's assertions name their files")
    def test_nothing_names_the_build(self):
        strip = shutil.which("strip")
        for path in self.prefix.rglob("*"):
            if not path.is_file() or path.is_symlink():
                continue
            if strip and (path.suffix == ".a" or path.read_bytes()[:4] == b"\x7fELF"):
                subprocess.run([strip, "--strip-debug", path], check=True)  # that may: it is what a debugger needs
            content = path.read_bytes()
            for place in (BUILD, ROOT):
                self.assertFalse(f"{place}/".encode() in content, f"{path} names {place}")

    def test_the_library_has_its_version_and_the_link_for_the_linker(self):
        where = self.prefix / LIBDIR
        self.assertEqual((where / "liblivepusher.so").readlink(), pathlib.Path("liblivepusher.so.0"))
        dynamic = harness.run(["readelf", "-d", (where / "liblivepusher.so").resolve()])
        self.assertIn("[liblivepusher.so.0]", dynamic)
        self.assertNotRegex(dynamic, "R(UN)?PATH")


if __name__ == "__main__":
    harness.main()
