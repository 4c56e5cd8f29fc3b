# SPDX-License-Identifier: MIT
"""README.md gives a reason for every package that ./dev installs, and no other. LIVEPUSHER_ROOT names the tree."""
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])


def installed():
    """The packages in ./dev's arrays."""
    text = (ROOT / "dev").read_text()
    return {name for group in re.findall(r"^packages_\w+=\(([^)]*)\)", text, re.MULTILINE) for name in group.split()}


class PackagesTest(unittest.TestCase):
    def test_the_readme_explains_each_package_that_dev_installs(self):
        section = (ROOT / "README.md").read_text().split("## Dependencies", 1)[1].split("\n## ", 1)[0]
        explained = set()
        for line in section.splitlines():
            if line.startswith("|"):
                explained |= set(re.findall(r"`([a-z0-9.+-]+)`", line.split("|")[1]))
        self.assertEqual(explained, installed())

    def test_what_cmake_asks_for_is_what_dev_installs(self):
        text = (ROOT / "cmake/Dependencies.cmake").read_text()
        asked = set(re.findall(r"^ *livepusher_need\(\w+ \S+ (\S+)\)", text, re.MULTILINE))
        asked |= set(re.findall(r"^ *livepusher_need_package\(\w+ (\S+)\)", text, re.MULTILINE))
        self.assertGreater(len(asked), 10)
        self.assertEqual(asked - installed(), set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
