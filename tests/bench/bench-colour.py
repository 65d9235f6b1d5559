#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well faded colours are restored, beside what else there is.

    bench-colour.py PATH/TO/measure-colour

It prints mean CIEDE2000 to the unfaded pictures, which are not part of the project;
environment variables name them:

    HEIRLOOM_BENCH_PICTURES   pictures, with colons between: none that fit-colour.py was given
    HEIRLOOM_BENCH_EACH       how often each is faded, 2 unless set
    HEIRLOOM_BENCH_GIMP       gimp-console, perhaps with what comes before it; may be left out
    HEIRLOOM_BENCH_MAGICK     ImageMagick's mogrify; likewise

A picture is faded by D' = S diag(r) S^-1 D + stain in densities of its linear light, with the dyes
of other makers than the program takes for given, r of 0.35 to 0.95, a stain of up to 0.3 in blue,
every other one with noise and as a JPEG. All are scaled to 512 pixels at most. "Uneven" is the same
with the middle of the sheet faded half as much, "picked" with three pixels named that are gray in
truth, as a person would click them. Stains are drawn and taken off in PSNR (dB).
"""
import io
import math
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

# Densities in the linear light of sRGB of equal amounts of cyan, magenta and yellow (columns), from
# the spectral dye densities in the makers' data sheets; plug-in/restore/colour/dyes.c says how.
DYES = {
    "Endura Premier": [[1.068, 0.012, -0.079], [0.144, 0.772, 0.084], [-0.010, 0.058, 0.952]],
    "Portra Endura": [[1.085, -0.007, -0.078], [0.168, 0.757, 0.075], [0.010, 0.054, 0.936]],
    "Crystal Archive Super C": [[1.077, -0.024, -0.052], [0.141, 0.796, 0.064], [0.001, 0.074, 0.925]],
    "Ektachrome 100D": [[0.926, 0.150, -0.077], [0.134, 0.792, 0.074], [0.016, 0.108, 0.876]],
    "Kodachrome 64": [[0.779, 0.248, -0.027], [0.068, 0.887, 0.045], [0.026, 0.231, 0.743]],
    "Eastman 5383": [[1.053, 0.005, -0.058], [0.219, 0.737, 0.043], [0.007, 0.188, 0.805]],
    "Crystal Archive II": [[1.070, -0.011, -0.058], [0.126, 0.811, 0.063], [0.002, 0.069, 0.930]],
    "Provia 100F": [[0.911, 0.113, -0.024], [0.208, 0.733, 0.059], [0.102, 0.175, 0.724]],
    "Vision 2383": [[1.037, 0.023, -0.060], [0.146, 0.782, 0.072], [0.038, 0.088, 0.875]],
    "Ektacolor Edge": [[1.085, -0.013, -0.071], [0.182, 0.755, 0.063], [0.006, 0.066, 0.928]],
    "Velvia 50": [[0.975, 0.109, -0.084], [0.193, 0.692, 0.115], [0.022, 0.134, 0.843]],
    "Instax": [[0.783, 0.143, 0.074], [0.262, 0.556, 0.182], [0.108, 0.192, 0.700]],
    "Eastman 5384": [[0.986, 0.058, -0.044], [0.211, 0.740, 0.049], [0.014, 0.172, 0.814]],
    "Ektachrome Radiance III": [[0.868, 0.117, 0.015], [0.275, 0.572, 0.153], [0.132, 0.139, 0.729]],
}
FIT_DYES, BENCH_DYES = list(DYES)[:6], list(DYES)[6:]


def decode(values):
    """sRGB to linear light."""
    return np.where(values <= 0.04045, values / 12.92, ((np.maximum(values, 0) + 0.055) / 1.055) ** 2.4)


def encode(light):
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def fade_by(values, dyes, share, stain, where=None):
    """@where: (H, W), how far each place has faded, 0 to 1; all of it by default."""
    matrix = np.array(DYES[dyes])
    density = -np.log10(np.maximum(decode(values), 1e-3))
    faded = density @ (matrix @ np.diag(share) @ np.linalg.inv(matrix)).T + stain
    if where is not None:
        faded = density + where[..., None] * (faded - density)
    return np.round(encode(10 ** -faded) * 255) / 255


def to_lab(values):
    xyz = decode(values) @ np.array([[0.4124564, 0.2126729, 0.0193339], [0.3575761, 0.7151522, 0.1191920],
                                     [0.1804375, 0.0721750, 0.9503041]]) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def ciede2000(first, second):
    """Sharma, Wu, Dalal, Color Research and Application 30(1), 2005; of sRGB values."""
    (l1, a1, b1), (l2, a2, b2) = (np.moveaxis(to_lab(x), -1, 0) for x in (first, second))
    c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    g = 1.5 - 0.5 * np.sqrt(c7 / (c7 + 25.0 ** 7))
    c1, c2 = np.hypot(g * a1, b1), np.hypot(g * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, g * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    gray = c1 * c2 == 0
    dh = np.where(gray, 0, (h2 - h1 + 180) % 360 - 180)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh) / 2)
    h = np.where(gray, h1 + h2, np.where(abs(h1 - h2) > 180, (h1 + h2 + 360) / 2 % 360, (h1 + h2) / 2))
    l, c = (l1 + l2) / 2, (c1 + c2) / 2
    t = (1 - 0.17 * np.cos(np.radians(h - 30)) + 0.24 * np.cos(np.radians(2 * h))
         + 0.32 * np.cos(np.radians(3 * h + 6)) - 0.20 * np.cos(np.radians(4 * h - 63)))
    sl = 1 + 0.015 * (l - 50) ** 2 / np.sqrt(20 + (l - 50) ** 2)
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / (1 + 0.045 * c), dh / (1 + 0.015 * c * t)
    rotation = -2 * np.sqrt(c ** 7 / (c ** 7 + 25.0 ** 7)) * np.sin(np.radians(60 * np.exp(-((h - 275) / 25) ** 2)))
    return np.sqrt(np.maximum(dl ** 2 + dc ** 2 + dh ** 2 + rotation * dc * dh, 0))


# ---------------------------------------------------------------- the comparison

NONE, AUTO, PRINT, SLIDE, GRAY = range(5)


def restore(values, kind, tone=0, noise=0, points=()):
    planes = np.ascontiguousarray(np.moveaxis(values, -1, 0), np.float32)
    called = subprocess.run([sys.argv[1], str(kind), str(tone), str(noise), *map(str, planes.shape[:1]),
                             str(planes.shape[2]), str(planes.shape[1]), *(f"{x:.5f}" for p in points for x in p)],
                            input=planes.tobytes(), capture_output=True, check=True)
    return np.moveaxis(np.frombuffer(called.stdout, np.float32).reshape(planes.shape), 0, -1).astype(float)


def load(path):
    image = Image.open(path).convert("RGB")
    image.thumbnail((512, 512), Image.BOX)
    return np.asarray(image, np.float32) / np.float32(255)


def to_bytes(values):
    return (values * 255 + 0.5).astype(np.uint8)


def age(values, rng):
    """Grain, and a JPEG."""
    grain = rng.normal(0, 0.015, values.shape[:2])[..., None] + rng.normal(0, 0.008, values.shape)
    noisy = np.clip(values + grain, 0, 1)
    file = io.BytesIO()
    Image.fromarray(to_bytes(noisy)).save(file, "JPEG", quality=88)
    return np.asarray(Image.open(file), float) / 255


def draw_fading(rng):
    return (BENCH_DYES[rng.integers(len(BENCH_DYES))], rng.uniform(0.35, 0.95, 3),
            rng.uniform(0, [0.05, 0.1, 0.3]) * rng.uniform())


def pick_grays(values, rng):
    """Three points whose surroundings are gray and of different density, as far as there are any."""
    height, width = values.shape[:2]
    lab = to_lab(values)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    chroma = sum(np.roll(np.roll(chroma, i, 0), j, 1) for i in (-2, 0, 2) for j in (-2, 0, 2)) / 9
    points = []
    for low, high in ((15, 40), (40, 65), (65, 92)):
        ys, xs = np.nonzero((chroma[3:-3, 3:-3] < 3) & (lab[3:-3, 3:-3, 0] > low) & (lab[3:-3, 3:-3, 0] < high))
        if len(ys):
            k = rng.integers(len(ys))
            points.append(((xs[k] + 3.5) / width, (ys[k] + 3.5) / height))
    return points


def gray_world(values):
    light = decode(values)
    return encode(light * light.mean() / light.mean((0, 1)))


def ask_magick(paths, operation):
    outs = [path.replace(".png", ".out.png") for path in paths]
    for path, out in zip(paths, outs):
        shutil.copy(path, out)
    subprocess.run([*os.environ["HEIRLOOM_BENCH_MAGICK"].split(), "-channel", "RGB", operation, *outs], check=True)


GIMP_PEERS = {
    "GIMP auto white balance": "(gimp-drawable-levels-stretch layer)",
    "GIMP stretch contrast": "(gimp-drawable-merge-new-filter layer \"gegl:stretch-contrast\" \"\" LAYER-MODE-REPLACE 1.0"
                             " \"keep-colors\" FALSE)",
    "GIMP stretch HSV": "(gimp-drawable-merge-new-filter layer \"gegl:stretch-contrast-hsv\" \"\" LAYER-MODE-REPLACE 1.0)",
    "GIMP colour enhance": "(gimp-drawable-merge-new-filter layer \"gegl:color-enhance\" \"\" LAYER-MODE-REPLACE 1.0)",
    "GIMP equalize": "(gimp-drawable-equalize layer FALSE)",
    "GIMP Retinex": "(plug-in-retinex #:run-mode RUN-NONINTERACTIVE #:image image #:drawables (vector layer))",
}


def ask_gimp(paths, operation):
    script = "".join(
        f"""(let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{path}")))
                   (layer (vector-ref (car (gimp-image-get-layers image)) 0)))
              {operation}
              (gimp-file-save RUN-NONINTERACTIVE image "{path.replace('.png', '.out.png')}")
              (gimp-image-delete image))\n""" for path in paths)
    with open(os.path.join(os.path.dirname(paths[0]), "ask.scm"), "w") as file:
        file.write(script)
    subprocess.run([*os.environ["HEIRLOOM_BENCH_GIMP"].split(), "-i", "-d", "-f",
                    "--batch-interpreter=plug-in-script-fu-eval", "-b", f'(load "{file.name}")', "--quit"],
                   check=True, capture_output=True, timeout=60 + 10 * len(paths))


def ask_peers(faded, truths):
    """Name and differences of each peer's results."""
    yield "gray world", [ciede2000(gray_world(f / 255), t).mean() for f, t in zip(faded, truths)]
    asked = []
    if os.environ.get("HEIRLOOM_BENCH_MAGICK"):
        asked += [("ImageMagick " + o, ask_magick, o) for o in ("-normalize", "-auto-level")]
    if os.environ.get("HEIRLOOM_BENCH_GIMP"):
        asked += [(name, ask_gimp, operation) for name, operation in GIMP_PEERS.items()]
    for name, ask, operation in asked:
        with tempfile.TemporaryDirectory() as folder:
            paths = [f"{folder}/{i}.png" for i in range(len(faded))]
            for path, values in zip(paths, faded):
                Image.fromarray(values).save(path)
            try:
                ask(paths, operation)
            except subprocess.SubprocessError as error:
                print(f"{name}: {error}", file=sys.stderr)
                continue
            outs = [path.replace(".png", ".out.png") for path in paths]
            missing = sum(not os.path.exists(out) for out in outs)
            if missing:
                print(f"{name}: {missing} results are missing", file=sys.stderr)
                continue
            yield name, [ciede2000(np.asarray(Image.open(out).convert("RGB"), float) / 255, t).mean()
                         for out, t in zip(outs, truths)]


