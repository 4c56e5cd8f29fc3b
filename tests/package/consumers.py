# SPDX-License-Identifier: MIT
"""What the tests of the package share: building the small programs in cpp/ and c/ against a tree, and running them.

From ctest come LIVEPUSHER_BUILD (the build tree) and LIVEPUSHER_BUILD_TYPE, LIVEPUSHER_ROOT (the source tree), LIVEPUSHER_CMAKE,
LIVEPUSHER_CXX and LIVEPUSHER_CC (the compilers), and LIVEPUSHER_LIBDIR (where libraries are below a prefix).
"""
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))
import harness  # noqa: E402

BUILD = pathlib.Path(os.environ["LIVEPUSHER_BUILD"])
ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])
LIBDIR = os.environ["LIVEPUSHER_LIBDIR"]
CMAKE = os.environ["LIVEPUSHER_CMAKE"]
COMPILERS = {"cpp": [os.environ["LIVEPUSHER_CXX"], "-std=c++20"], "c": [os.environ["LIVEPUSHER_CC"], "-std=c11"]}
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


class Case(harness.Case):
    def environment(self, prefix):
        """Everything below `prefix` is found there and only there; the source tree by nothing."""
        return {**os.environ, "PKG_CONFIG_PATH": str(prefix / LIBDIR / "pkgconfig"), "CMAKE_PREFIX_PATH": str(prefix),
                "LD_LIBRARY_PATH": str(prefix / LIBDIR), "LANG": "C"}

    def by_cmake(self, language, prefix, link, components=""):
        build = self.directory / f"{language}-{link.rpartition(':')[2]}"
        harness.run([CMAKE, "-S", HERE / language, "-B", build, "-G", "Ninja", f"-DLINK={link}", f"-DCOMPONENTS={components}"],
                    env=self.environment(prefix))
        harness.run([CMAKE, "--build", build])
        return build / "consumer"

    def by_pkg_config(self, language, prefix, module, flags=()):
        return self.build(HERE / language / f"main.{language}", language, prefix, module, flags)

    def build(self, source, language, prefix, module, flags=()):
        program = self.directory / f"{language}-{module}"
        told = harness.run(["pkg-config", "--cflags", "--libs", module], env=self.environment(prefix)).split()
        harness.run([*COMPILERS[language], *WARNINGS, *flags, source, "-o", program, *told])
        return program

    def works(self, program, prefix):
        """It pushes a stream into a file."""
        flv = self.directory / "out.flv"
        flv.unlink(missing_ok=True)
        said = harness.run([program, flv], env=self.environment(prefix), timeout=30)
        self.assertIn("1002", said)
        self.assertEqual(flv.read_bytes()[:3], b"FLV")
        self.assertGreater(flv.stat().st_size, 5_000)

    def check_probe(self, prefix):
        """What the library runs to try hardware encoders is where it looks: two steps up from itself, then down."""
        probe = (prefix / LIBDIR).parent.parent / "libexec/livepusher/livepusher-probe"
        self.assertEqual(harness.run([probe, "libx265"], timeout=30), "works\n")
        self.assertNotRegex(harness.run(["readelf", "-d", probe]), "R(UN)?PATH")
