# SPDX-License-Identifier: GPL-3.0-or-later
"""Faded colours come back on a new layer, which is near the picture from before it faded; the old
layer stays as it is, and so do colours that are not to be restored."""
import numpy
from gi.repository import Gimp

from inside import Tap, floats, new_image, new_layer, raw, restore, select

WIDTH, HEIGHT = 128, 96


def to_density(values):
    return -2.4 * numpy.log10((values + 0.055) / 1.055)


def to_values(density):
    return (1.055 * 10 ** (-density / 2.4) - 0.055).clip(0, 1)


def things():
    """(H, W, 4): things of all kinds of light and colour, black and white among them."""
    random = numpy.random.RandomState(4)
    pixels = numpy.full((HEIGHT, WIDTH, 4), 0.5, numpy.float32)
    for k in range(90):
        y, x = random.randint(0, HEIGHT - 8), random.randint(0, WIDTH - 12)
        light = 0.03 if k % 11 == 0 else 0.97 if k % 11 == 1 else random.uniform(0.1, 0.9)
        pixels[y:y + random.randint(4, 20), x:x + random.randint(4, 24), :3] = (
            light * (1 + random.uniform(-0.3, 0.3, 3)))
    pixels[..., 3] = 1
    return pixels.clip(0, 1)


def fade(pixels):
    faded = pixels.copy()
    density = to_density(pixels[..., :3].astype(float)) * [0.45, 0.8, 0.7] + [0.02, 0.05, 0.15]
    faded[..., :3] = to_values(density)
    return faded


def check(precision, hole=None, **settings):
    """Returns how far the new layer is from the truth, of how far the faded one is."""
    image, truth = new_image(precision=precision, width=WIDTH, height=HEIGHT), things()
    layer = new_layer(image, alpha=False, pixels=fade(truth))
    before = raw(layer).tobytes()
    if hole:
        select(image, *hole)
    restored = restore(image, layer, find="off", **settings)
    assert raw(layer).tobytes() == before
    assert [item.get_id() for item in image.get_layers()] == [restored.get_id(), layer.get_id()]
    off = [abs(floats(item, "R'G'B' float") - truth[..., :3]).mean() for item in (restored, layer)]
    image.delete()
    return off[0] / off[1]


def check_print(precision):
    share = check(precision, colour="print")
    assert share < 0.6, share


def check_hole():
    """All of the layer changes, not only what is selected."""
    share = check(Gimp.Precision.U8_NON_LINEAR, hole=(40, 30, 6, 5), colour="print")
    assert share < 0.6, share


def check_strength():
    """A half is between all and nothing."""
    share = check(Gimp.Precision.FLOAT_NON_LINEAR, colour="print", colour_strength=50.0)
    assert 0.5 < share < 0.9, share


tap = Tap()
tap.case("a print with 8 bits", check_print, Gimp.Precision.U8_NON_LINEAR)
tap.case("a print in linear light", check_print, Gimp.Precision.FLOAT_LINEAR)
tap.case("with a hole", check_hole)
tap.case("half the strength", check_strength)
tap.end()
