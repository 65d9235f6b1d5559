# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a part of tools/check: shows on standard error what failed, and prints three
numbers: how many tests passed, failed and were skipped.

    test_results.py TESTLOG_JSON PASSED FAILED STATUS

TESTLOG_JSON is meson's, one test per line, and may be missing when nothing was built.
PASSED and FAILED are the checks before the suite, STATUS is meson's exit status.
"""
import json
import os
import sys


def main(path, passed, failed, status):
    skipped = 0
    suite_failed = 0
    tests = []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as lines:
            tests = [json.loads(line) for line in lines]
    for test in tests:
        if test["result"] in ("OK", "EXPECTEDFAIL"):
            passed += 1
        elif test["result"] == "SKIP":
            skipped += 1
        else:
            suite_failed += 1
            print(f"\n===== {test['name']}: {test['result']} =====", file=sys.stderr)
            for stream in ("stdout", "stderr"):
                print(test.get(stream, "")[-20000:], end="", file=sys.stderr)
    # A suite that broke off has said so in its status alone.
    if status != 0 and suite_failed == 0:
        suite_failed = 1
        print(f"\nmeson test ended with status {status}, see above.", file=sys.stderr)
    print(passed, failed + suite_failed, skipped)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