def write_row(name, values, before):
    values, before = np.array(values), np.array(before)
    print(f"{name:26} {values.mean():6.2f} {values.mean() / before.mean():6.2f} {np.median(values):7.2f}"
          f" {np.percentile(values, 90):6.2f} {100 * np.mean(values > before + 0.05):6.0f} %", flush=True)


def compare(pictures, each):
    truths, faded, noisy, uneven, points = [], [], [], [], []
    for i, picture in enumerate(pictures):
        values = load(picture)
        height, width = values.shape[:2]
        y, x = np.mgrid[0:height, 0:width]
        rim = 0.5 + 0.5 * np.clip(np.hypot(y / height - 0.5, x / width - 0.5) / 0.6, 0, 1) ** 2
        for k in range(each):
            rng = np.random.default_rng(7919 * i + k)
            fading = draw_fading(rng)
            truths.append(values)
            now = fade_by(values, *fading)
            noisy.append(k % 2 == 1)
            faded.append(to_bytes(age(now, rng) if noisy[-1] else now))
            uneven.append(to_bytes(fade_by(values, *fading, rim)))
            points.append(pick_grays(values, rng))

    def differ(images, kind=NONE, noises=None, points=None, truths=truths):
        """Of the images, restored as @kind unless that is NONE."""
        noises, points = noises or [0] * len(images), points or [()] * len(images)
        return [ciede2000(restore(image / 255, kind, 0, 0.015 * noise, point) if kind else image / 255, truth).mean()
                for image, truth, noise, point in zip(images, truths, noises, points)]

    print(f"mean CIEDE2000 to the unfaded picture, {len(truths)} fadings of {len(pictures)} pictures")
    print(f"{'':26} {'mean':>6} {'share':>6} {'median':>7} {'90 %':>6} {'worse':>8}")
    before = differ(faded)
    write_row("faded", before, before)
    write_row("Heirloom print", differ(faded, PRINT, noisy), before)
    write_row("Heirloom auto", differ(faded, AUTO, noisy), before)
    picked = [k for k, p in enumerate(points) if p]
    write_row(f"Heirloom picked ({len(picked)})",
              differ([faded[k] for k in picked], PRINT, [noisy[k] for k in picked], [points[k] for k in picked],
                     [truths[k] for k in picked]), [before[k] for k in picked])
    for name, values in ask_peers(faded, truths):
        write_row(name, values, before)
    before = differ(uneven)
    write_row("unevenly faded", before, before)
    write_row("Heirloom print", differ(uneven, PRINT), before)


