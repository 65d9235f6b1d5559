#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the deblurring gains, and how long it takes: tables of PSNR in dB.

    bench-deblur.py BENCH-DEBLUR [PICTURE...] [--methods wiener,tv,prior] [--crop N]
    bench-deblur.py BENCH-DEBLUR PICTURE... --trials [--methods prior] [--crop 512] [--known]

BENCH-DEBLUR is the program built from bench-deblur.c. The pictures are not part of the project;
HEIRLOOM_BENCH_PICTURES names them, with colons between, where the command line does not. Each is
blurred in light beyond its reflected borders, has noise added and is rounded to 8 bits; then
deblurred with the true point spread function by each method and with an estimated one ("auto").
The peers know the true one and work in light as well: Richardson and Lucy's method (30 steps) and,
where installed, the Wiener filter of scikit-image ("sk W.") and G'MIC's Richardson-Lucy ("G'MIC",
for Gaussians). The rows "circular" are the papers' way: gray values as they are, blurred around the
borders, noise of 2, not rounded; only pictures of 256 x 256 are counted there. HEIRLOOM_BENCH_KERNELS
may name a file of kernels as numpy.savez() writes it, such as those of Levin et al. (CVPR 2009):
each is then tried in the same way with a noise of 2.55. Seconds are of the processor.

--trials tries the automatic choice alone, what is blurred and how being unknown: each picture, the
middle of it, sharp and with four blurs of light, under white noise of 1.5 and grain of 1 % that is
correlated over 0.7 pixels, by turns. It says what was found, what was gained, and the seconds; with
--known also what the true blur gains; in the end the mean and the worst, and how many of the sharp
ones were changed.
"""
import argparse
import os
import shutil
import subprocess
import tempfile

import numpy as np
from PIL import Image

BLURS = ("gaussian:1.6", "disk:3", "motion:9:30")
TRIALS = ("gaussian:1.2", "gaussian:2", "disk:2.5", "motion:9:30")


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


def skimage_wiener(planes, kernel, noise):
    """scikit-image's Wiener-Hunt filter in light; None where it is not installed."""
    try:
        from skimage.restoration import wiener
    except ImportError:
        return None
    # Its balance weighs a Laplacian; the best of three, which favours it.
    return [encode(np.clip(np.stack([wiener(p, kernel, balance) for p in decode(planes)]), 0, None))
            for balance in (0.001, 0.01, 0.1)]


