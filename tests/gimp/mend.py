# SPDX-License-Identifier: GPL-3.0-or-later
"""Mend Selection: asks nothing in any run mode, takes the settings that Restore Old Photo was last
used with, and puts one repair after the other into one layer.

How long it takes in a photograph of 12 megapixels is printed, and not judged."""
import os
import time

import numpy
from gi.repository import Gimp

from inside import (HEIGHT, HOLE, WIDTH, Tap, new_image, new_layer, photograph, raw, restore,
                    select)

MEND = Gimp.get_pdb().lookup_procedure("plug-in-heirloom-mend")
SUCCESS, ERROR = Gimp.PDBStatusType.SUCCESS, Gimp.PDBStatusType.EXECUTION_ERROR
LAST = os.path.join(Gimp.directory(), "plug-in-settings",
                    "GimpProcedureConfigRun-plug-in-heirloom-restore.last")
OTHER = (5, 6, 9, 8)  # away from HOLE


def mend(image, layer, run_mode=Gimp.RunMode.NONINTERACTIVE):
    config = MEND.create_config()
    config.set_property("run-mode", run_mode)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer])
    result = MEND.run(config)
    return result.index(0), result.index(1) if result.length() > 1 else None


def remember(text):
    os.makedirs(os.path.dirname(LAST), exist_ok=True)
    with open(LAST, "w") as file:
        file.write(text)


def box(layer, x, y, width, height):
    return raw(layer)[y:y + height, x:x + width]


def check_one_layer():
    """The first repair makes a layer, the next ones go into that, without a window in any mode; so
    each place that was selected is mended there, and nothing else is."""
    image = new_image()
    layer = new_layer(image, "Oma", alpha=False)
    select(image, *HOLE)
    status, first = mend(image, layer, Gimp.RunMode.INTERACTIVE)
    assert status == SUCCESS, first
    assert [item.get_name() for item in image.get_layers()] == ["Restored: Oma", "Oma"]
    select(image, *OTHER)
    status, second = mend(image, first, Gimp.RunMode.WITH_LAST_VALS)
    assert status == SUCCESS, second
    assert [item.get_name() for item in image.get_layers()] == ["Restored: Oma", "Oma"]
    changed = (raw(second) != raw(layer)).any(axis=2)
    for x, y, width, height in HOLE, OTHER:
        assert changed[y:y + height, x:x + width].mean() > 0.8
        changed[y:y + height, x:x + width] = False
    assert not changed.any()
    # On the photograph itself another layer begins.
    status, third = mend(image, layer)
    assert status == SUCCESS, third
    assert len(image.get_layers()) == 3
    image.delete()


def check_add():
    """The same as an output of Restore Old Photo; on a layer that is no repair it makes one."""
    image = new_image()
    layer = new_layer(image, "Oma", alpha=False)
    select(image, *HOLE)
    first = restore(image, layer, output="add")
    assert len(image.get_layers()) == 2
    select(image, *OTHER)
    second = restore(image, first, output="add")
    assert [item.get_name() for item in image.get_layers()] == ["Restored: Oma", "Oma"]
    assert (box(second, *HOLE) != box(layer, *HOLE)).any()
    third = restore(image, second)
    assert third.get_name() == "Restored: Oma (2)" and len(image.get_layers()) == 3
    image.delete()


def check_settings():
    """Of the last settings those count that are for the selection; what is for all of the layer, or
    takes long, does not."""
    image = new_image()
    layer = new_layer(image, "Oma", alpha=False)
    select(image, *HOLE)
    remember('(mask-grow 3)\\n(method "deep")\\n(denoise yes)\\n(colour "gray")\\n(output "mask")\\n')
    status, mended = mend(image, layer)
    os.remove(LAST)
    assert status == SUCCESS, mended
    assert not mended.get_mask()
    x, y, width, height = HOLE
    changed = (raw(mended) != raw(layer)).any(axis=2)
    assert changed[y - 2:y, x:x + width].mean() > 0.5, "the last settings were not used"
    changed[y - 4:y + height + 4, x - 4:x + width + 4] = False
    assert not changed.any()
    image.delete()


def check_nothing_selected():
    image = new_image()
    layer = new_layer(image, "Oma", alpha=False)
    Gimp.Selection.none(image)
    status, message = mend(image, layer)
    assert status == ERROR and "Nothing is selected" in message, (status, message)
    assert len(image.get_layers()) == 1
    image.delete()


def measure(tap):
    width, height, times = 4000, 3000, []
    pixels = photograph(width, height, None)
    pixels[..., :3] += 0.02 * numpy.random.default_rng(1).standard_normal(
        (height, width, 1), numpy.float32)
    image = new_image(width=width, height=height)
    layer = new_layer(image, "Oma", alpha=False, pixels=pixels)
    for number in range(7):
        select(image, 500 + 300 * number, 1200, 40, 40)
        start = time.monotonic()
        status, layer = mend(image, layer)
        assert status == SUCCESS, layer
        times.append(time.monotonic() - start)
    image.delete()
    print(f"# 40 pixels in 12 megapixels: {1000 * sorted(times)[3]:.0f} ms, the median of",
          *(f"{1000 * t:.0f}" for t in times), file=tap.file)


tap = Tap()
tap.case("one layer for many repairs", check_one_layer)
tap.case("added to the last repair", check_add)
tap.case("the last settings", check_settings)
tap.case("nothing selected", check_nothing_selected)
tap.case("in a large photograph", measure, tap)
tap.end()
