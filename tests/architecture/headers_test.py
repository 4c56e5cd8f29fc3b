# SPDX-License-Identifier: MIT
"""Each public header and each door compiles alone, warnings being errors. LIVEPUSHER_ROOT names the tree, LIVEPUSHER_CXX the compiler."""
import os
import pathlib
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])
COMPILERS = [each for each in dict.fromkeys((os.environ.get("LIVEPUSHER_CXX", "g++"), "g++", "clang++")) if shutil.which(each)]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror", "-Wno-pragma-once-outside-header"]


def compile_alone(compiler, header, *folders):
    """What the compiler says about a file that holds nothing but two includes of this header."""
    command = [compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", *WARNINGS, *[f"-I{ROOT / folder}" for folder in folders], "-"]
    if compiler.endswith("g++") and "clang" not in compiler:
        command.remove("-Wno-pragma-once-outside-header")
    return subprocess.run(command, input=f"#include {header}\n#include {header}\n", capture_output=True, text=True)


class HeadersTest(unittest.TestCase):
    def each(self, headers, *folders):
        self.assertTrue(headers)
        for compiler in COMPILERS:
            for header in headers:
                with self.subTest(compiler=compiler, header=header):
                    done = compile_alone(compiler, header, *folders)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_each_public_header_compiles_alone_without_the_rest_of_the_tree(self):
        self.each([f"<livepusher/{path.name}>" for path in sorted((ROOT / "include/livepusher").glob("*.hpp"))], "include")

    def test_each_door_compiles_alone(self):
        doors = ("capture/source.hpp", "effects/effect.hpp", "encode/encoder.hpp", "rtmp/publisher.hpp", "display/window.hpp")
        self.each([f'"{door}"' for door in doors], "include", ".", "src")

    def test_the_umbrella_header_includes_every_other_one(self):
        done = subprocess.run([COMPILERS[0], "-std=c++20", "-H", "-fsyntax-only", "-x", "c++", f"-I{ROOT / 'include'}", "-"],
                              input="#include <livepusher/livepusher.hpp>\n", capture_output=True, text=True)
        for path in (ROOT / "include/livepusher").glob("*.hpp"):
            self.assertIn(f"livepusher/{path.name}", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