def gmic(planes, text):
    """G'MIC's Richardson-Lucy in light; None where it is not installed or knows no such blur."""
    if not shutil.which("gmic") or not text.startswith("gaussian:"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        before, after = folder + "/in.tif", folder + "/out.tif"
        out = []
        for plane in decode(planes):
            Image.fromarray((plane * 255).astype(np.float32)).save(before)
            done = subprocess.run(["gmic", "-v", "-", before, "deblur_richardsonlucy",
                                   text.split(":")[1] + ",30,0", "o", after + ",float"],
                                  capture_output=True)
            if done.returncode:
                return None
            out.append(np.asarray(Image.open(after), float) / 255)
    return encode(np.clip(np.stack(out), 0, None))


def psnr(a, b):
    return -10 * np.log10(((np.clip(a, 0, 1) - b) ** 2).mean())


def deblur(options, planes, psf, method, mode, noise):
    """The sharp planes, and the seconds that it took."""
    known = np.ones(planes.shape[1:], np.float32)
    done = subprocess.run(
        [options.program, *map(str, planes.shape), psf, method, mode, str(noise), options.weights],
        input=planes.astype(np.float32).tobytes() + known.tobytes(), capture_output=True)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    found, seconds = done.stderr.decode().split()[-2:]
    return (np.frombuffer(done.stdout, np.float32).reshape(planes.shape).astype(float),
            float(seconds), found)


def load(path, gray, crop, middle=False):
    picture = np.asarray(Image.open(path).convert("L" if gray else "RGB")).astype(float) / 255
    y, x = (max((n - crop) // 2, 0) if middle else 0 for n in picture.shape[:2])
    picture = picture[y:y + crop, x:x + crop]
    return picture[None] if picture.ndim == 2 else np.moveaxis(picture, 2, 0)


def measure_light(options, methods, path, rows):
    random = np.random.RandomState(1)
    truth = load(path, False, options.crop)
    for text in BLURS:
        for sigma in (0, 2):
            kernel = point_spread(text)
            seen = encode(np.clip(blur(decode(truth), kernel, "symmetric"), 0, 1))
            seen += random.randn(*seen.shape) * sigma / 255
            seen = (seen * 255).round().clip(0, 255) / 255
            noise = max(sigma, 0.3) / 255
            row = [psnr(seen, truth)]
            row += [psnr(deblur(options, seen, text, m, "light", noise)[0], truth) for m in methods]
            found, seconds, _ = deblur(options, seen, "auto", "prior", "light", noise)
            row += [psnr(found, truth), seconds, psnr(richardson_lucy(seen, kernel), truth)]
            hunt, other = skimage_wiener(seen, kernel, noise), gmic(seen, text)
            row.append(max(psnr(x, truth) for x in hunt) if hunt else np.nan)
            row.append(psnr(other, truth) if other is not None else np.nan)
            rows.setdefault(f"{text} noise {sigma}", []).append(row)
            print(f"{path[-14:]:15}{text:13}{sigma:<4}" + "".join(f"{v:10.2f}" for v in row),
                  flush=True)


def measure_trials(options, method):
    gains, below, changed, seconds, pixels = [], [], 0, [], 0
    for i, path in enumerate(options.pictures):
        truth = load(path, False, options.crop, True)
        for j, text in enumerate(("sharp", *TRIALS)):
            random = np.random.RandomState(1)
            seen, grain = truth, (i + j) % 2 == 1
            if text != "sharp":
                seen = encode(np.clip(blur(decode(truth), point_spread(text), "symmetric"), 0, 1))
            noise = random.randn(*seen.shape)
            if grain:
                noise = blur(noise, point_spread("gaussian:0.7", 15), "wrap")
            noise *= (0.01 if grain else 1.5 / 255) / noise.std()
            seen = ((seen + noise) * 255).round().clip(0, 255) / 255
            sharp, spent, found = deblur(options, seen, "auto", method, "find", "auto")
            gain = psnr(sharp, truth) - psnr(seen, truth)
            line = f"{os.path.basename(path):14}{text:13}{'grain' if grain else 'white':6}{found:20}"
            line += f"{psnr(seen, truth):7.2f}{gain:7.2f}{spent:7.2f} s"
            if text == "sharp":
                changed += found != "-"
            else:
                gains.append(gain)
                seconds.append(spent)
                pixels += truth[0].size
                if options.known:
                    best = deblur(options, seen, text, method, "light", "auto")[0]
                    below.append(psnr(best, truth) - psnr(sharp, truth))
                    line += f"{gain + below[-1]:7.2f} with the true blur"
            print(line, flush=True)
    print(f"{method}: {len(gains)} blurred, mean gain {np.mean(gains):.2f} dB, worst "
          f"{min(gains):.2f} dB; {changed} of {len(options.pictures)} sharp ones changed; "
          f"{sum(seconds) / pixels * 1e6:.1f} s for a megapixel"
          + (f"; {np.mean(below):.2f} dB below the true blur" if below else ""))


def measure_circular(options, methods, path, name, psf, kernel, sigma, rows):
    gray = load(path, True, options.crop)
    if gray.shape[1:] != (256, 256):
        return
    seen = blur(gray, kernel, "wrap") + np.random.RandomState(1).randn(*gray.shape) * sigma / 255
    row = [psnr(seen, gray)]
    row += [psnr(deblur(options, seen, psf, m, "circular", sigma / 255)[0], gray) for m in methods]
    rows.setdefault(name, []).append(row)


def centred(kernel):
    """Its centre of gravity in the middle, as hl_psf_new_from_pixels() has it."""
    kernel = kernel / kernel.sum()
    y, x = np.nonzero(kernel > 0)
    middle = [int(np.rint((kernel[y, x] * at).sum())) for at in (y, x)]
    reach = max(abs(y - middle[0]).max(), abs(x - middle[1]).max())
    out = np.zeros((2 * reach + 1, 2 * reach + 1))
    out[y - middle[0] + reach, x - middle[1] + reach] = kernel[y, x]
    return out


def measure_speed(options):
    large = np.random.RandomState(1).rand(3, 4000, 6000).astype(np.float32)
    wiener, bare = (min(deblur(options, large, "gaussian:1.6", method, "light", 0.01)[1]
                        for _ in range(2)) for method in ("wiener", "fftw"))
    print(f"24 megapixels RGB: Wiener {wiener:.2f} s, its transforms alone {bare:.2f} s, "
          f"{wiener / bare:.1f} times")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("program")
    p.add_argument("pictures", nargs="*")
    p.add_argument("--weights", default=os.path.join(
        os.path.dirname(__file__), "..", "..", "data", "denoiser.safetensors"))
    p.add_argument("--methods", default="wiener,tv,prior")
    p.add_argument("--crop", type=int, default=256)
    p.add_argument("--trials", action="store_true")
    p.add_argument("--known", action="store_true")
    options = p.parse_args()
    methods = options.methods.split(",")
    pictures = options.pictures or [
        path for path in os.environ.get("HEIRLOOM_BENCH_PICTURES", "").split(":") if path]
    rows = {}
    if options.trials:
        for method in methods:
            measure_trials(options, method)
        return
    if pictures:
        columns = ["blurred", *methods, "auto", "auto s", "R.-Lucy", "sk W.", "G'MIC"]
        print(f"{'':32}" + "".join(f"{name:>10}" for name in columns))
    else:
        print("No pictures to blur: set HEIRLOOM_BENCH_PICTURES.")
    with tempfile.TemporaryDirectory() as folder:
        kernels = os.environ.get("HEIRLOOM_BENCH_KERNELS")
        kernels = [centred(k) for k in np.load(kernels).values()] if kernels else []
        for path in pictures:
            measure_light(options, methods, path, rows)
            measure_circular(options, methods, path, "circular gaussian:1.6", "gaussian:1.6",
                             point_spread("gaussian:1.6"), 2, rows)
            for i, kernel in enumerate(kernels):
                name = os.path.join(folder, "kernel")
                kernel.astype(np.float32).tofile(name)
                measure_circular(options, methods, path, f"circular kernel {i + 1}", name, kernel,
                                 2.55, rows)
    for name, found in rows.items():
        print(f"mean {name:27}" + "".join(f"{v:10.2f}" for v in np.mean(found, axis=0)))
    measure_speed(options)


main()
