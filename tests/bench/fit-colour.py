#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the numbers by which the program tells how a photograph has faded, and whether it has.

    fit-colour.py TABLE.h PICTURE...

writes plug-in/restore/colour/fading_table.h from photographs that have not faded: each is faded 16
times at random (bench-colour.py says by which model), of every other one a part is taken, every
other one is softened, gets specks and grain and becomes a JPEG, every fifth fades unevenly. What is
measured in them is that of plug-in/restore/colour/measures.c, in its order. The unknowns are fitted
by least squares; the evidence by a network of one hidden layer between these and four of each
photograph that has not faded. Before, five such networks tell how many photographs that they have
not seen are taken for faded.

It needs PyTorch, and three minutes of two cores for 500 photographs of 512 pixels.
"""
import importlib.util
import io
import math
import multiprocessing
import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import torch
from PIL import Image, ImageFilter

spec = importlib.util.spec_from_file_location("bench", os.path.join(os.path.dirname(__file__), "bench-colour.py"))
bench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench)

FADED, UNFADED = 16, 4
OF_CHANNEL = np.array([0, 0.0005, 0.005, 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 0.995, 0.9995, 1])
OF_DARK, OF_LIGHT = np.array([0.5, 0.9, 0.98, 0.995, 0.9995, 1]), np.array([0, 0.0005, 0.005, 0.02, 0.1, 0.5])
DAMPING = 300      # of the least squares, in photographs
MOST = 5           # deviations from its mean that a measure counts for at most
HIDDEN = 16
TURNS = 40
NOISE = 0.3        # that the network learns with, in deviations of the measures


def density_of(values):
    return -2.4 * np.log10((np.maximum(values, 0) + 0.055) / 1.055)


BYTE_DENSITY = density_of(np.arange(256) / 255)


def reduce_size(values, cells=4096):
    """The small copy that the program estimates from."""
    height, width = values.shape[:2]
    share = min(1, math.sqrt(cells / (width * height)))
    w, h = max(1, int(width * share + 0.5)), max(1, int(height * share + 0.5))
    ys, xs = np.arange(h) * height // h, np.arange(w) * width // w
    sums = np.add.reduceat(np.add.reduceat(values, ys, 0), xs, 1)
    return sums / (np.diff(np.r_[ys, height])[:, None] * np.diff(np.r_[xs, width]))[..., None]


def get_quantiles(values, shares):
    """Of densities, from bytes."""
    seen = np.cumsum(np.bincount(values.ravel(), minlength=256)[::-1])
    return BYTE_DENSITY[::-1][np.searchsorted(seen, shares * (seen[-1] - 1), side="right").clip(0, 255)]


def measure(values):
    """@values: (H, W, 3) bytes."""
    q = np.stack([get_quantiles(values[..., c], OF_CHANNEL) for c in range(3)])
    spans = np.log(q[:, :6:-1] - q[:, :6] + 0.03)
    ends = np.r_[get_quantiles(values.max(-1), OF_DARK), get_quantiles(values.min(-1), OF_LIGHT)]
    small = density_of(reduce_size(values.astype(np.float32)) / 255)
    cells = small.reshape(-1, 3)
    apart = cells[:, [0, 2]] - cells[:, [1]]
    n, order = len(cells), np.argsort(cells @ [0.3, 0.6, 0.1], kind="stable")
    classes = np.array([np.median(apart[order[k * n // 6:max((k + 1) * n // 6, k * n // 6 + 1)]], 0)
                        for k in range(6)])
    covariance = np.cov(cells.T, bias=True)
    deviation = np.sqrt(np.diag(covariance) + 1e-4)
    changes = np.concatenate([np.diff(small, axis=1).reshape(-1, 3), np.diff(small, axis=0).reshape(-1, 3)])
    square = changes.T @ changes / len(changes) + 1e-5 * np.eye(3)
    size = np.sqrt(np.diag(square))
    pairs = ((0, 1), (1, 2), (0, 2))
    thirds = np.array_split(np.arange(len(small)), [len(small) // 3, 2 * len(small) // 3])
    return np.r_[q.ravel(), spans.ravel(), ends,
                 np.percentile(apart, [2, 15, 50, 85, 98], axis=0).T.ravel(), classes.T.ravel(),
                 [covariance[i, j] / deviation[i] / deviation[j] for i, j in pairs], np.log(apart.std(0) + 0.01),
                 np.log(size), np.log(np.abs(changes).mean(0) + 0.002),
                 [square[i, j] / size[i] / size[j] for i, j in pairs],
                 [np.log(max(square[c, 1], 1e-6) / square[1, 1]) for c in (0, 2)],
                 *(small[rows].reshape(-1, 3).mean(0) - cells.mean(0) for rows in (thirds[0], thirds[2]))]


def measure_spread(density):
    q = np.percentile(density, [1, 5, 25, 50, 75, 95, 99], axis=0)
    return np.r_[q, np.log(q[[6, 5, 4]] - q[[0, 1, 2]] + 0.03)]


def add_specks(values, rng):
    """Dust and pits, white and black, of one to three pixels."""
    values = values.copy()
    height, width = values.shape[:2]
    for _ in range(int(rng.uniform(0, 0.001) * height * width)):
        y, x, side = rng.integers(height), rng.integers(width), rng.integers(1, 4)
        values[y:y + side, x:x + side] = rng.integers(220, 256) if rng.uniform() < 0.6 else rng.integers(0, 40)
    return values


def age(values, rng):
    """Softer, specks, grain, and a JPEG."""
    if rng.uniform() < 0.3:
        values = np.asarray(Image.fromarray(values).filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2))))
    if rng.uniform() < 0.5:
        values = add_specks(values, rng)
    amount = 255 * rng.uniform(0.2, 1.3)
    grain = rng.normal(0, 0.015 * amount, values.shape[:2])[..., None] + rng.normal(0, 0.008 * amount, values.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(values + grain + 0.5, 0, 255).astype(np.uint8)).save(
        file, "JPEG", quality=int(rng.integers(75, 96)))
    return np.asarray(Image.open(file))


def draw_fading(rng, wide):
    dyes = bench.FIT_DYES[rng.integers(len(bench.FIT_DYES))]
    if not wide:
        return dyes, rng.uniform(0.35, 0.95, 3), rng.uniform(0, [0.05, 0.1, 0.3]) * rng.uniform()
    share = rng.uniform(0.3, 1, 3)
    if rng.uniform() < 0.3:
        share = 1 - rng.uniform() * (1 - share)
    much = rng.uniform() < 0.3
    return dyes, share, rng.uniform(0, [0.1, 0.2, 0.6] if much else [0.05, 0.1, 0.3]) * (1 if much else rng.uniform())


def draw_unevenness(shape, rng):
    height, width = shape
    y, x = np.mgrid[0:height, 0:width]
    distance = np.hypot(y / height - rng.uniform(), x / width - rng.uniform()) / 0.6
    where = rng.uniform(0.4, 0.8) + 0.3 * np.clip(distance, 0, 1) ** 2
    return where / where.max()


def age_picture(job):
    """Measures, unknowns and whether it has faded, for each time that the picture is aged."""
    i, path = job
    whole, rows = bench.load(path), []
    for k in range(FADED + UNFADED):
        rng, values, unknowns = np.random.default_rng([1, i, k]), whole, np.zeros(6)
        if k % 2:
            height, width = values.shape[:2]
            h, w = int(height * rng.uniform(0.6, 1)), int(width * rng.uniform(0.6, 1))
            top, left = rng.integers(height - h + 1), rng.integers(width - w + 1)
            values = values[top:top + h, left:left + w]
        if k < FADED:
            dyes, share, stain = draw_fading(rng, k % 4 >= 2)
            where = draw_unevenness(values.shape[:2], rng) if k % 5 == 0 else None
            values = bench.fade_by(values, dyes, share, stain, where)
            matrix = np.array(bench.DYES[dyes])
            unknowns = np.r_[np.log(matrix @ (share * np.linalg.solve(matrix, np.ones(3)))), stain]
        values = bench.to_bytes(values)
        if k % 4 in (1, 2) if k < FADED else k % 4 >= 2:
            values = age(values, rng)
        rows.append((measure(values), unknowns, k < FADED, i))
    rng = np.random.default_rng([2, i])
    gray, gray_rows = bench.encode(bench.decode(whole) @ [0.2126, 0.7152, 0.0722]), []
    for k in range(6):
        left, added = rng.uniform(0.35, 1), rng.uniform(0, 0.25) * rng.uniform()
        small = density_of(reduce_size(gray[..., None])).ravel()
        gray_rows.append((np.r_[1, measure_spread(left * small + added)], [np.log(left), added]))
    return rows, gray_rows


def solve(x, y, damping):
    a = np.c_[x, np.ones(len(x))]
    r = damping * np.eye(a.shape[1])
    r[-1, -1] = 0
    return np.linalg.solve(a.T @ a + r, a.T @ y)


def solve_gray(x, y):
    mean, deviation = x[:, 1:].mean(0), x[:, 1:].std(0) + 1e-6
    w = solve((x[:, 1:] - mean) / deviation, y, 30)
    w = np.r_[w[-1:], w[:-1] / deviation[:, None]]
    w[0] -= mean @ w[1:]
    return w


def learn(x, faded):
    """A network that gives the logarithm of the odds that a photograph has faded."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1))
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=0.1)
    x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(faded, dtype=torch.float32)
    weight = torch.where(y > 0, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    for turn in range(TURNS):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (0.5 + 0.5 * math.cos(math.pi * turn / TURNS))
        for some in torch.randperm(len(x)).split(128):
            noisy = x[some] + NOISE * torch.randn(len(some), x.shape[1])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(net(noisy)[:, 0], y[some], weight[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return [p.detach().numpy() for p in net.parameters()]


def judge(net, x):
    a, b, c, d = net
    return np.tanh(x @ a.T + b) @ c[0] + d[0]


def tell_unseen(x, faded, picture):
    """How many photographs that a network has not seen are taken for faded, in five parts."""
    odds = np.zeros(len(x))
    for k in range(5):
        mine = picture % 5 == k
        odds[mine] = judge(learn(x[~mine], faded[~mine]), x[mine])
    for limit in (2, 3, 4, 5, 6):
        print(f"above odds of {limit}: {np.mean(odds[faded] > limit):.3f} of the faded, "
              f"{np.mean(odds[~faded] > limit):.4f} of the others", flush=True)


def write_array(name, array):
    array = np.atleast_1d(array)
    rows = [array] if array.ndim == 1 else array
    text = ",\n".join("  { " + ", ".join(f"{v:.4g}" for v in row) + " }" for row in rows)
    if array.ndim == 1:
        return f"static const double {name} =\n{text};\n"
    return f"static const double {name} = {{\n{text}\n}};\n"


def fit(path, pictures):
    with multiprocessing.Pool(2) as pool:
        aged = pool.map(age_picture, enumerate(pictures), 4)
    x, y, faded, picture = (np.array([row[k] for rows, _ in aged for row in rows]) for k in range(4))
    gray_x, gray_y = (np.array([row[k] for _, rows in aged for row in rows]) for k in range(2))
    mean, deviation = x[faded].mean(0), x[faded].std(0) + 1e-4
    z = np.clip((x - mean) / deviation, -MOST, MOST)
    w = solve(z[faded], y[faded], DAMPING)
    covariance = np.cov((y[faded] - z[faded] @ w[:-1] - w[-1]).T)
    tell_unseen(z, faded, picture)
    a, b, c, d = learn(z, faded)
    with open(path, "w") as table:
        table.write(f"""/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of fading.c, found by tests/bench/fit-colour.py from {len(pictures)} photographs, each faded
 * {FADED} times with shares of 0.3 to 1 of the dyes of {len(bench.FIT_DYES)} materials, and stains of up to 0.1, 0.2 and
 * 0.6 in red, green and blue, mostly weak. */
#pragma once

#include "restore/colour/measures.h"

#define HL_FADING_UNKNOWNS 6
#define HL_FADING_HIDDEN {HIDDEN}
#define HL_FADING_GRAY_MEASURES {gray_x.shape[1] - 1}

/* clang-format off */

/* Of each measure over the faded photographs; in these units it counts, {MOST} of them at most. */
{write_array('hl_fading_mean[HL_MEASURES]', mean)}
{write_array('hl_fading_deviation[HL_MEASURES]', deviation)}
/* Of the unknowns, log g and the stain: what each measure adds, then the constant. */
{write_array('hl_fading_weights[HL_MEASURES + 1][HL_FADING_UNKNOWNS]', w)}
/* What is left of their errors. */
{write_array('hl_fading_covariance[HL_FADING_UNKNOWNS][HL_FADING_UNKNOWNS]', covariance)}
/* The odds that a photograph has faded at all: what each measure adds to the hidden units, then the
 * constants; what these add to the odds, then the constant. */
{write_array('hl_fading_hidden[HL_FADING_HIDDEN][HL_MEASURES + 1]', np.c_[a, b])}
{write_array('hl_fading_odds[HL_FADING_HIDDEN + 1]', np.r_[c[0], d])}
/* Of a gray photograph log g and the stain: the constant, seven quantiles, three spans. */
{write_array('hl_fading_gray_weights[1 + HL_FADING_GRAY_MEASURES][2]', solve_gray(gray_x, gray_y))}""")


if __name__ == "__main__":
    fit(sys.argv[1], sys.argv[2:])
