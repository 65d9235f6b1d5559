#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drawn pictures that the denoiser is trained on (tools/train): the same seed draws the
same, each picture for itself, no two alike, and wrong arguments are refused.

    test-leaves.py PATH/TO/leaves
"""
import subprocess
import sys

import numpy as np

LEAVES, SIDE = sys.argv[1], 64


def run(*arguments):
    return subprocess.run([LEAVES, *map(str, arguments)], capture_output=True)


def draw(seed, count, first=0):
    done = run("--seed", seed, "--size", SIDE, "--first", first, "--count", count)
    assert done.returncode == 0, done.stderr
    return np.frombuffer(done.stdout, "u1").reshape(count, SIDE, SIDE, 3)


def check_repeatable():
    assert (draw(1, 4)[3] == draw(1, 1, first=3)[0]).all()


def check_different():
    pictures = np.concatenate([draw(1, 6), draw(2, 6)]).astype(float)
    for i, a in enumerate(pictures):
        assert a.std() > 2, f"picture {i} is empty"
        for b in pictures[:i]:
            assert abs(a - b).mean() > 4


def check_gray_ones():
    """Some pictures have no colour, most do."""
    colour = [np.ptp(p.astype(int), 2).mean() > 1 for p in draw(1, 60)]
    assert 0.5 < np.mean(colour) < 1, np.mean(colour)


def check_refusals():
    for arguments in ("--size", "8"), ("--seed",), ("--seed", "x"), ("--colour", "1"):
        done = run(*arguments)
        assert done.returncode == 1 and done.stderr and not done.stdout, arguments


CASES = check_repeatable, check_different, check_gray_ones, check_refusals
print(f"1..{len(CASES)}")
for number, case in enumerate(CASES, 1):
    try:
        case()
        print("ok", number, "-", case.__name__)
    except AssertionError as error:
        print("not ok", number, "-", case.__name__)
        print("#", error)
