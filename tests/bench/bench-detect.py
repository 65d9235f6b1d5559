#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well heirloom detect finds drawn scratches and dust on sound photographs.

    bench-detect.py HEIRLOOM PICTURE...            precision, recall, F1, and what a sound
                                                   photograph loses, at the default setting
    bench-detect.py --fit MEASURE PICTURE...       fits the network of restore/find/finder.c anew
                                                   and prints it (needs PyTorch)

HEIRLOOM is the command-line program and MEASURE tests/bench/measure-marks. Pictures used for
the one must not be used for the other. Marks are drawn hard, at values of 200 to 255 or (one
in five) 0 to 40, and again soft and grainy, as a scanner sees them. Needs numpy and Pillow.
"""
import argparse
import os
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

KINDS = ("scratch", "dust")
DARK = 0.2
# How soft a mark is (standard deviation, pixels) and how grainy (8-bit values).
HARD, SOFT, SOFTER = (0.0, 0.0), (0.6, 3.0), (0.9, 5.0)
SEED = 4
STEPS = 3500


def walk(random, start, angle, steps, stride):
    place, places = np.array(start), [tuple(start)]
    for _ in range(steps):
        angle += random.randn() * 0.22
        direction = np.array([np.cos(angle), np.sin(angle)])
        place = place + direction * stride * random.uniform(0.6, 1.6)
        places.append(tuple(place))
    return places


def draw(kind, width, height, seed):
    """Returns which pixels are damaged, and the value that each of them has."""
    random = np.random.RandomState(seed)
    where, value = Image.new("L", (width, height)), Image.new("L", (width, height))
    pens = ImageDraw.Draw(where), ImageDraw.Draw(value)
    side = (width * height) ** 0.5
    for _ in range(11 if kind == "scratch" else max(1, width * height // 900)):
        color = random.randint(0, 41) if random.rand() < DARK else random.randint(200, 256)
        x, y = random.rand() * width, random.rand() * height
        if kind == "scratch":
            places = walk(random, (x, y), random.rand() * 6.28, random.randint(6, 26), side / 26)
            thick = random.randint(1, 7)
            for pen, fill in zip(pens, (255, int(color))):
                pen.line(places, fill=fill, width=int(thick), joint="curve")
        else:
            r = random.uniform(0.5, 2.2)
            for pen, fill in zip(pens, (255, int(color))):
                pen.ellipse([x - r, y - r, x + r, y + r], fill=fill)
    return np.asarray(where) > 0, np.asarray(value).astype(float)


def soften(plane, sigma):
    image = Image.fromarray(plane.clip(0, 255).round().astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(sigma))).astype(float)


def damage(picture, kind, seed, look):
    """Returns a damaged copy of @picture (H, W, C), 0..255, and where it is damaged."""
    sigma, grain = look
    truth, value = draw(kind, picture.shape[1], picture.shape[0], seed)
    if sigma == 0.0:
        return np.where(truth[..., None], value[..., None], picture), truth
    cover = soften(255.0 * truth, sigma) / 255.0
    ink = soften(value * truth, sigma) / np.maximum(cover, 1e-3)
    noise = np.random.RandomState(seed).randn(*truth.shape) * grain
    mixed = picture * (1 - cover[..., None]) + (cover * (ink + noise))[..., None]
    return mixed.clip(0, 255).round(), truth


def load(path):
    image = Image.open(path)
    gray = image.mode in ("L", "1", "I", "I;16")
    pixels = np.asarray(image.convert("L" if gray else "RGB")).astype(float)
    return pixels[..., None] if gray else pixels


def detect(program, picture, folder):
    before, after = os.path.join(folder, "in.png"), os.path.join(folder, "mask.png")
    Image.fromarray(picture.astype(np.uint8).squeeze()).save(before)
    subprocess.run([program, "detect", before, after], check=True)
    return np.asarray(Image.open(after)) > 127


def measure_quality(program, paths, seeds):
    rows, sound = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            picture = load(path)
            sound[path] = detect(program, picture, folder).mean()
            for kind in KINDS:
                for name, look in (("hard", HARD), ("soft", SOFT)):
                    for seed in range(101, 101 + seeds):
                        damaged, truth = damage(picture, kind, seed, look)
                        found = detect(program, damaged, folder)
                        both = (found & truth).sum()
                        rows.setdefault((kind, name), []).append(
                            (2 * both / max(1, found.sum() + truth.sum()),
                             both / max(1, found.sum()), both / max(1, truth.sum())))
                        print("%-24s %-7s %s  F1 %.3f  precision %.3f  recall %.3f" % (
                            (os.path.basename(path), kind, name) + rows[kind, name][-1]))
            print("%-24s sound         %.3f %% selected" % (
                os.path.basename(path), 100 * sound[path]), flush=True)
    print()
    for (kind, name), values in rows.items():
        print("%-7s %s  F1 %.3f  precision %.3f  recall %.3f" % (
            (kind, name) + tuple(np.mean(values, 0))))
    worst = max(sound, key=sound.get)
    print("sound         %.3f %% selected on average, %.3f %% of the worst, %s" % (
        100 * np.mean(list(sound.values())), 100 * sound[worst], os.path.basename(worst)))


def measure_marks(program, picture, truth, folder):
    """Returns a row for each mark: share of damage, number of pixels, features."""
    before, after = os.path.join(folder, "in"), os.path.join(folder, "out")
    planes = (picture / 255.0).transpose(2, 0, 1).astype(np.float32)
    with open(before, "wb") as file:
        shape = planes.shape[0], planes.shape[2], planes.shape[1]
        np.array(shape, np.int32).tofile(file)
        planes.tofile(file)
        truth.astype(np.uint8).tofile(file)
    subprocess.run([program, before, after], check=True)
    # Marks of one picture weigh together what others do, whatever its size.
    rows = np.fromfile(after, np.float32)
    return rows, truth.size ** -0.5


def looks_of(picture):
    """The picture, a smaller one, and a faded one without colours."""
    height, width, channels = picture.shape
    image = Image.fromarray(picture.astype(np.uint8).squeeze())
    small = np.asarray(image.resize((int(0.66 * width), int(0.66 * height)), Image.BOX))
    faded = 25 + 0.8 * 255 * (picture.mean(2, keepdims=True) / 255) ** 1.3
    return picture, small.reshape(small.shape[:2] + (channels,)).astype(float), faded.round()


def collect(program, paths, features=14):
    """Returns the features (marks, features), the shares and the weights of all marks."""
    sets = []
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            for version, picture in enumerate(looks_of(load(path))):
                nothing = np.zeros(picture.shape[:2], bool)
                # Sound pictures count ten times, lest buttons and letters are taken.
                cases = [(picture, nothing, 10.0)]
                for kind, looks in (("scratch", (HARD, HARD, SOFT, SOFT, SOFTER)),
                                    ("dust", (HARD, HARD, SOFT, SOFTER))):
                    for seed, look in enumerate(looks):
                        cases.append(damage(picture, kind, 10 * version + seed, look) + (1.0,))
                for damaged, truth, weight in cases:
                    rows, scale = measure_marks(program, damaged, truth, folder)
                    rows = rows.reshape(-1, 2 + features)
                    weights = weight * scale * np.minimum(rows[:, 1], 2000) ** 0.5
                    sets.append((rows[:, 2:], rows[:, 0], weights))
    return (np.concatenate(part) for part in zip(*sets))


def format_row(values):
    return ", ".join("%#.4gf" % value for value in values)


def fit(program, paths, hidden=16):
    import torch

    torch.set_num_threads(1)  # so that the sums are the same everywhere

    features, shares, weights = collect(program, paths)
    mean, deviation = features.mean(0), features.std(0) + 1e-6
    x = torch.tensor((features - mean) / deviation)
    y = torch.tensor(shares)
    w = torch.tensor(weights / weights.mean(), dtype=torch.float32)
    torch.manual_seed(SEED)
    net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], hidden), torch.nn.Tanh(),
                              torch.nn.Linear(hidden, 1))
    adam = torch.optim.Adam(net.parameters(), 0.02, weight_decay=1e-4)
    for step in range(STEPS):
        adam.param_groups[0]["lr"] = 0.02 * (1 - step / STEPS) + 2e-4
        i = torch.randint(0, len(x), (8192,))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(x[i])[:, 0], y[i], w[i])
        adam.zero_grad()
        loss.backward()
        adam.step()

    first, first_bias, second, second_bias = (p.detach().numpy() for p in net.parameters())
    # The normalisation of the features goes into the first layer.
    print("static const float hidden_weights[HIDDEN][HL_MARK_FEATURES] = {")
    for row in first / deviation:
        print("  { %s }," % format_row(row))
    print("};")
    print("static const float hidden_bias[HIDDEN] = { %s };" % format_row(
        first_bias - first @ (mean / deviation)))
    print("static const float out_weights[HIDDEN] = { %s };" % format_row(second[0]))
    print("static const float out_bias = %s;" % format_row(second_bias))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("pictures", nargs="+")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.fit:
        fit(arguments.program, arguments.pictures)
    else:
        measure_quality(arguments.program, arguments.pictures, arguments.seeds)


main()
