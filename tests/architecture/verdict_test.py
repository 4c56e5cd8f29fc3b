# SPDX-License-Identifier: MIT
"""What tests/verdict.py makes of a run: what failed is named with its output, and what a second try may forgive."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(os.environ["LIVEPUSHER_ROOT"]) / "tests" / "verdict.py"

PASSES = "exit 0"
FAILS = "echo what was wrong; exit 1"
SKIPS = "exit 77"
RACES = "if mkdir seen; then echo 'WARNING: ThreadSanitizer: data race'; exit 66; fi"
FAILS_ONCE = "test -e seen || { touch seen; echo what was wrong; exit 1; }"


class Test(unittest.TestCase):
    def judge(self, code=None, **tests):
        """Runs tests NAME=shell command with ctest; returns the counts and what the script wrote down."""
        with tempfile.TemporaryDirectory() as folder:
            build = pathlib.Path(folder)
            lines = []
            for name, command in tests.items():
                lines.append(f'add_test([=[{name}]=] "sh" "-c" [=[{command}]=])')
                lines.append(f'set_tests_properties([=[{name}]=] PROPERTIES SKIP_RETURN_CODE 77)')
            (build / "CTestTestfile.cmake").write_text("\n".join(lines), encoding="utf-8")
            report = build / "tests.xml"
            ran = subprocess.run(["ctest", "--test-dir", folder, "--output-junit", str(report)], capture_output=True,
                                 check=False)
            judged = subprocess.run([sys.executable, "-B", str(SCRIPT), folder, str(ran.returncode if code is None else code)],
                                    capture_output=True, text=True, check=False)
            counts = (build / "counts.txt").read_text(encoding="utf-8")
            passed, failed, skipped = (int(count) for count in counts.split())
            self.assertEqual(judged.returncode, 1 if failed else 0)
            self.assertTrue(judged.stdout.endswith(f"\n{passed} passed, {failed} failed, {skipped} skipped\n"), judged.stdout)
            return (passed, failed, skipped), (build / "verdict.txt").read_text(encoding="utf-8")

    def test_all_pass_and_skipped_ones_are_named(self):
        counts, verdict = self.judge(one=PASSES, two=PASSES, left=SKIPS)
        self.assertEqual(counts, (2, 0, 1))
        self.assertEqual(verdict, "skipped: left\n")

    def test_each_case_of_a_process_counts(self):
        several = "printf '[  SKIPPED ] Some.Case (3 ms)\\n[  PASSED  ] 4 tests.\\n[  SKIPPED ] 1 test, listed below:\\n[  SKIPPED ] Some.Case\\n'"
        counts, verdict = self.judge(one=PASSES, suite=several)
        self.assertEqual(counts, (5, 0, 1))
        self.assertEqual(verdict, "skipped: Some.Case\n")

    def test_what_fails_twice_has_failed_and_is_shown(self):
        counts, verdict = self.judge(good=PASSES, bad=FAILS)
        self.assertEqual(counts, (1, 1, 0))
        self.assertIn("FAILED: bad\n    what was wrong\n", verdict)

    def test_what_passes_by_itself_is_named(self):
        counts, verdict = self.judge(good=PASSES, late=FAILS_ONCE)
        self.assertEqual(counts, (2, 0, 0))
        self.assertIn("PASSED ONLY BY ITSELF: late\n    what was wrong\n", verdict)

    def test_a_sanitizers_report_is_not_forgiven(self):
        counts, verdict = self.judge(good=PASSES, race=RACES)
        self.assertEqual(counts, (1, 1, 0))
        self.assertIn("FAILED: race\n", verdict)

    def test_many_failures_are_not_forgiven(self):
        tests = {f"late{i}": FAILS_ONCE.replace("seen", f"seen{i}") for i in range(5)}
        self.assertEqual(self.judge(**tests)[0], (0, 5, 0))

    def test_a_run_that_broke_is_no_success(self):
        self.assertEqual(self.judge(code=8, good=PASSES)[0], (1, 1, 0))
        self.assertEqual(self.judge(code=8)[0], (0, 1, 0))

    def test_a_list_of_tests_is_no_run(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-B", str(SCRIPT), folder, "0"], check=True)


if __name__ == "__main__":
    unittest.main()
