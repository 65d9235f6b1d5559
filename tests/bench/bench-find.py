#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well heirloom detect finds damage.

    bench-find.py PROGRAM [--real DIR] [--sound DIR] [--drawn DIR]
    bench-find.py --fit MEASURE --real DIR --sound DIR --drawn DIR

PROGRAM is heirloom, MEASURE tests/measure-pieces. --real holds damaged photographs NAME.png with
NAME.mask.png beside them: 255 damage, 128 does not count, 0 sound. --sound holds undamaged ones, of
which nothing should be selected, and --drawn others, on which damage is drawn. --fit fits the
weights of restore/find/pieces.c, prints them, and says what they are worth on pictures that were
left out of the fit one by one. Needs numpy, scipy and Pillow.
"""
import argparse
import glob
import os
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

TOLERANCE = 2
ANGLES = (0, 7, 33, 58, 90, 127)
STEM = ("mean", "area", "diameter", "brightness", "saturation", "relative", "certain", "likely")


def load(path):
    image = Image.open(path)
    gray = image.mode in ("L", "1", "I", "I;16")
    pixels = np.asarray(image.convert("L" if gray else "RGB")).astype(float) / 255
    return pixels[..., None] if gray else pixels


def pictures(folder):
    paths = sorted(glob.glob(os.path.join(folder, "*")))
    return [p for p in paths if p.endswith((".png", ".jpg", ".bmp")) and ".mask." not in p]


def name_of(path):
    return os.path.basename(path).rsplit(".", 1)[0]


def widen(mask, radius):
    y, x = np.mgrid[-radius:radius + 1, -radius:radius + 1]
    return ndimage.binary_dilation(mask, x * x + y * y <= radius * radius)


def to_bytes(picture):
    return (255 * picture.clip(0, 1)).round().astype(np.uint8)


# Damage, drawn.

def walk(random, start, angle, steps, stride):
    place, places = np.array(start), [tuple(start)]
    for _ in range(steps):
        angle += random.randn() * 0.22
        place = place + np.array([np.cos(angle), np.sin(angle)]) * stride * random.uniform(0.6, 1.6)
        places.append(tuple(place))
    return places


def draw(kind, height, width, seed):
    """Which pixels are damaged, and the value, 0..255, that each of them has."""
    random = np.random.RandomState(seed)
    where, value = Image.new("L", (width, height)), Image.new("L", (width, height))
    pens = ImageDraw.Draw(where), ImageDraw.Draw(value)
    side = (width * height) ** 0.5
    for _ in range(11 if kind == "scratch" else max(1, width * height // 900)):
        colour = random.randint(0, 41) if random.rand() < 0.2 else random.randint(200, 256)
        x, y = random.rand() * width, random.rand() * height
        if kind == "scratch":
            places = walk(random, (x, y), random.rand() * 6.28, random.randint(6, 26), side / 26)
            thick = random.randint(1, 7)
            for pen, fill in zip(pens, (255, int(colour))):
                pen.line(places, fill=fill, width=int(thick), joint="curve")
        else:
            r = random.uniform(0.5, 2.2)
            for pen, fill in zip(pens, (255, int(colour))):
                pen.ellipse([x - r, y - r, x + r, y + r], fill=fill)
    return np.asarray(where) > 0, np.asarray(value).astype(float) / 255


def damage(picture, kind, seed, soft):
    """A damaged copy of (H, W, C), and where it is damaged."""
    truth, value = draw(kind, *picture.shape[:2], seed)
    if not soft:
        return np.where(truth[..., None], value[..., None], picture), truth
    cover = ndimage.gaussian_filter(truth.astype(float), 0.6)
    ink = ndimage.gaussian_filter(value * truth, 0.6) / np.maximum(cover, 1e-3)
    ink += np.random.RandomState(seed).randn(*truth.shape) * 3 / 255
    cover = cover[..., None]
    return (picture * (1 - cover) + cover * ink[..., None]).clip(0, 1), truth


def film_scratch(picture, number, contrast):
    """A straight, soft, uneven scratch across the whole frame, and where it is."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width].astype(float)
    random, turn = np.random.RandomState(number), np.deg2rad(ANGLES[number])
    x -= width * random.uniform(.3, .7)
    y -= height * random.uniform(.3, .7)
    aside, along = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    height = contrast * (1 + .35 * np.sin(along / 37 + number) + .2 * np.sin(along / 11))
    profile = (1 if number % 3 else -1) * height * np.exp(-aside ** 2 / (2 * 1.2 ** 2))
    grain = 0.012 * np.random.RandomState(7).randn(*aside.shape)
    return (picture + (profile + grain)[..., None]).clip(0, 1), abs(aside) < 2


# What is found.