def compare_unfaded(pictures):
    changes = []
    for picture in pictures:
        values = load(picture)
        changes.append((ciede2000(restore(values, AUTO), values).mean(), os.path.basename(picture)))
    changes.sort(reverse=True)
    print(f"\nunfaded, auto: changed by {np.mean([c for c, _ in changes]):.2f} on average; most: "
          + ", ".join(f"{name} {c:.1f}" for c, name in changes[:8]))


def compare_gray(pictures):
    """Gray prints that have yellowed, more at the rim: what colour is left, and how far off it is."""
    left, off, before = [], [], []
    for i, picture in enumerate(pictures):
        rng = np.random.default_rng(i)
        values = load(picture)
        gray = np.repeat(encode(decode(values) @ [0.2126, 0.7152, 0.0722])[..., None], 3, -1)
        height, width = gray.shape[:2]
        y, x = np.mgrid[0:height, 0:width]
        rim = np.clip(np.hypot(y / height - rng.uniform(), x / width - rng.uniform()), 0, 1)[..., None]
        stain = np.array([0.1, 0.35, 1]) * rng.uniform(0.1, 0.4)
        old = encode(10 ** -(rng.uniform(0.5, 0.9) * -np.log10(np.maximum(decode(gray), 1e-3))
                             + stain * (0.7 + 0.6 * rim)))
        old = age(old, rng)
        new = restore(old, GRAY, 0, 0.015)
        lab = to_lab(new)
        left.append(np.hypot(lab[..., 1], lab[..., 2]).max())
        off.append(ciede2000(new, gray).mean())
        before.append(ciede2000(old, gray).mean())
    print(f"\nyellowed gray prints: {np.mean(before):.2f} from the truth, restored {np.mean(off):.2f}; "
          f"chroma left {max(left):.2f} at most")


