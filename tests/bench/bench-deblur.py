#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the deblurring gains, and how long it takes: a table of PSNR in dB.

    bench-deblur.py BENCH-DEBLUR [--weights FILE] [--methods wiener,tv,prior] [--crop N] PICTURE...

BENCH-DEBLUR is the program built from bench-deblur.c. Each picture is blurred in light beyond its
reflected borders, has noise added and is rounded to 8 bits; then deblurred with the true point
spread function by each method, with an estimated one ("auto"), and by 30 steps of Richardson and
Lucy's method with the true one. The row "circular" is the papers' way: gray values as they are,
blurred around the borders, noise of 2, not rounded. Only
pictures of 256 x 256 are counted there.
"""
import argparse
import subprocess

import numpy as np
from PIL import Image

BLURS = ("gaussian:1.6", "disk:3", "motion:9:30")


def decode(v):
    return np.where(v <= 0.04045, v / 12.92, ((np.maximum(v, 0.04) + 0.055) / 1.055) ** 2.4)


def encode(v):
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * np.maximum(v, 0.003) ** (1 / 2.4) - 0.055)


def point_spread(text, size=41):
    kind, *v = text.split(":")
    v = [float(t) for t in v]
    y, x = np.mgrid[-(size // 2):size // 2 + 1, -(size // 2):size // 2 + 1].astype(float)
    if kind == "gaussian":
        k = np.exp(-(x * x + y * y) / (2 * v[0] ** 2))
    elif kind == "disk":
        k = np.clip(v[0] + 0.5 - np.hypot(x, y), 0, 1)
    else:
        c, s = np.cos(np.deg2rad(v[1])), np.sin(np.deg2rad(v[1]))
        k = np.clip(v[0] / 2 + 0.5 - abs(x * c + y * s), 0, 1) * np.clip(1 - abs(y * c - x * s), 0, 1)
    return k / k.sum()


def blur(planes, kernel, mode):
    """Planes (C, H, W) blurred; mode as numpy.pad() has it: symmetric or wrap."""
    q = kernel.shape[0] // 2
    out = np.empty_like(planes)
    for plane, to in zip(planes, out):
        p = np.pad(plane, q, mode=mode)
        k = np.zeros(p.shape)
        k[:2 * q + 1, :2 * q + 1] = kernel
        k = np.roll(k, (-q, -q), (0, 1))
        to[:] = np.fft.irfft2(np.fft.rfft2(p) * np.fft.rfft2(k), p.shape)[q:-q, q:-q]
    return out


def richardson_lucy(planes, kernel, steps=30):
    seen = decode(planes)
    x = seen.copy()
    for _ in range(steps):
        ratio = seen / np.maximum(blur(x, kernel, "symmetric"), 1e-4)
        x = np.maximum(x * blur(ratio, kernel[::-1, ::-1], "symmetric"), 0)
    return encode(x)


def psnr(a, b):
    return -10 * np.log10(((np.clip(a, 0, 1) - b) ** 2).mean())


def deblur(options, planes, psf, method, mode, noise):
    """The sharp planes, and the seconds that it took."""
    known = np.ones(planes.shape[1:], np.float32)
    done = subprocess.run(
        [options.program, *map(str, planes.shape), psf, method, mode, str(noise),
         options.weights or ""],
        input=planes.astype(np.float32).tobytes() + known.tobytes(), capture_output=True)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    return (np.frombuffer(done.stdout, np.float32).reshape(planes.shape).astype(float),
            float(done.stderr.split()[-1]))


def load(path, gray, crop):
    picture = np.asarray(Image.open(path).convert("L" if gray else "RGB")).astype(float) / 255
    picture = picture[:crop, :crop]
    return picture[None] if picture.ndim == 2 else np.moveaxis(picture, 2, 0)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("program")
    p.add_argument("pictures", nargs="+")
    p.add_argument("--weights")
    p.add_argument("--methods", default="wiener,tv")
    p.add_argument("--crop", type=int, default=256)
    options = p.parse_args()
    methods = options.methods.split(",")
    columns = ["blurred", *methods, "auto", "R.-Lucy"]
    print(f"{'':32}" + "".join(f"{name:>10}" for name in columns))
    rows = {}
    for path in options.pictures:
        random = np.random.RandomState(1)
        truth = load(path, False, options.crop)
        for text in BLURS:
            for sigma in (0, 2):
                kernel = point_spread(text)
                seen = encode(np.clip(blur(decode(truth), kernel, "symmetric"), 0, 1))
                seen += random.randn(*seen.shape) * sigma / 255
                seen = (seen * 255).round().clip(0, 255) / 255
                row = [psnr(seen, truth)]
                for method in methods:
                    row.append(psnr(deblur(options, seen, text, method, "light", sigma / 255)[0],
                                    truth))
                row.append(psnr(deblur(options, seen, "auto", "tv", "light", sigma / 255)[0], truth))
                row.append(psnr(richardson_lucy(seen, kernel), truth))
                rows.setdefault(f"{text} noise {sigma}", []).append(row)
                print(f"{path[-14:]:15}{text:13}{sigma:<4}" + "".join(f"{v:10.2f}" for v in row),
                      flush=True)
        gray = load(path, True, options.crop)
        if gray.shape[1:] != (256, 256):
            continue
        seen = blur(gray, point_spread("gaussian:1.6"), "wrap")
        seen += random.randn(*seen.shape) * 2 / 255
        row = [psnr(seen, gray)]
        row += [psnr(deblur(options, seen, "gaussian:1.6", method, "circular", 2 / 255)[0], gray)
                for method in methods]
        rows.setdefault("circular", []).append(row)
        print(f"{path[-14:]:15}{'circular':17}" + "".join(f"{v:10.2f}" for v in row), flush=True)
    for name, found in rows.items():
        print(f"mean {name:27}" + "".join(f"{v:10.2f}" for v in np.mean(found, axis=0)))
    large = np.random.RandomState(1).rand(3, 1500, 2000)
    wiener = min(deblur(options, large, "gaussian:1.6", "wiener", "light", 0.01)[1] for _ in range(3))
    bare = min(deblur(options, large, "gaussian:1.6", "fftw", "light", 0.01)[1] for _ in range(3))
    print(f"3 megapixels RGB: Wiener {wiener:.2f} s, its transforms alone {bare:.2f} s, "
          f"{wiener / bare:.1f} times")


main()
