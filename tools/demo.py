# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of tools/demo.

    demo.py prepare FOLDER PHOTO [MASK]   -> FOLDER/damaged.png, mask.png and truth.png
    demo.py finish FOLDER RESULT          FOLDER/after.png -> RESULT, side by side

Without MASK the photograph is damaged here, and truth.png is what it was before.
"""
import math
import os
import random
import sys

from PIL import Image, ImageChops, ImageDraw, ImageOps, UnidentifiedImageError

LARGEST = 512  # pixels on the longer side: a demonstration should not take an hour
FINE = 4       # damage is drawn this much larger and shrunk, for smooth edges


def wander(rng, width, height, bend):
    """A line across the picture that drifts, as a scratch does: a list of points."""
    x, y = rng.uniform(0, width), rng.uniform(0, 0.15 * height)
    angle = rng.uniform(0.25, 0.75) * math.pi
    points = []
    while -width * 0.1 < x < width * 1.1 and y < height:
        points.append((x, y))
        angle = min(max(angle + rng.gauss(0, bend), 0.1), math.pi - 0.1)
        x, y = x + 8 * FINE * math.cos(angle), y + 8 * FINE * math.sin(angle)
    return points


def damage(photo):
    """Returns a damaged copy and the mask that a person would have drawn around it."""
    rng = random.Random(1890)
    width, height = photo.width * FINE, photo.height * FINE
    unit = max(photo.size) / 512 * FINE
    light = Image.new("L", (width, height), 0)
    dark = Image.new("L", (width, height), 0)
    on_light, on_dark = ImageDraw.Draw(light), ImageDraw.Draw(dark)
    for _ in range(7):  # hair lines
        on_light.line(wander(rng, width, height, 0.06), 235, round(1.6 * unit))
    for _ in range(2):  # fibres
        on_dark.line(wander(rng, width, height, 0.2)[:14], 255, round(1.3 * unit))
    for _ in range(45):  # specks of dust and chipped emulsion
        x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.8, 3.5) * unit
        on = on_light if rng.random() < 0.7 else on_dark
        on.ellipse((x - r, y - r * rng.uniform(0.5, 1), x + r, y + r), 250)
    # The crease: the paper broke, so that it is wide, ragged and white.
    x = 0
    while x < width:
        y = (0.64 + 0.05 * x / width) * height + rng.gauss(0, 1.0 * unit)
        r = abs(rng.gauss(2.6, 0.7)) * unit
        on_light.ellipse((x - r, y - r, x + r, y + r), 255)
        x += 0.8 * unit

    light = light.resize(photo.size, Image.Resampling.BOX)
    dark = dark.resize(photo.size, Image.Resampling.BOX)
    damaged = photo.copy()
    damaged.paste(tuple([242] * len(photo.getbands())), mask=light)
    damaged.paste(tuple([30] * len(photo.getbands())), mask=dark)
    mask = ImageChops.lighter(light, dark).point(lambda v: 255 if v else 0)
    return damaged, mask


def load(path):
    try:
        return ImageOps.exif_transpose(Image.open(path))
    except UnidentifiedImageError:
        sys.exit(f"{path} is no picture that can be read here: save it as PNG, JPEG or TIFF.")


def prepare(folder, photo_path, mask_path=None):
    photo = load(photo_path)
    photo = photo.convert("L" if photo.mode in ("1", "L", "I;16") else "RGB")
    mask = load(mask_path).convert("L") if mask_path else None
    if mask and mask.size != photo.size:
        sys.exit(f"The mask is {mask.width}x{mask.height} and the photograph "
                 f"{photo.width}x{photo.height}: draw the mask on a copy of the photograph.")
    if mask and not mask.getbbox():
        sys.exit("The mask is all black: paint the damaged places white.")
    photo.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    if mask:
        # A pixel that is damaged in part is damaged.
        mask = mask.resize(photo.size, Image.Resampling.BOX).point(lambda v: 255 if v > 8 else 0)
        damaged = photo
    else:
        photo.save(os.path.join(folder, "truth.png"))
        damaged, mask = damage(photo)
    damaged.save(os.path.join(folder, "damaged.png"))
    mask.save(os.path.join(folder, "mask.png"))


def psnr(picture, truth, mask):
    """Decibels over the pixels in the hole."""
    # bytes give the channels interleaved, the mask must be repeated for each.
    wanted = Image.merge(picture.mode, [mask] * len(picture.getbands())).tobytes()
    squares = [(a - b) ** 2
               for a, b, w in zip(picture.tobytes(), truth.tobytes(), wanted) if w]
    return 10 * math.log10(255 ** 2 * len(squares) / max(sum(squares), 1))


def finish(folder, result):
    def picture(name):
        return Image.open(os.path.join(folder, name + ".png"))

    before, mask = picture("damaged"), picture("mask")
    after = picture("after").convert(before.mode)
    gap = 8
    sheet = Image.new("RGB", (3 * before.width + 2 * gap, before.height), "white")
    for column, panel in enumerate((before, mask, after)):
        sheet.paste(panel.convert("RGB"), (column * (before.width + gap), 0))
    sheet.save(result)
    print(f"Before, mask and after are in {os.path.abspath(result)}")
    if os.path.exists(os.path.join(folder, "truth.png")):
        truth = picture("truth")
        print(f"PSNR in the hole: {psnr(before, truth, mask):.2f} dB before, "
              f"{psnr(after, truth, mask):.2f} dB after")


if __name__ == "__main__":
    {"prepare": prepare, "finish": finish}[sys.argv[1]](*sys.argv[2:])