def draw_stain(values, rng):
    """The stained picture, as bytes; and how deep each pixel lies in the stain, pixels."""
    height, width = values.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(float)
    y0, x0 = rng.uniform(0.3, 0.7) * height, rng.uniform(0.3, 0.7) * width
    angle = np.arctan2(y - y0, x - x0)
    radius = rng.uniform(0.1, 0.22) * min(height, width) * (1 + sum(
        rng.normal(0, 0.12) * np.cos(k * angle + rng.uniform(0, 2 * np.pi)) for k in (2, 3, 4, 5)))
    depth = radius - np.hypot(y - y0, x - x0)
    colour = np.array([rng.uniform(0.3, 0.7), rng.uniform(0.6, 0.9), 1])
    much = -math.log10(rng.uniform(0.3, 0.8)) * np.clip(depth / 1.5 + 0.5, 0, 1)
    much *= (1 + 0.25 * np.cos(x / width * rng.uniform(2, 6) + rng.uniform(0, 6))
             * np.cos(y / height * rng.uniform(2, 6))
             + (rng.uniform() < 0.5) * 0.6 * np.exp(-np.maximum(depth, 0) / 6))
    light = np.maximum(decode(values), 1e-4) * 10 ** -(much[..., None] * colour)
    return to_bytes(encode(light)), depth


