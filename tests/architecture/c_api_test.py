# SPDX-License-Identifier: MIT
"""C has every method that C++ has, and the library has every function that the C header declares, and no other."""
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])
LIBRARY = os.environ["LIVEPUSHER_LIBRARY"]
HEADER = (ROOT / "include/livepusher/livepusher.h").read_text()
DECLARED = set(re.findall(r"^LIVEPUSHER_API [^(]*?\b(livepusher_\w+)\(", HEADER, re.MULTILINE))

# Of LivePusherContext, where the name in C is another.
NAMED_OTHERWISE = {"update": "set_properties", "state": "get_state", "properties": "get_properties", "netStatus": "get_net_status"}


def snake_case(name):
    """playBGM -> play_bgm, setBGMVolume -> set_bgm_volume"""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def methods():
    """The public methods of LivePusherContext."""
    text = (ROOT / "include/livepusher/context.hpp").read_text()
    body = text[text.index("class LIVEPUSHER_API LivePusherContext"):]
    body = body[:body.index("private:")]
    return re.findall(r"^    (?:void|Result<void>|State|Properties|NetStatus) (\w+)\(", body, re.MULTILINE)


class CApiTest(unittest.TestCase):
    def test_every_method_has_its_function(self):
        self.assertGreater(len(methods()), 30)
        missing = [name for name in methods() if "livepusher_" + NAMED_OTHERWISE.get(name, snake_case(name)) not in DECLARED]
        self.assertEqual(missing, [])

    def test_every_method_can_be_called_by_its_name(self):
        named = set(re.findall(r'^    \{"(\w+)", ', (ROOT / "src/json/methods.cpp").read_text(), re.MULTILINE))
        posting = {name for name in methods() if name not in NAMED_OTHERWISE} - {"setProperty", "pushVideoFrame", "pushCodedVideo", "pushAudioBlock"}
        self.assertEqual(named, posting)

    def test_what_the_header_declares_is_what_the_library_exports(self):
        listed = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], capture_output=True, text=True, check=True).stdout
        exported = {line.split()[-1] for line in listed.splitlines() if line.split()[-1].startswith("livepusher_")}
        self.assertEqual(exported, DECLARED)


if __name__ == "__main__":
    unittest.main(verbosity=2)
