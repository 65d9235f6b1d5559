# SPDX-License-Identifier: GPL-3.0-or-later
"""The same settings give the same pixels in GIMP and in the shell's program, which do not read the
same amount of the picture: with a selection that is widened, with two selections far apart, and with
a selection in a corner. As they add up in another order, a value half way between two of the 256 may
be rounded to the one in the one and to the other in the other."""
import os
import subprocess
import sys

import numpy
from gi.repository import Gimp, Gio

from inside import Tap, raw, restore

sys.path.insert(0, os.path.join(os.path.dirname(os.environ["HEIRLOOM_SCRIPT"]), "..", "pipeline"))
from pictures import read_png, write_png  # noqa: E402

WIDTH, HEIGHT = 640, 400
MOST_HALF_WAY = 2  # pixels; one of 320 was seen, with GIMP 3.2
HERE = os.environ["HEIRLOOM_EXCHANGE"]


def drawn():
    """(H, W, 3) of 8 bits: waves and stripes under grain, no two places alike."""
    y, x = numpy.mgrid[:HEIGHT, :WIDTH]
    random = numpy.random.default_rng(5)
    planes = [110 + 40 * numpy.sin(x / 11 + c) * numpy.cos(y / 9) + 40 * ((x + 2 * y) % 70 < 9)
              for c in range(3)]
    return (numpy.dstack(planes) + random.normal(0, 4, (HEIGHT, WIDTH, 3))).clip(0, 255).astype("u1")


def check_same(boxes, mask_grow, settings):
    before, mask = drawn(), numpy.zeros((HEIGHT, WIDTH), "u1")
    for left, top, width, height in boxes:
        mask[top:top + height, left:left + width] = 255
    before[mask > 0] = 250
    files = {name: os.path.join(HERE, name + ".png") for name in ("in", "mask", "out")}
    write_png(files["in"], before)
    write_png(files["mask"], mask[..., None])
    options = [word for name, value in settings.items()
               for word in ("--" + name.replace("_", "-"), str(value))]
    subprocess.run([os.environ["HEIRLOOM_CLI"], "restore", files["in"], files["out"], "--mask",
                    files["mask"], "--mask-grow", str(mask_grow), *options],
                   check=True, capture_output=True)
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(files["in"]))
    layer = image.get_layers()[0]
    Gimp.Selection.none(image)
    for box in boxes:
        image.select_rectangle(Gimp.ChannelOps.ADD, *box)
    after = raw(restore(image, layer, mask_grow=mask_grow, **settings))
    image.delete()
    wanted = read_png(files["out"])[0]
    assert (wanted != before).any(axis=2).sum() > (mask > 0).sum() * 0.9, "nothing was mended"
    assert after.shape == wanted.shape, (after.shape, wanted.shape)
    differ = abs(after.astype(int) - wanted).max(axis=2)
    assert differ.max() <= 1 and (differ > 0).sum() <= MOST_HALF_WAY, (
        int(differ.max()), int((differ > 0).sum()), numpy.argwhere(differ)[:3].tolist())


tap = Tap()
tap.case("widened", check_same, [(300, 180, 30, 4)], 4, {"seed": 3, "method": "auto"})
tap.case("two far apart", check_same, [(40, 30, 3, 40), (560, 340, 40, 5)], 0,
         {"seed": 1, "method": "prior"})
tap.case("wide, in a corner", check_same, [(0, 0, 26, 22), (180, 100, 3, 3)], 2,
         {"seed": 7, "method": "auto"})
tap.end()