class Program:
    def __init__(self, path, folder):
        self.path, self.folder = path, folder

    def detect(self, picture, *options):
        before, after = (os.path.join(self.folder, n) for n in ("in.png", "mask.png"))
        Image.fromarray(to_bytes(picture).squeeze()).save(before)
        subprocess.run([self.path, "detect", before, after, *options], check=True)
        return np.asarray(Image.open(after)) > 127


def score(truth, found):
    damaged, sound = truth == 255, truth == 0
    near_truth, near_found = widen(damaged, TOLERANCE), widen(found, TOLERANCE)
    counted = found & (truth != 128)
    hit = damaged & near_found
    recall = hit.sum() / max(1, damaged.sum())
    precision = (counted & near_truth).sum() / max(1, counted.sum())
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    wrong = (found & sound & ~near_truth).sum() / max(1, sound.sum())
    labels, n = ndimage.label(damaged, np.ones((3, 3)))
    sizes = np.bincount(labels.ravel(), minlength=n + 1)[1:]
    got = np.bincount(labels.ravel(), hit.ravel(), minlength=n + 1)[1:]
    big = sizes >= 4
    return precision, recall, f1, wrong, (got[big] >= sizes[big] / 2).mean() if big.any() else 1.0


def measure_real(program, folder):
    rows = []
    for path in pictures(folder):
        truth = np.asarray(Image.open(path.rsplit(".", 1)[0] + ".mask.png").convert("L"))
        rows.append(score(truth, program.detect(load(path))))
        print("%-24s precision %.3f  recall %.3f  F1 %.3f  wrong %.4f  objects %.3f" % (
            name_of(path), *rows[-1]), flush=True)
    print("%-24s precision %.3f  recall %.3f  F1 %.3f  wrong %.4f  objects %.3f" % (
        "mean of %d" % len(rows), *np.mean(rows, 0)))


def measure_sound(program, folder):
    shares = {name_of(p): program.detect(load(p)).mean() for p in pictures(folder)}
    worst = max(shares, key=shares.get)
    print("sound: selected " + "  ".join("%s %.2f" % (n, 100 * s) for n, s in shares.items()))
    print("sound: %.3f %% selected in the mean of %d, %.2f %% of the worst, %s" % (
        100 * np.mean(list(shares.values())), len(shares), 100 * shares[worst], worst))


def measure_drawn(program, folder):
    rows, films, rims = {}, {}, []
    for number, path in enumerate(pictures(folder)):
        picture = load(path)
        for kind in ("scratch", "dust"):
            for soft in (False, True):
                damaged, truth = damage(picture, kind, 101 + number, soft)
                found = program.detect(damaged)
                rows.setdefault((kind, soft), []).append(score(255 * truth.astype(np.uint8), found))
                rim = widen(found, 2) & ~found
                rims.append(abs(damaged - picture).mean(2)[rim & widen(truth, 6)].mean() * 255)
        for contrast in (0.25, 0.06):
            for angle in range(len(ANGLES)):
                damaged, truth = film_scratch(picture, angle, contrast)
                found = widen(program.detect(damaged), TOLERANCE)
                films.setdefault(contrast, []).append((found & truth).sum() / truth.sum())
        print("drawn on " + name_of(path), flush=True)
    for (kind, soft), values in rows.items():
        print("%-7s %-4s precision %.3f  recall %.3f  F1 %.3f" % (
            kind, "soft" if soft else "hard", *np.mean(values, 0)[:3]))
    for contrast, values in films.items():
        print("film scratch of contrast %.2f: %.3f of its length found, worst %.3f" % (
            contrast, np.mean(values), min(values)))
    print("rim: mean error in the 2 pixels outside %.2f of 255" % np.nanmean(rims))


# The fit of the second look.

def measure_pieces(program, picture, truth, folder):
    before, after = os.path.join(folder, "in"), os.path.join(folder, "out")
    with open(before, "wb") as file:
        np.array([picture.shape[2], *picture.shape[:2]], np.int32).tofile(file)
        picture.transpose(2, 0, 1).astype(np.float32).tofile(file)
        truth.astype(np.uint8).tofile(file)
    subprocess.run([program, before, after], check=True)
    return np.fromfile(after, np.float32).reshape(-1, 3 + len(STEM)).astype(float)


