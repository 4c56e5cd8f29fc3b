# SPDX-License-Identifier: MIT
"""C has every method that C++ has, and the library has every function that the headers for C declare, and no other."""
import os
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])
LIBRARY = os.environ["LIVEPUSHER_LIBRARY"]
HEADERS = [(ROOT / "include/livepusher" / name).read_text() for name in ("livepusher.h", "livepusher_player.h")]
DECLARED = set(re.findall(r"^LIVEPUSHER_API [^(]*?\b(livepusher_\w+)\(", "".join(HEADERS), re.MULTILINE))

# Class, its header, the prefix of its functions in C, the file that calls its methods by name, and how many it has at least.
CONTEXTS = (("LivePusherContext", "context.hpp", "livepusher_", "methods.cpp", 30),
            ("LivePlayerContext", "player.hpp", "livepusher_player_", "player_methods.cpp", 19))
# Where the name in C is another.
NAMED_OTHERWISE = {"update": "set_properties", "state": "get_state", "properties": "get_properties", "netStatus": "get_net_status"}


def snake_case(name):
    """playBGM -> play_bgm, setBGMVolume -> set_bgm_volume"""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def methods(context, header):
    """The public methods of that class."""
    text = (ROOT / "include/livepusher" / header).read_text()
    body = text[text.index("class LIVEPUSHER_API " + context):]
    body = body[:body.index("private:")]
    return re.findall(r"^    (?:void|Result<void>|(?:Player)?(?:State|Properties|NetStatus)) (\w+)\(", body, re.MULTILINE)


class CApiTest(unittest.TestCase):
    def test_every_method_has_its_function(self):
        for context, header, prefix, _, least in CONTEXTS:
            found = methods(context, header)
            self.assertGreaterEqual(len(found), least)
            missing = [name for name in found if prefix + NAMED_OTHERWISE.get(name, snake_case(name)) not in DECLARED]
            self.assertEqual(missing, [])

    def test_every_method_can_be_called_by_its_name(self):
        for context, header, _, calls, _ in CONTEXTS:
            named = set(re.findall(r'^    \{"(\w+)", ', (ROOT / "src/json" / calls).read_text(), re.MULTILINE))
            posting = {name for name in methods(context, header) if name not in NAMED_OTHERWISE}
            self.assertEqual(named, posting - {"setProperty", "pushVideoFrame", "pushCodedVideo", "pushAudioBlock"})

    def test_what_the_headers_declare_is_what_the_library_exports(self):
        listed = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], capture_output=True, text=True, check=True).stdout
        exported = {line.split()[-1] for line in listed.splitlines() if line.split()[-1].startswith("livepusher_")}
        self.assertEqual(exported, DECLARED)


if __name__ == "__main__":
    unittest.main(verbosity=2)
