#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drawn damage that the finder is trained on (tools/train/damage): the same seed draws the
same, each sample for itself; the sound and the damaged picture are one scene; what is labelled
differs and what is not labelled hardly does; wrong arguments are refused.

    test-damage.py PATH/TO/damage PATH/TO/leaves
"""
import subprocess
import sys
import tempfile

import numpy as np

DAMAGE, LEAVES = sys.argv[1:]
SIDE = 192
PIXELS = SIDE * SIDE
SOUND, DAMAGED, UNKNOWN = 0, 1, 2
COUNT = 60

pool = tempfile.NamedTemporaryFile()
subprocess.run([LEAVES, "--size", "320", "--count", "4"], stdout=pool, check=True)


def run(*arguments):
    return subprocess.run([DAMAGE, *map(str, arguments)], capture_output=True)


def draw(seed, count, first=0):
    """Damaged, sound, and the labels' three planes."""
    done = run("--pool", pool.name, "--seed", seed, "--first", first, "--count", count)
    assert done.returncode == 0, done.stderr
    record = np.frombuffer(done.stdout, "u1").reshape(count, 7 * PIXELS)
    shape = count, SIDE, SIDE, 3
    label = record[:, 6 * PIXELS:].reshape(count, SIDE, SIDE)
    return (record[:, :3 * PIXELS].reshape(shape).astype(int),
            record[:, 3 * PIXELS:6 * PIXELS].reshape(shape).astype(int),
            np.stack([label >> shift & 3 for shift in (0, 2, 4)], 1))


def check_repeatable():
    for many, one in zip(draw(1, 4), draw(1, 1, first=3)):
        assert (many[3] == one[0]).all()


def check_different():
    pictures = np.concatenate([draw(1, 6)[1], draw(2, 6)[1]])
    for i, a in enumerate(pictures):
        for b in pictures[:i]:
            assert abs(a - b).mean() > 3


def check_labels():
    """The grain is the same in both, so that all that differs is damage, blurred, and JPEG."""
    damaged, sound, label = draw(1, COUNT)
    difference = abs(damaged - sound).max(3)
    sure = (label == SOUND).all(1)
    assert difference[label[:, 0] == DAMAGED].mean() > 6 * difference[sure].mean()
    # Compression spreads a difference over its block: most sound pixels still hardly differ.
    assert np.percentile(difference[sure], 95) <= 6, np.percentile(difference[sure], 95)
    assert np.percentile(difference[label[:, 0] == DAMAGED], 10) >= 6
    assert set(np.unique(label)) <= {SOUND, DAMAGED, UNKNOWN}


def check_shares():
    """Most samples are damaged, on a small part; each kind of label occurs."""
    label = draw(3, COUNT)[2]
    share = (label == DAMAGED).mean((2, 3))
    assert np.mean((label == DAMAGED).any((1, 2, 3))) > 0.8
    assert 0.01 < share[:, 0].mean() < 0.2, share.mean(0)
    assert (share > 0).sum(0).min() >= 3, (share > 0).sum(0)


def check_wide():
    """Wide loss holds a disc; deep inside it the plane of damage does not answer."""
    label = draw(4, COUNT)[2]
    wide = label[:, 1] == DAMAGED
    assert (label[:, 0][wide] != SOUND).all()
    inner = wide.copy()
    for _ in range(7):
        inner[:, 1:-1, 1:-1] &= (inner[:, :-2, 1:-1] & inner[:, 2:, 1:-1] & inner[:, 1:-1, :-2]
                                 & inner[:, 1:-1, 2:])
    inner[:, [0, -1]] = inner[:, :, [0, -1]] = False
    assert inner.any()
    assert (label[:, 0][inner[:, :, :]] != DAMAGED).mean() > 0.9


def check_refusals():
    for arguments in ((), ("--pool",), ("--pool", "/nowhere"), ("--seed", "x"), ("--colour", "1")):
        done = run(*arguments)
        assert done.returncode == 1 and done.stderr and not done.stdout, arguments


CASES = (check_repeatable, check_different, check_labels, check_shares, check_wide,
         check_refusals)
print(f"1..{len(CASES)}")
for number, case in enumerate(CASES, 1):
    try:
        case()
        print("ok", number, "-", case.__name__)
    except AssertionError as error:
        print("not ok", number, "-", case.__name__)
        print("#", error)
