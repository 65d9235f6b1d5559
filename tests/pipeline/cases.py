# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the cases of a test of the shell's program, and reports them in TAP."""
import os
import tempfile
import traceback

# tools/windows/try.py says so.
ON_WINDOWS = "HEIRLOOM_ON_WINDOWS" in os.environ


class Skip(Exception):
    """A case that makes no sense here, and why."""


def skip_on_windows(reason):
    if ON_WINDOWS:
        raise Skip(reason)


def run_cases(everything, only=None, prepare=lambda: None):
    """Runs (name, function, arguments…) each in an empty folder of its own, which prepare() may fill;
    only those whose name has the text @only. Returns whether one failed."""
    failed = False
    everything = [test for test in everything if not only or only in test[0]]
    print("1..%d" % len(everything), flush=True)
    for number, (name, check, *arguments) in enumerate(everything, 1):
        name = name.replace("#", "")
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            prepare()
            try:
                check(*arguments)
                print("ok %d - %s" % (number, name), flush=True)
            except Skip as reason:
                print("ok %d - %s # SKIP %s" % (number, name, reason), flush=True)
            except Exception as error:
                failed = True
                said = "%s: %s" % (traceback.extract_tb(error.__traceback__)[-1].line, error)
                print("not ok %d - %s" % (number, name))
                print("# %s: %s" % (type(error).__name__, said.replace("\n", "\n# ")), flush=True)
            os.chdir("/")
    return failed
