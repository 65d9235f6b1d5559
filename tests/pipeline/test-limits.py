#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command-line program at the edges: odd sizes and values, little memory, a full disk.

    test-limits.py PATH/TO/heirloom [PART OF A NAME]

Prints TAP. Whatever happens, there is a result or one sentence that says why not, and the file
that was there before is whole.
"""
import os
import resource
import signal
import stat
import subprocess
import sys

import numpy as np
from PIL import Image

from cases import Skip, run_cases
from pictures import read_png, read_tiff, write_png, write_tiff

HEIRLOOM = os.path.abspath(sys.argv[1])
NOBODY = 65534


def run(*arguments, **options):
    return subprocess.run([HEIRLOOM, "restore", *map(str, arguments)], capture_output=True,
                          text=True, timeout=300, **options)


def check_said(done, *words):
    """It failed on its own, and said one sentence with one of @words."""
    assert done.returncode > 0, (done.returncode, done.stderr)
    lines = done.stderr.strip().split("\n")
    assert len(lines) == 1 and lines[0].startswith("heirloom: "), done.stderr
    assert any(word in lines[0] for word in words), lines[0]


def drawn(width, height, channels=3):
    """(H, W, C) of 8 bits, no two places alike."""
    y, x = np.mgrid[:height, :width]
    planes = [90 + 30 * np.sin(x / 9 + c) + 30 * np.cos(y / 7) for c in range(channels)]
    return np.dstack(planes).astype("u1")


def check_mask(width, height, mask):
    """Only what is marked changes; and it does."""
    before = drawn(width, height)
    before[mask] = 255
    write_png("in.png", before)
    Image.fromarray(np.where(mask, 255, 0).astype("u1")).save("mask.png")
    done = run("in.png", "out.png", "--mask", "mask.png")
    assert done.returncode == 0, done.stderr
    after = read_png("out.png")[0]
    assert (after[~mask] == before[~mask]).all(), "a pixel outside has changed"
    assert (after[mask] != before[mask]).any(1).mean() > 0.5, "the hole is as it was"


def check_shapes():
    y, x = np.mgrid[:40, :50]
    check_mask(50, 40, (x == 17) & (y == 23))
    check_mask(50, 40, (x + y) % 2 == 0)
    check_mask(50, 40, (x >= 15) | (y >= 15))
    x = np.arange(20000)
    check_mask(20000, 1, ((x % 5000 > 4000) & (x % 5000 < 4007))[None])
    check_mask(1, 20000, ((x % 5000 > 4000) & (x % 5000 < 4007))[:, None])


def check_one_pixel():
    """1 x 1: nothing can be learnt from, but its noise can be taken out."""
    write_png("in.png", drawn(1, 1))
    Image.fromarray(np.array([[255]], "u1")).save("mask.png")
    check_said(run("in.png", "out.png", "--mask", "mask.png"), "whole picture")
    assert run("in.png", "out.png", "--denoise").returncode == 0


def check_values():
    """Not a number, infinite, far too large and out of range: kept as they are, not believed."""
    before = drawn(60, 50).astype("f4") / 255
    mask = np.zeros((50, 60), bool)
    mask[20:28, 20:30] = True
    before[mask] = 0.97
    for place, value in enumerate([np.nan, np.inf, -np.inf, 3e38, -3e38, 1e30, -2, 1.7]):
        before[28:31, 20 + place] = value
    write_tiff("in.tif", before)
    Image.fromarray(np.where(mask, 255, 0).astype("u1")).save("mask.png")
    for settings in [[], ["--method", "deep", "--iterations", 3], ["--deblur", "gaussian:1"]]:
        done = run("in.tif", "out.tif", "--mask", "mask.png", *settings)
        assert done.returncode == 0, done.stderr
        after = read_tiff("out.tif")[0].astype("f4")
        if "--deblur" not in settings:  # which is for the whole picture
            assert after[~mask].tobytes() == before[~mask].tobytes(), "a pixel outside has changed"
        hole = after[mask]
        most = 20 if "--deblur" in settings else 4  # it rings beside what is out of range
        assert np.isfinite(hole).all() and np.abs(hole).max() < most, (settings, hole)


def check_transparent():
    """What is transparent says nothing: another colour there, the same result."""
    mask = np.zeros((40, 50), bool)
    mask[15:20, 20:28] = True
    results = []
    for colour in (0, 255):
        before = np.dstack([drawn(50, 40), np.full((40, 50), 255, "u1")])
        before[mask, :3] = 255
        before[20:30, 15:35, 3] = 0
        before[20:30, 15:35, :3] = colour
        write_png("in.png", before)
        Image.fromarray(np.where(mask, 255, 0).astype("u1")).save("mask.png")
        done = run("in.png", "out.png", "--mask", "mask.png")
        assert done.returncode == 0, done.stderr
        results.append(read_png("out.png")[0][mask])
    assert (results[0] == results[1]).all()


def prepare():
    mask = np.zeros((90, 120), bool)
    mask[40:47, 50:58] = True
    before = drawn(120, 90)
    before[mask] = 255
    write_png("in.png", before)
    Image.fromarray(np.where(mask, 255, 0).astype("u1")).save("mask.png")
    return ["in.png", "out.png", "--mask", "mask.png", "--iterations", 0]


def check_full_disk():
    """A file may not grow beyond a kilobyte, as on a disk that is full."""
    arguments = prepare()
    open("out.png", "w").write("what was here before")

    def fill():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    for _ in range(2):
        check_said(run(*arguments, preexec_fn=fill),
                   "cannot be written", "room")
        assert open("out.png").read() == "what was here before"
        assert not [name for name in os.listdir(".") if name.startswith(".heirloom")]


def check_unwritable():
    arguments = prepare()
    os.mkdir("closed")
    arguments[1] = "closed/out.png"
    os.chmod("closed", 0o555)
    os.chmod(".", 0o755)
    check_said(run(*arguments, user=NOBODY if os.getuid() == 0 else None), "another folder")
    assert os.listdir("closed") == []


def check_report():
    """A report can go where there is no file; a device stays one."""
    arguments = prepare()
    done = run(*arguments, "--report", "/dev/stdout")
    assert done.returncode == 0 and '"seconds"' in done.stdout, (done.stdout, done.stderr)
    check_said(run(*arguments, "--report", "/dev/full"), "report")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def check_nothing_to_check():
    """Where the deep prior has too little to try itself on, as beside a speck, the person is told."""
    y, x = np.mgrid[:40, :50]
    mask = (abs(x - 20) < 2) & (abs(y - 20) < 2)
    before = drawn(50, 40)
    before[mask] = 255
    write_png("in.png", before)
    Image.fromarray(np.where(mask, 255, 0).astype("u1")).save("mask.png")
    done = run("in.png", "out.png", "--mask", "mask.png", "--method", "deep", "--iterations", 3,
               "--report", "report.json")
    assert done.returncode == 0, done.stderr
    assert '"nothing to check"' in open("report.json").read()
    assert "nothing to check itself by" in done.stderr, done.stderr


def check_environment():
    """Odd wishes for threads and instruction sets change nothing."""
    arguments = prepare()
    wanted = None
    for name, value in [("", ""), ("OPENBLAS_NUM_THREADS", "0"), ("OPENBLAS_NUM_THREADS", "999"),
                        ("OPENBLAS_NUM_THREADS", "-3"), ("OPENBLAS_NUM_THREADS", "many"),
                        ("OMP_NUM_THREADS", "0"), ("HEIRLOOM_SIMD", "nonsense")]:
        done = run(*arguments, env=os.environ | ({name: value} if name else {}))
        assert done.returncode == 0, (name, value, done.stderr)
        result = read_png("out.png")[0].tobytes()
        wanted = wanted or result
        assert result == wanted, (name, value)
    done = run(*arguments, env=os.environ | {"HEIRLOOM_SIMD": "generic"})
    assert done.returncode == 0, done.stderr
    off = np.abs(read_png("out.png")[0].astype(int)
                 - np.frombuffer(wanted, "u1").reshape(90, 120, 3)).max()
    assert off <= 2, off


def check_little_memory():
    """100 megapixels, of which a large part is damaged, with less memory than they take."""
    with open(HEIRLOOM, "rb") as file:
        if b"__asan_init" in file.read():
            raise Skip("the address sanitizer takes more memory than that by itself")
    side = 10000
    image = Image.new("L", (side, side), 100)
    image.save("in.png", compress_level=1)
    image.paste(0, (0, 0, side, side))
    image.paste(255, (100, 100, side - 100, side - 1500))
    image.save("mask.png", compress_level=1)
    open("out.png", "w").write("what was here before")
    for gigabytes in (1, 2.2):
        most = int(gigabytes * 2 ** 30)
        done = run("in.png", "out.png", "--mask", "mask.png", "--mask-grow", 1, "--method", "deep",
                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most, most)))
        check_said(done, "memory")
        assert open("out.png").read() == "what was here before"


CASES = [("every shape of damage", check_shapes), ("one pixel", check_one_pixel),
         ("odd values", check_values), ("transparent", check_transparent),
         ("full disk", check_full_disk), ("unwritable folder", check_unwritable),
         ("report to a device", check_report), ("nothing to check", check_nothing_to_check), ("odd environment", check_environment),
         ("little memory", check_little_memory)]


sys.exit(run_cases(CASES, sys.argv[2] if len(sys.argv) > 2 else None))
