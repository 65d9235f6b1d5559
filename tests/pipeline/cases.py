# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the cases of a test of the shell's program, and reports them in TAP."""
import os
import tempfile


def run_cases(everything, only=None, prepare=lambda: None):
    """Runs (name, function, arguments…) each in an empty folder of its own, which prepare() may fill;
    only those whose name has the text @only. Returns whether one failed."""
    failed = False
    everything = [test for test in everything if not only or only in test[0]]
    print("1..%d" % len(everything), flush=True)
    for number, (name, check, *arguments) in enumerate(everything, 1):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            prepare()
            try:
                check(*arguments)
                print("ok %d - %s" % (number, name), flush=True)
            except Exception as error:
                failed = True
                print("not ok %d - %s" % (number, name))
                print("# %s: %s" % (type(error).__name__, str(error).replace("\n", "\n# ")), flush=True)
            os.chdir("/")
    return failed
