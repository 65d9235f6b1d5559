#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well and how fast damage is mended, beside what else there is.

    bench-restore.py PATH/TO/heirloom

Prints two tables. The first needs pictures, which are not part of the project, and scripts that
damage them and ask the peers; environment variables name them:

    HEIRLOOM_BENCH_PICTURES   pictures, with colons between
    HEIRLOOM_BENCH_DAMAGE     called as KIND IN.png OUT.png MASK.png --seed N
    HEIRLOOM_BENCH_PEERS      called as DAMAGED.png MASK.png TRUTH.png, prints lines such as
                              "telea  hole 26.27 dB  all 42.28 dB  0.02 s"; may be left out
    HEIRLOOM_BENCH_KINDS      scratch crease blotch dust text, unless set
    HEIRLOOM_BENCH_METHODS    prior, unless set; deep takes minutes for each
    HEIRLOOM_BENCH_SEED       11, unless set

All figures are PSNR in the hole, in dB, without grain, which is judged by eye. The second table
is of a drawn picture: seconds and memory as the picture grows and as the damage grows.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image, ImageDraw

HEIRLOOM = os.path.abspath(sys.argv[1])
KINDS = os.environ.get("HEIRLOOM_BENCH_KINDS", "scratch crease blotch dust text").split()
METHODS = os.environ.get("HEIRLOOM_BENCH_METHODS", "prior").split()
SEED = os.environ.get("HEIRLOOM_BENCH_SEED", "11")


def load(path):
    image = Image.open(path)
    return np.asarray(image.convert("L" if image.mode in ("L", "1", "I") else "RGB"), float)


def hole_psnr(path, truth, mask):
    error = (load(path) - truth)[mask] ** 2
    return 10 * np.log10(255 ** 2 / max(error.mean(), 1e-9))


def window(plane):
    """Means over 8x8 pixels at each place."""
    sums = np.cumsum(np.cumsum(np.pad(plane, ((1, 0), (1, 0))), 0), 1)
    return (sums[8:, 8:] - sums[:-8, 8:] - sums[8:, :-8] + sums[:-8, :-8]) / 64


def ssim(a, b):
    """Structural similarity over uniform windows (Wang et al. 2004), of the luminance."""
    a, b = (x.mean(2) if x.ndim == 3 else x for x in (a, b))
    ma, mb = window(a), window(b)
    va, vb, cab = window(a * a) - ma ** 2, window(b * b) - mb ** 2, window(a * b) - ma * mb
    return ((2 * ma * mb + 6.5) * (2 * cab + 58.5) / ((ma ** 2 + mb ** 2 + 6.5) * (va + vb + 58.5))).mean()


def restore(source, target, mask, *arguments):
    """Seconds, and the program's report."""
    start = time.perf_counter()
    subprocess.run([HEIRLOOM, "restore", source, target, "--mask", mask, "--report", "report.json",
                    *arguments], check=True, capture_output=True)
    return time.perf_counter() - start, json.load(open("report.json"))


def ask_peers():
    script = os.environ.get("HEIRLOOM_BENCH_PEERS")
    if not script:
        return {}
    said = subprocess.run([sys.executable, script, "damaged.png", "mask.png", "truth.png"],
                          capture_output=True, text=True).stdout
    return {name.strip(): (float(psnr), float(seconds)) for name, psnr, seconds in
            re.findall(r"^(.*?)\s+hole\s+([-\d.]+) dB.*?([\d.]+) s$", said, re.M)}


def measure_quality(pictures):
    print(f"{'damage':8s} {'picture':18s} {'best peer':>24s}",
          *(f"{method + ' dB  SSIM    s':>24s}" for method in METHODS))
    margins = {}
    for kind in KINDS:
        for picture in pictures:
            Image.open(picture).save("truth.png")
            subprocess.run([sys.executable, os.environ["HEIRLOOM_BENCH_DAMAGE"], kind, "truth.png",
                            "damaged.png", "mask.png", "--seed", SEED], check=True, capture_output=True)
            truth, mask = load("truth.png"), load("mask.png") > 127
            mask = mask[..., 0] if mask.ndim == 3 else mask
            peers = ask_peers()
            best = max(peers, key=lambda name: peers[name][0]) if peers else None
            row = f"{best + ' %.2f' % peers[best][0] if best else '-':>24s}"
            for method in METHODS:
                seconds, _ = restore("damaged.png", "out.png", "mask.png", "--method", method, "--grain", "0")
                psnr = hole_psnr("out.png", truth, mask)
                row += f" {psnr:10.2f} {ssim(load('out.png'), truth):.4f} {seconds:6.1f}"
                if best:
                    margins.setdefault((kind, method), []).append(psnr - peers[best][0])
            print(f"{kind:8s} {os.path.basename(picture):18.18s} {row}", flush=True)
    for (kind, method), values in margins.items():
        print(f"{method} on {kind}: {np.mean(values):+.2f} dB above the best peer of each case in the "
              f"mean, {min(values):+.2f} in the worst")


def draw_large(megapixels, hairs):
    """A picture with slopes, edges and texture, 4 by 3, and hairs of 3 pixels across it."""
    width, height = int((megapixels * 4e6 / 3) ** 0.5), int((megapixels * 3e6 / 4) ** 0.5)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    planes = [110 + 50 * np.sin(x / 170 + c) * np.cos(y / 130) + 25 * (np.sin((x + 0.6 * y) / 40) > 0)
              + 6 * np.sin(x * 0.8) * np.sin(y * 0.7) for c in range(3)]
    image = Image.fromarray(np.dstack(planes).astype(np.uint8))
    mask = Image.new("L", image.size, 0)
    pen, dice = ImageDraw.Draw(mask), np.random.RandomState(7)
    for _ in range(hairs):
        x0, y0, angle = dice.rand() * width, dice.rand() * height, dice.rand() * 6.3
        points = [(x0, y0)]
        for _ in range(20):
            angle += 0.2 * dice.randn()
            points.append((points[-1][0] + 40 * np.cos(angle), points[-1][1] + 40 * np.sin(angle)))
        pen.line(points, fill=255, width=3)
    image.paste(245, mask=mask)
    image.save("large.png", compress_level=1)
    mask.save("large-mask.png")
    return 100 * (np.asarray(mask) > 0).mean()


def measure_growth():
    print("\nmegapixels  hairs  damaged  restoring      all  memory")
    for megapixels, hairs in (3, 25), (12, 25), (48, 25), (12, 50), (12, 100), (12, 110):
        share = draw_large(megapixels, hairs)
        seconds, report = restore("large.png", "out.png", "large-mask.png")
        print(f"{megapixels:10d} {hairs:6d} {share:7.2f}% {report['seconds']:8.1f} s {seconds:6.1f} s "
              f"{report['peak_memory_bytes'] / 2**20:6.0f} MiB", flush=True)


def main():
    pictures = [os.path.abspath(p) for p in os.environ.get("HEIRLOOM_BENCH_PICTURES", "").split(":") if p]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        if pictures and "HEIRLOOM_BENCH_DAMAGE" in os.environ:
            measure_quality(pictures)
        else:
            print("No pictures to damage: set HEIRLOOM_BENCH_PICTURES and HEIRLOOM_BENCH_DAMAGE.")
        measure_growth()


main()
