#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What came of a ctest run that ended with CODE, from its JUnit report in BUILD_DIR/tests.xml: `verdict.py BUILD_DIR CODE`.

Ends with the names of what failed or was skipped and a line that counts, and with 1 if anything failed. For who puts
several runs together: "PASSED FAILED SKIPPED" in BUILD_DIR/counts.txt, and what a reader needs to know at the end of
the log in BUILD_DIR/verdict.txt, with the end of each failed test's output.

A few failed tests are run again by themselves, one after the other. One that then passes counts as passed and is named
as such, for who looks after the tests: on a shared machine a process can be kept from a core for longer than any bound.
No second run for what a sanitizer reported, nor for more failures than chance explains.
"""
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

MOST_TRIED_AGAIN = 4
LINES_OF_OUTPUT = 80
# What a process says at its end that ran several cases.
PASSED = re.compile(r"^\[  PASSED  \] (\d+) tests?\.$", re.MULTILINE)
SKIPPED = re.compile(r"^\[  SKIPPED \] (\S+\.\S+)(?: \(\d+ ms\))?$", re.MULTILINE)
SANITIZER = re.compile(r"(ERROR|WARNING): \w+Sanitizer|runtime error:")


def run_again(name, build):
    command = ["ctest", "--test-dir", str(build), "--output-on-failure", "-j", "1", "--no-tests=error", "-R", f"^{re.escape(name)}$"]
    print(f"\n==== once more, by itself: {name}", flush=True)
    return subprocess.run(command, check=False).returncode == 0


def main(build, code):
    report = build / "tests.xml"
    if code == 0 and not report.exists():  # nothing was to be run: `ctest -N`
        return 0
    try:
        cases = ElementTree.parse(report).getroot().findall("testcase")
    except (OSError, ElementTree.ParseError) as error:
        print(f"no report of the tests: {error}", file=sys.stderr)
        cases = []
    failed = [case for case in cases if case.get("status") == "fail"]
    skipped = [case.get("name") for case in cases if case.get("status") in ("notrun", "disabled")]
    whole = [case for case in cases if case.get("status") not in ("fail", "notrun", "disabled")]
    told = {case: case.findtext("system-out") or "" for case in whole}
    skipped += sorted({name for text in told.values() for name in SKIPPED.findall(text)})
    passed = sum(sum(map(int, PASSED.findall(text))) or not SKIPPED.search(text) for text in told.values())
    verdict = []

    again = {}
    reported = [case for case in failed if SANITIZER.search(case.findtext("system-out") or "")]
    if len(failed) <= MOST_TRIED_AGAIN and not reported:
        again = {case.get("name"): run_again(case.get("name"), build) for case in failed}
    for case in failed:
        name = case.get("name")
        verdict.append(f"{'PASSED ONLY BY ITSELF' if again.get(name) else 'FAILED'}: {name}")
        output = (case.findtext("system-out") or "").rstrip().splitlines()
        verdict += [f"    {line[:500]}" for line in output[-LINES_OF_OUTPUT:]]
    verdict += [f"skipped: {name}" for name in skipped]

    bad = sum(not again.get(case.get("name")) for case in failed)
    passed += len(failed) - bad
    # A run that failed without a failed test (none ran, or ctest itself broke) must not pass for one that didn't.
    if not cases or (code != 0 and not failed):
        bad += 1
        verdict.append(f"FAILED: the run itself ended with {code}, having run {len(cases)} tests")
    build.mkdir(parents=True, exist_ok=True)
    (build / "verdict.txt").write_text("".join(f"{line}\n" for line in verdict), encoding="utf-8")
    (build / "counts.txt").write_text(f"{passed} {bad} {len(skipped)}\n", encoding="utf-8")
    print()
    for line in verdict:
        if not line.startswith(" "):
            print(line)
    print(f"{passed} passed, {bad} failed, {len(skipped)} skipped", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), int(sys.argv[2])))
