# SPDX-License-Identifier: MIT
"""`livepusher encoders`: the table, its JSON, and trials of hardware that go wrong."""
import json
import os
import time
import unittest

from program_case import ARGUMENTS, DONE, harness, livepusher

SOFTWARE = {"x264": "h264", "libx265": "hevc", "libsvtav1": "av1"}


class Encoders(harness.Case):
    def listed(self, probe=None):
        environment = dict(os.environ)
        if probe:
            path = self.directory / "probe"
            path.write_text(f"#!/bin/sh\n{probe}\n")
            path.chmod(0o700)
            environment["LIVEPUSHER_PROBE"] = str(path)
        began = time.monotonic()
        done = livepusher("encoders", "--json", env=environment)
        print(f"{probe}: {time.monotonic() - began:.2f} s")
        self.assertEqual((done.returncode, done.stderr), (DONE, ""))
        self.assertEqual(done.stdout.count("\n"), 1)
        found = {each["name"]: each for each in json.loads(done.stdout)}
        for name, codec in SOFTWARE.items():
            self.assertEqual((found[name]["codec"], found[name]["hardware"], found[name]["works"]), (codec, False, True), found[name])
        for each in found.values():
            self.assertEqual(set(each), {"codec", "name", "hardware", "works", "problem", "milliseconds"})
            self.assertEqual(each["works"], each["problem"] == "", each)
        return found

    def test_json_has_every_encoder_with_why_it_does_not_work(self):
        found = self.listed()
        for name in ("h264_vaapi", "h264_nvenc", "h264_qsv", "h264_v4l2m2m", "hevc_vaapi", "av1_nvenc"):
            self.assertTrue(found[name]["hardware"])
        if not os.path.isdir("/dev/dri"):
            self.assertIn("no render node /dev/dri/renderD*: no GPU", found["h264_vaapi"]["problem"])

    def test_the_table_is_for_people(self):
        done = livepusher("encoders")
        self.assertEqual((done.returncode, done.stderr), (DONE, ""))
        self.assertRegex(done.stdout, r"(?m)^H\.264   x264           software  works \(trial of \d+ ms\)$")
        self.assertRegex(done.stdout, r"(?m)^AV1     libsvtav1      software  works")
        self.assertEqual(len(done.stdout.splitlines()), 14)

    def test_trials_that_go_wrong_are_told_in_words(self):
        for probe, words in (("kill -SEGV $$", "crashed (Segmentation fault)"), ("sleep 60", "took longer than 1900 ms"),
                             ("yes", "wrote without an end"), ("head -c 999 /dev/urandom", "no answer that makes sense"),
                             ('echo "problem: no driver"', "no driver")):
            with self.subTest(probe):
                found = self.listed(probe)
                self.assertEqual({found[name]["works"] for name in found if found[name]["hardware"]}, {False})
                self.assertIn(f"does not work here: ", found["h264_vaapi"]["problem"])
                self.assertIn(words, found["h264_vaapi"]["problem"])

    def test_a_trial_that_works_is_believed(self):
        self.assertTrue(self.listed('test "$1" = h264_qsv && echo works')["h264_qsv"]["works"])

    def test_help_and_bad_arguments(self):
        self.assertIn("--json", livepusher("encoders", "--help").stdout)
        done = livepusher("encoders", "h264")
        self.assertEqual(done.returncode, ARGUMENTS)
        self.assertIn("encoders takes no argument but --json", done.stderr)
        self.assertIn("encoders", livepusher("--help").stdout)


if __name__ == "__main__":
    harness.main()
