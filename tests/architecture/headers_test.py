# SPDX-License-Identifier: MIT
"""Each public header and each door compiles alone, warnings being errors; what is for C does in C too. LIVEPUSHER_ROOT names the tree, LIVEPUSHER_CXX the compiler."""
import itertools
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])
COMPILERS = [each for each in dict.fromkeys((os.environ.get("LIVEPUSHER_CXX", "g++"), "g++", "clang++")) if shutil.which(each)]
C_COMPILERS = [each for each in dict.fromkeys((os.environ.get("LIVEPUSHER_CC", "gcc"), "gcc", "clang")) if shutil.which(each)]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror", "-Wno-pragma-once-outside-header"]


CCACHE = [ccache] if (ccache := shutil.which("ccache")) else []  # a header that nobody has changed is not compiled again


class HeadersTest(unittest.TestCase):
    def compile_alone(self, compiler, header, *folders):
        """What the compiler says about a file that holds nothing but two includes of this header."""
        with tempfile.TemporaryDirectory() as directory:
            source = pathlib.Path(directory, "alone.cpp")
            source.write_text(f"#include {header}\n#include {header}\n", encoding="utf-8")
            command = [*CCACHE, compiler, "-std=c++20", "-c", source.name, "-o", "alone.o", *WARNINGS,
                       *[f"-I{ROOT / folder}" for folder in folders]]
            if compiler.endswith("g++") and "clang" not in compiler:
                command.remove("-Wno-pragma-once-outside-header")
            return subprocess.run(command, cwd=directory, capture_output=True, text=True)

    def each(self, headers, *folders):
        self.assertTrue(headers)
        for compiler in COMPILERS:
            for header in headers:
                with self.subTest(compiler=compiler, header=header):
                    done = self.compile_alone(compiler, header, *folders)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_each_public_header_compiles_alone_without_the_rest_of_the_tree(self):
        self.each([f"<livepusher/{path.name}>" for path in sorted((ROOT / "include/livepusher").glob("*.hpp"))], "include")

    def test_the_headers_for_c_compile_alone_in_c_and_in_cpp(self):
        headers = sorted((ROOT / "include/livepusher").glob("*.h"))
        standards = (("c", "c99"), ("c", "c11"), ("c++", "c++11"), ("c++", "c++20"))
        self.assertTrue(headers)
        for compiler, options in itertools.product(C_COMPILERS, standards):
            for header in headers:
                with self.subTest(compiler=compiler, standard=options[1], header=header.name):
                    command = [compiler, "-x", options[0], f"-std={options[1]}", "-fsyntax-only", *WARNINGS[:-1], f"-I{ROOT / 'include'}", "-"]
                    done = subprocess.run(command, input=f"#include <livepusher/{header.name}>\n" * 2 + "typedef int more;\n",
                                          capture_output=True, text=True)
                    self.assertEqual(done.returncode, 0, done.stderr)

    def test_both_interfaces_go_together_in_cpp(self):
        for pair in ("<livepusher/livepusher.h>\n#include <livepusher/livepusher.hpp>", "<livepusher/livepusher.hpp>\n#include <livepusher/livepusher.h>"):
            for compiler in COMPILERS:
                done = self.compile_alone(compiler, pair, "include")
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_each_door_compiles_alone(self):
        doors = ("capture/source.hpp", "effects/effect.hpp", "encode/encoder.hpp", "decode/decoder.hpp", "endpoint/publisher.hpp",
                 "endpoint/subscriber.hpp", "display/window.hpp")
        self.each([f'"{door}"' for door in doors], "include", ".", "common", "src")

    def test_the_umbrella_header_includes_every_other_one(self):
        done = subprocess.run([COMPILERS[0], "-std=c++20", "-H", "-fsyntax-only", "-x", "c++", f"-I{ROOT / 'include'}", "-"],
                              input="#include <livepusher/livepusher.hpp>\n", capture_output=True, text=True)
        missing = [path.name for path in (ROOT / "include/livepusher").glob("*.hpp")
                   if f"livepusher/{path.name}" not in done.stderr]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