def collect(measure, options, folder):
    """For each picture: its scene, its kind, its pixels, and the rows of its pieces."""
    sets = []
    for path in pictures(options.real):
        truth = np.asarray(Image.open(path.rsplit(".", 1)[0] + ".mask.png").convert("L"))
        near = np.where(widen(truth == 255, TOLERANCE), 255, truth)
        sets.append((name_of(path), "real", truth.size,
                     measure_pieces(measure, load(path), near, folder)))
    for path in pictures(options.sound):
        picture = load(path)
        nothing = np.zeros(picture.shape[:2])
        sets.append((name_of(path), "sound", nothing.size,
                     measure_pieces(measure, picture, nothing, folder)))
        gray = to_bytes(picture @ (0.299, 0.587, 0.114))[..., None] / 255
        sets.append((name_of(path), "gray", nothing.size,
                     measure_pieces(measure, gray, nothing, folder)))
    for number, path in enumerate(pictures(options.drawn)):
        for kind in ("scratch", "dust"):
            damaged, truth = damage(load(path), kind, 201 + number, number % 3)
            near = 255 * widen(truth, TOLERANCE)
            sets.append((name_of(path), "drawn", truth.size,
                         measure_pieces(measure, damaged, near, folder)))
    return sets


# Each picture of a kind weighs as much as this, for likely pieces and for sure ones; within it a
# piece weighs by the root of its pixels. "gray" are gray copies of the sound ones. Of those with few
# sure pieces each piece weighs as if their roots came to FEW.
KINDS = ({"real": 6.0, "sound": 1.15, "gray": 0.25, "drawn": 1.2},
         {"real": 6.0, "sound": 0.64, "gray": 0.32, "drawn": 1.75})
FEW = 30


def weigh(kind, rows, sure):
    roots = np.sqrt(rows[:, 1])
    few = FEW if sure and kind in ("sound", "gray") else 1
    return KINDS[sure][kind] * roots / max(few, roots.sum())


def fit_logistic(sets, sure, ridge=0.05):
    x = np.vstack([rows[:, 2:] for *_, rows in sets])
    share = np.hstack([rows[:, 0] for *_, rows in sets])
    weight = np.hstack([weigh(kind, rows, sure) for _, kind, _, rows in sets])
    weight *= len(x) / weight.sum()
    mean, scale = x.mean(0), x.std(0) + 1e-6
    z = np.c_[(x - mean) / scale, np.ones(len(x))]
    penalty = ridge * len(x) / 100 * np.eye(z.shape[1])
    penalty[-1, -1] = 0
    w = np.zeros(z.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-(z @ w).clip(-30, 30)))
        hessian = (z * (weight * p * (1 - p))[:, None]).T @ z + penalty
        w -= np.linalg.solve(hessian, z.T @ (weight * (p - share)) + penalty @ w)
    return w[:-1] / scale, w[-1] - (w[:-1] * mean / scale).sum()


def curve(sets, scores):
    """Prints what is found against what is wrongly selected in sound photographs."""
    for level in np.arange(-1.5, 3.01, 0.5):
        wrong, recall = {"sound": [], "gray": []}, {"real": [], "drawn": []}
        precision = []
        for (_, kind, pixels, rows), s in zip(sets, scores):
            taken = s >= level
            if kind in ("sound", "gray"):
                wrong[kind].append(rows[taken, 1].sum() / pixels)
                continue
            right = rows[:, 0] * rows[:, 1]
            recall[kind].append(right[taken].sum() / max(1, right.sum()))
            if kind == "real":
                precision.append(right[taken].sum() / max(1, rows[taken, 1].sum()))
        print("level %4.1f: sound %.2f %% (worst %.2f), gray %.2f %%, of what the network saw on real "
              "pictures %.2f at precision %.2f, on drawn ones %.2f" % (
                  level, 100 * np.mean(wrong["sound"]), 100 * max(wrong["sound"]),
                  100 * np.mean(wrong["gray"]), np.mean(recall["real"]), np.mean(precision),
                  np.mean(recall["drawn"])))


def fit(options):
    with tempfile.TemporaryDirectory() as folder:
        measured = collect(options.program, options, folder)
    for sure, name in enumerate(("likely", "sure")):
        sets = [(*about, rows[rows[:, 0] == sure, 1:]) for *about, rows in measured]
        print("%s pieces, by the mean of the network's odds alone:" % name)
        curve(sets, [rows[:, 2] for *_, rows in sets])
        scores = []
        for scene, *_, rows in sets:
            w, bias = fit_logistic([s for s in sets if s[0] != scene], sure)
            scores.append(rows[:, 2:] @ w + bias)
        print("each picture judged by a fit without it:")
        curve(sets, scores)
        w, bias = fit_logistic(sets, sure)
        print("weights { %s }, bias %.3ff" % (", ".join("%.3ff" % v for v in w), bias))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--fit", action="store_true")
    for kind in ("--real", "--sound", "--drawn"):
        parser.add_argument(kind)
    options = parser.parse_args()
    if options.fit:
        fit(options)
        return
    with tempfile.TemporaryDirectory() as folder:
        program = Program(options.program, folder)
        for kind, measure in (("real", measure_real), ("sound", measure_sound),
                              ("drawn", measure_drawn)):
            if getattr(options, kind):
                measure(program, getattr(options, kind))


main()