def compare_stains(pictures, each):
    """Stains that let 30 to 80 % of blue through; the rim, which is left to the repair, is not counted."""
    before, gains = [], []
    for i, picture in enumerate(pictures):
        values = load(picture)
        planes = np.empty((4, *values.shape[:2]), np.float32)
        for k in range(each):
            stained, depth = draw_stain(values, np.random.default_rng(100 * i + k))
            planes[:3], planes[3] = np.moveaxis(stained / 255, -1, 0), depth > -1.5
            called = subprocess.run([sys.argv[1], "5", "0", "0", "3", *map(str, planes.shape[:0:-1])],
                                    input=planes.tobytes(), capture_output=True, check=True)
            lifted = np.frombuffer(called.stdout, np.float32).reshape(planes.shape)
            inside = (planes[3] > 0) & (lifted[3] == 0)
            before.append(psnr(planes[:3], values, inside))
            gains.append(psnr(lifted[:3], values, inside) - before[-1])
    print(f"\n{len(gains)} stains: {np.mean(before):.1f} dB as they are; taken off, {np.mean(gains):.1f} dB more,"
          f" {min(gains):.1f} at worst")


def psnr(planes, truth, where):
    return -10 * math.log10(((np.clip(planes, 0, 1) - np.moveaxis(truth, -1, 0))[:, where] ** 2).mean())


if __name__ == "__main__":
    if os.environ.get("HEIRLOOM_BENCH_PICTURES"):
        chosen = os.environ["HEIRLOOM_BENCH_PICTURES"].split(":")
        compare(chosen, int(os.environ.get("HEIRLOOM_BENCH_EACH", 2)))
        compare_unfaded(chosen)
        compare_gray(chosen)
        compare_stains(chosen, int(os.environ.get("HEIRLOOM_BENCH_EACH", 2)))
    else:
        print("HEIRLOOM_BENCH_PICTURES names no pictures.")
