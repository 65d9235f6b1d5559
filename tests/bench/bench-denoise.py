#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well the learned prior takes out noise, and how well it alone fills missing pixels.

    bench-denoise.py PATH/TO/heirloom PICTURE|FOLDER...

A folder stands for all pictures in it, say of a public set (BSD68, CBSD68, Kodak24, Set12), and gets
a mean of its own.
Gaussian noise of sigma 15, 25 and 50 of 255, not clipped; and half of the pixels missing. PSNR
in dB of the whole picture, the result clipped and rounded to 8 bits as the papers do.
"""
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "pipeline"))
from pictures import read_tiff, write_tiff

HEIRLOOM = os.path.abspath(sys.argv[1])
SIGMAS = 15, 25, 50


def psnr(result, truth):
    error = (result * 255).round().clip(0, 255) - truth
    return 10 * np.log10(255 ** 2 / (error ** 2).mean())


def to_light(seen):
    """Floats in a file hold linear light: the curve of sRGB (IEC 61966-2-1), undone."""
    return np.where(seen <= 0.04045, seen / 12.92, ((np.maximum(seen, 0) + 0.055) / 1.055) ** 2.4)


def to_seen(light):
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055)


def restore(damaged, *arguments):
    write_tiff("in.tif", to_light(damaged).astype("f4"))
    start = time.perf_counter()
    subprocess.run([HEIRLOOM, "restore", "in.tif", "out.tif", "--grain", "0", "--find", "off", "--deblur",
                    "none", *arguments], check=True, capture_output=True)
    return to_seen(read_tiff("out.tif")[0].astype(float)), time.perf_counter() - start


def measure(path):
    image = Image.open(path)
    truth = np.asarray(image.convert("L" if image.mode in ("L", "1", "I") else "RGB"), float)
    truth = truth[..., None] if truth.ndim == 2 else truth
    rng, row = np.random.RandomState(0), []
    for sigma in SIGMAS:
        noisy = (truth + sigma * rng.randn(*truth.shape)) / 255
        result, seconds = restore(noisy, "--denoise", "--noise-level", f"{sigma / 2.55:.6f}")
        row += [psnr(result, truth), seconds]
    mask = rng.rand(*truth.shape[:2]) < 0.5
    Image.fromarray((mask * 255).astype("u1")).save("mask.png")
    result, seconds = restore(truth / 255 * ~mask[..., None], "--mask", "mask.png")
    return row + [psnr(result, truth), seconds]


def show(name, row):
    print(f"{name:20.20s}", *(f"{v:8.2f}" if i % 2 == 0 else f"{v:5.1f}" for i, v in enumerate(row)),
          flush=True)


def pictures(path):
    if not os.path.isdir(path):
        return [path]
    return [os.path.join(path, name) for name in sorted(os.listdir(path))
            if name.lower().endswith((".png", ".jpg", ".jpeg", ".bmp", ".tif"))]


def main():
    groups = [(path, pictures(os.path.abspath(path))) for path in sys.argv[2:]]
    print(f"{'picture':20s}", *(f"sigma {sigma:<3d}     s" for sigma in SIGMAS), "half missing    s")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for group, paths in groups:
            first = len(rows)
            for path in paths:
                rows.append(measure(path))
                show(os.path.basename(path), rows[-1])
            if len(paths) > 1 and len(groups) > 1:
                show("mean of " + os.path.basename(group.rstrip("/")), np.mean(rows[first:], 0))
    show("mean", np.mean(rows, 0))


main()
