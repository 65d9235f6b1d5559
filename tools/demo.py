# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of tools/demo.

    demo.py age FOLDER PHOTO PROGRAM      -> FOLDER/before.png, truth.png; PROGRAM is tools/age.c
    demo.py take FOLDER PHOTO [MASK]      -> FOLDER/before.png, and mask.png where there is one
    demo.py finish FOLDER RESULT          FOLDER/after.png -> RESULT, before and after side by side
"""
import math
import os
import subprocess
import sys

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 512  # pixels, of the photograph that is made old
SEED = "5"  # what becomes of it
GAP = 8     # pixels between before and after


def load(path):
    try:
        return ImageOps.exif_transpose(Image.open(path))
    except UnidentifiedImageError:
        sys.exit(f"{path} is no picture that can be read here: save it as PNG, JPEG or TIFF.")


def age(folder, photo_path, program):
    photo = ImageOps.fit(load(photo_path).convert("RGB"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    photo.save(os.path.join(folder, "truth.png"))
    old = subprocess.run([program, str(SIDE), SEED], input=photo.tobytes(), stdout=subprocess.PIPE, check=True).stdout
    Image.frombytes("RGB", photo.size, old).save(os.path.join(folder, "before.png"))


def take(folder, photo_path, mask_path=None):
    photo = load(photo_path)
    photo = photo.convert("L" if photo.mode in ("1", "L", "I;16") else "RGB")
    photo.save(os.path.join(folder, "before.png"))
    if not mask_path:
        return
    mask = load(mask_path).convert("L")
    if mask.size != photo.size:
        sys.exit(f"The mask is {mask.width}x{mask.height} and the photograph "
                 f"{photo.width}x{photo.height}: draw the mask on a copy of the photograph.")
    if not mask.getbbox():
        sys.exit("The mask is all black: paint the damaged places white.")
    mask.save(os.path.join(folder, "mask.png"))


def psnr(picture, truth):
    """Decibels over all of the picture, once each channel has the truth's brightness and contrast:
    how faded it once was no program knows."""
    fitted, wanted = np.asarray(picture, float), np.asarray(truth, float)
    fitted = np.dstack([np.polyval(np.polyfit(fitted[..., c].ravel(), wanted[..., c].ravel(), 1), fitted[..., c])
                        for c in range(3)])
    return 10 * math.log10(255 ** 2 / max(np.mean((fitted - wanted) ** 2), 1e-9))


def finish(folder, result):
    def picture(name):
        return Image.open(os.path.join(folder, name + ".png")).convert("RGB")

    before, after = picture("before"), picture("after")
    sheet = Image.new("RGB", (2 * before.width + GAP, before.height), "white")
    sheet.paste(before, (0, 0))
    sheet.paste(after, (before.width + GAP, 0))
    sheet.save(result)
    print(f"Before and after are in {os.path.abspath(result)}")
    if os.path.exists(os.path.join(folder, "truth.png")):
        truth = picture("truth")
        print("PSNR of the whole photograph, brightness and contrast matched: "
              f"{psnr(before, truth):.2f} dB before, {psnr(after, truth):.2f} dB after")


if __name__ == "__main__":
    {"age": age, "take": take, "finish": finish}[sys.argv[1]](*sys.argv[2:])
