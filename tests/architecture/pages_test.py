# SPDX-License-Identifier: MIT
"""The pages of docs/: each is in the index, and each link to a file of the tree leads to one. LIVEPUSHER_ROOT names it."""
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"])
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def links(page):
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    return [(page.parent / target).resolve() for target in LINK.findall(text) if "://" not in target]


class PagesTest(unittest.TestCase):
    def test_every_page_is_in_the_index(self):
        named = set(links(ROOT / "docs/README.md"))
        pages = {page.resolve() for page in (ROOT / "docs").rglob("*.md")} - {(ROOT / "docs/README.md").resolve()}
        self.assertEqual(sorted(str(page.relative_to(ROOT.resolve())) for page in pages - named), [])

    def test_every_link_leads_somewhere(self):
        pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
        lost = [f"{page.relative_to(ROOT)} -> {target}" for page in pages for target in links(page) if not target.exists()]
        self.assertEqual(lost, [])

    def test_a_newcomers_page_is_short(self):
        self.assertLessEqual(len((ROOT / "docs/first-change.md").read_text(encoding="utf-8").splitlines()), 100)


if __name__ == "__main__":
    unittest.main()
