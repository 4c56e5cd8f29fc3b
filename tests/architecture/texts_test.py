# SPDX-License-Identifier: MIT
"""texts.py finds the texts of each kind, what is put into them and what is wrong with them; this tree has nothing wrong."""
import os
import unittest

import texts

ROOT = os.environ["LIVEPUSHER_ROOT"]

# What stands in a file -> the kind and the text that are to be found.
FOUND = (
    ('return Error{Code::InvalidArgument, "fps " + text(fps) + ": must be 1..60"};', "error", "fps {…}: must be 1..60"),
    ('return invalid(std::string("fps ") + text + ": no number");', "error", "fps {…}: no number"),
    ('log(LogLevel::Warning, name_ +\n    ": gone, "  // it may come again\n "looked for");', "log", "{…}: gone, looked for"),
    ('X(Ok, 0, Info, "no error", "nothing", "a method")', "code", "no error"),
    ('app.add_flag("--quiet", raw.quiet, "errors only")->group("Options");', "help", "errors only"),
    ('output_.onCode(Code::Connected, "connected to " + url.redacted());', "event", "connected to {…}"),
    ('const char* what = late ? "too late" : "too early";', "text", "too early"),
    ('constexpr auto kHelp = R"(Usage:\n  push URL)";', "text", "Usage:⏎  push URL"),
    ('refuse("\\"" + name + "\\" is a file");', "error", '"{…}" is a file'),
)

# A text -> the word of its flaw; "": none.
JUDGED = (
    ('Error{Code::ServerClosed, "can\'t reach " + url.redacted()};', ""),
    ('Error{Code::ServerClosed, "can\'t reach " + url_};', "key"),
    ('Error{Code::ServerClosed, "can\'t reach " + settings.url.text()};', "key"),
    ('Error{Code::ServerClosed, "refused: " + streamKey()};', "key"),
    ('Error{Code::InvalidArgument, "an unknown option"};', "the value"),
    ('Error{Code::InvalidArgument, "unknown option " + name};', ""),
    ('Error{Code::FileFailed, "writing failed"};', "not why"),
    ('Error{Code::FileFailed, "writing failed: " + reason};', ""),
    ('log(LogLevel::Info, "late by " + late + "ms");', "blank"),
    ('log(LogLevel::Info, "late by " + late + " ms");', ""),
    ('Error{Code::InternalFailure, "no memory"};', "out of memory"),
)


class Test(unittest.TestCase):
    def test_finds_the_texts_of_each_kind(self):
        for source, kind, text in FOUND:
            with self.subTest(source=source):
                self.assertIn((kind, text), [(each.kind, each.text) for each in texts.textsOf("x.cpp", source)])

    def test_what_is_no_text_is_left_out(self):
        for source in ('#include "base/log.hpp"', '// "not a text"', 'if (name == "fps") return;', 'find("://");'):
            self.assertEqual(texts.textsOf("x.cpp", source), [], source)

    def test_sees_what_is_wrong(self):
        for source, flaw in JUDGED:
            with self.subTest(source=source):
                found = [each for text in texts.textsOf("x.cpp", source) for each in texts.flaws(text)]
                self.assertEqual(len(found), 1 if flaw else 0, found)
                self.assertIn(flaw, "".join(found))

    def test_this_tree_has_texts_of_each_kind_and_nothing_is_wrong_with_them(self):
        found = texts.textsOfTree(ROOT)
        for kind in ("error", "log", "code", "help", "event", "property", "text"):
            self.assertGreater(sum(text.kind == kind for text in found), 20, kind)
        folders = {text.file.split("/")[0] for text in found}
        self.assertEqual(folders, set(texts.FOLDERS))
        self.assertEqual([f"{text}: {flaw}" for text in found for flaw in texts.flaws(text)], [])


if __name__ == "__main__":
    unittest.main()
