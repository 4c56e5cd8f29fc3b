# SPDX-License-Identifier: MIT
"""`cpack` makes Debian packages that ask for what they need and serve as the installed tree does."""
import re
import shutil
import tempfile
import pathlib
import unittest

import consumers
from consumers import BUILD, CMAKE, LIBDIR, harness

ONLY_WHEN_THERE = {"libX11.so.6", "libasound.so.2"}  # looked for after another library has brought them
PACKAGE_OF = {"libc": "libc6", "libsrt-gnutls": "libsrt1.5-gnutls", "libm": "libc6", "libgcc_s": "libgcc-s1", "libSDL2-2.0": "libsdl2-2.0-0", "libXNNPACK": "libxnnpack0", "ld-linux-x86-64": "libc6"}

NAMES = {"liblivepusher0", "liblivepusher-dev", "livepusher"}
MODELS = pathlib.Path(BUILD, "share/livepusher/models/face_mesh.tflite")
if MODELS.exists():  # fetched, and faces are in this build
    NAMES.add("livepusher-face-models")


class Deb(consumers.Case):
    @classmethod
    def setUpClass(cls):
        gone = [each for each in ("dpkg-deb", "dpkg-shlibdeps", "file") if not shutil.which(each)]
        if gone:
            raise unittest.SkipTest(f"needs {', '.join(gone)} (apt-get install dpkg-dev file)")
        holder = tempfile.TemporaryDirectory(prefix="livepusher-test-")
        cls.addClassCleanup(holder.cleanup)
        made = pathlib.Path(holder.name)
        harness.run([str(pathlib.Path(CMAKE).with_name("cpack")), "-G", "DEB", "-B", made], cwd=BUILD)
        cls.packages = {path.name.split("_")[0]: path for path in made.glob("*.deb")}
        cls.root = made / "root"
        for path in cls.packages.values():
            harness.run(["dpkg-deb", "-x", path, cls.root])

    def field(self, package, name):
        return harness.run(["dpkg-deb", "-f", self.packages[package], name]).strip()

    def files(self, package):
        listed = harness.run(["dpkg-deb", "-c", self.packages[package]]).splitlines()
        return {line.split(maxsplit=5)[5].split(" -> ")[0].removeprefix("./") for line in listed if not line.startswith("d")}

    def test_the_packages_are_those_three_and_the_face_models_where_they_were_fetched(self):
        self.assertEqual(set(self.packages), NAMES)

    def test_each_has_what_policy_asks_for(self):
        for package in NAMES:
            for name in ("Version", "Architecture", "Maintainer", "Section", "Priority", "Description"):
                self.assertTrue(self.field(package, name), f"{package}: {name}")
            self.assertLessEqual({f"usr/share/doc/{package}/copyright", f"usr/share/doc/{package}/changelog.gz"}, self.files(package))

    def test_each_file_is_in_the_package_of_its_use(self):
        library = f"usr/{LIBDIR}/liblivepusher"
        self.assertLessEqual({f"{library}.so.0", "usr/libexec/livepusher/livepusher-probe"}, self.files("liblivepusher0"))
        self.assertLessEqual({f"{library}.so", f"{library}.a", "usr/include/livepusher/livepusher.hpp",
                              f"usr/{LIBDIR}/pkgconfig/livepusher.pc"}, self.files("liblivepusher-dev"))
        self.assertLessEqual({"usr/bin/livepusher", "usr/share/man/man1/livepusher.1.gz"}, self.files("livepusher"))
        every = [name for package in NAMES for name in self.files(package)]
        self.assertEqual(len(every), len(set(every)))

    def test_dependencies_hold_what_is_linked_and_what_is_loaded_at_run_time(self):
        needed = f"{self.field('liblivepusher0', 'Depends')}, {self.field('liblivepusher0', 'Recommends')}"
        for library in ("libavcodec", "libx264-", "librtmp1", "libcurl4", "libstdc++6", "libavformat"):
            self.assertIn(library, needed)
        # Every library that it names, to the loader or to dlopen(), comes from a package that it asks for.
        library = (self.root / f"usr/{LIBDIR}/liblivepusher.so.0").read_bytes()
        named = {name.decode() for name in re.findall(rb"\0(lib[\w.+-]+\.so\.[\d.]+)(?=\0)", library)}
        self.assertGreater(len(named), 8)
        for name in named - {"liblivepusher.so.0"} - ONLY_WHEN_THERE:
            stem, version = name.split(".so.")
            usual = stem.lower().replace("_", "-") + ("-" if stem[-1].isdigit() else "") + version
            self.assertIn(PACKAGE_OF.get(stem, usual), needed, name)
        version = self.field("liblivepusher0", "Version")
        for package in ("liblivepusher-dev", "livepusher"):
            self.assertIn(f"liblivepusher0 (= {version})", self.field(package, "Depends"))

    def test_the_program_of_the_package_works_and_leaves_the_search_to_the_system(self):
        program = self.root / "usr/bin/livepusher"
        self.assertNotRegex(harness.run(["readelf", "-d", program]), "R(UN)?PATH")
        flv = self.directory / "out.flv"
        harness.run([program, "push", flv, "--source", "test", "--mode", "QVGA", "--duration", "1"],
                    env=self.environment(self.root / "usr"), timeout=30)
        self.assertGreater(flv.stat().st_size, 5_000)
        self.check_probe(self.root / "usr")

    def test_an_application_is_built_and_runs_against_the_packages(self):
        self.works(self.by_pkg_config("cpp", self.root / "usr", "livepusher"), self.root / "usr")


if __name__ == "__main__":
    harness.main()
