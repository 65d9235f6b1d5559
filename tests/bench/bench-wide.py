#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well wide holes are filled, beside other programs' results.

    bench-wide.py FOLDER NAME=PROGRAM... [--sheet SHEET.png] [--crop PIXELS]

FOLDER holds NAME.in.png, mask.png, NAME.truth.png, and other results as NAME.WAY.jpg or .png.
Each PROGRAM is a way to run heirloom, such as "ours=heirloom restore --seed 1"; it is given the
picture, a file to write and --mask. SHEET gets one row for each picture, the hole in all ways,
to be judged by eye: that is what counts.

The number beside it goes by what people object to, and is for noticing changes only; less is
better. Each patch of 7 x 7 in the hole, in colours and their differences, is compared with the
sound patch that is most like it (what looks like nothing else in the photograph, or is too
smooth, differs), and to that the steps across the rim are added, as far as they exceed those
one pixel further out. Needs numpy and Pillow.
"""
import argparse
import os
import subprocess
import tempfile

import numpy as np
from PIL import Image

RADIUS = 3
# Every so many pixels a patch is compared; every so many one is compared with.
HOLE_STEP, SOUND_STEP = 8, 4
# By how much more than the colours their differences count, and the steps across the rim.
SLOPE, RIM = 2.0, 1.0


def read(path):
    return np.asarray(Image.open(path).convert("RGB"), np.float32) / 255


def features(picture):
    across = np.diff(picture, axis=1, append=picture[:, -1:])
    down = np.diff(picture, axis=0, append=picture[-1:])
    return np.concatenate([picture, SLOPE * across, SLOPE * down], axis=2)


def patches(values, rows, columns):
    offsets = range(-RADIUS, RADIUS + 1)
    return np.concatenate([values[rows + v, columns + u] for v in offsets for u in offsets], axis=1)


def widened(mask, radius):
    out = mask.copy()
    for _ in range(radius):
        out[1:] |= out[:-1].copy()
        out[:-1] |= out[1:].copy()
        out[:, 1:] |= out[:, :-1].copy()
        out[:, :-1] |= out[:, 1:].copy()
    return out


def inside(mask, step):
    """Rows and columns of a grid over what @mask has, without the picture's sides."""
    grid = np.zeros_like(mask)
    grid[RADIUS + 1:-RADIUS - 2:step, RADIUS + 1:-RADIUS - 2:step] = True
    return np.nonzero(mask & grid)


def get_likeness(filled, sound, mask):
    """The mean distance of patches in the hole to the nearest sound one of @sound."""
    there = patches(features(sound), *inside(~widened(mask, RADIUS + 2), SOUND_STEP))
    here = patches(features(filled), *inside(mask, HOLE_STEP))
    squares, least = (there ** 2).sum(1), []
    for part in np.array_split(here, 16):
        far = (part ** 2).sum(1)[:, None] + squares - 2 * part @ there.T
        least.append(far.min(1))
    return np.sqrt(np.maximum(np.concatenate(least), 0) / here.shape[1]).mean()


def get_rim(filled, mask):
    """How much larger the steps into the hole are than those just outside it."""
    excess = []
    for axis in (0, 1):
        step = np.abs(np.diff(filled, axis=axis)).mean(2)
        within = np.take(mask, range(1, mask.shape[axis]), axis)
        before = np.take(mask, range(mask.shape[axis] - 1), axis)
        for flip in (False, True):
            edge, steps = (before & ~within, step) if flip else (within & ~before, step)
            outer = np.roll(steps, -1 if flip else 1, axis)
            excess.append((steps - outer)[edge])
    return max(np.concatenate(excess).mean(), 0)


def run(command, folder, name, out):
    arguments = command.split() + [os.path.join(folder, name + ".in.png"), out,
                                   "--mask", os.path.join(folder, "mask.png")]
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("programs", nargs="+", metavar="NAME=PROGRAM")
    parser.add_argument("--sheet")
    parser.add_argument("--crop", type=int, default=70, help="pixels around the hole on the sheet")
    arguments = parser.parse_args()
    folder, files = arguments.folder, sorted(os.listdir(arguments.folder))
    mask = np.asarray(Image.open(os.path.join(folder, "mask.png")).convert("L")) > 127
    rows, columns = (np.nonzero(mask.any(axis))[0] for axis in (1, 0))
    box = (max(columns[0] - arguments.crop, 0), max(rows[0] - arguments.crop, 0),
           columns[-1] + arguments.crop, rows[-1] + arguments.crop)
    ours, sums, sheet = dict(pair.split("=", 1) for pair in arguments.programs), {}, []
    with tempfile.TemporaryDirectory() as scratch:
        for name in (file[:-len(".in.png")] for file in files if file.endswith(".in.png")):
            ways = {}
            for way, command in ours.items():
                ways[way] = os.path.join(scratch, "out.png")
                run(command, folder, name, ways[way])
                ways[way] = read(ways[way])
            for file in files:
                if file.startswith(name + ".") and not file.endswith(".in.png"):
                    ways[file[len(name) + 1:].rsplit(".", 1)[0]] = read(os.path.join(folder, file))
            sound, line = read(os.path.join(folder, name + ".in.png")), []
            for way, filled in ways.items():
                number = get_likeness(filled, sound, mask) + RIM * get_rim(filled, mask)
                sums.setdefault(way, []).append(number)
                line.append("%s %.4f" % (way, number))
            print("%-24s %s" % (name, "  ".join(line)), flush=True)
            sheet.append(np.hstack([view[box[1]:box[3], box[0]:box[2]] for view in ways.values()]))
    print("%-24s %s" % ("mean", "  ".join("%s %.4f" % (way, np.mean(numbers))
                                           for way, numbers in sums.items())))
    if arguments.sheet:
        Image.fromarray((255 * np.vstack(sheet) + 0.5).astype(np.uint8)).save(arguments.sheet)


main()
