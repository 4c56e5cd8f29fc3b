# SPDX-License-Identifier: MIT
"""The shared library shows nothing but livepusher's own names, of C++ and C. LIVEPUSHER_LIBRARY is its path."""
import os
import re
import subprocess
import unittest

LIBRARY = os.environ["LIVEPUSHER_LIBRARY"]
OWN = re.compile(r"^(livepusher::|livepusher_[a-z0-9_]+$|(vtable|typeinfo|typeinfo name|guard variable|VTT) for livepusher::)")


def foreign(lines):
    """Exported names that are neither of namespace livepusher nor of the C API, out of what `nm -DC --defined-only` prints."""
    names = [line.split(maxsplit=2)[2] for line in lines if len(line.split(maxsplit=2)) == 3]
    return [name for name in names if not OWN.match(name)]


class SymbolsTest(unittest.TestCase):
    def exported(self):
        done = subprocess.run(["nm", "-DC", "--defined-only", LIBRARY], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    def test_only_livepushers_own_names_are_exported(self):
        self.assertEqual(foreign(self.exported()), [])

    def test_what_an_application_calls_is_exported(self):
        names = "\n".join(self.exported())
        for wanted in ("livepusher::LivePusherContext::start(", "livepusher::setProperty(", "livepusher::describeCode(", "livepusher_create"):
            self.assertIn(wanted, names)

    def test_a_foreign_name_would_be_found(self):
        planted = ["0000000000001000 T livepusher::now()", "0000000000002000 T RTMP_Connect1",
                   "0000000000005000 T livepusher_start", "0000000000006000 T livepusher_x(int)",
                   "0000000000003000 V typeinfo for std::exception", "0000000000004000 V vtable for livepusher::X"]
        self.assertEqual(foreign(planted), ["RTMP_Connect1", "livepusher_x(int)", "typeinfo for std::exception"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
