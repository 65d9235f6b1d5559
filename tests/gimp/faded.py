# SPDX-License-Identifier: GPL-3.0-or-later
"""Faded colours come back on a new layer, which is near the picture from before it faded; the old
layer stays as it is, and so do colours that are not to be restored."""
import numpy
from gi.repository import Gimp

from inside import Tap, floats, new_image, new_layer, projection, raw, restore, select

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


def check(precision, hole=None, names=("Colour: Photo", "Photo"), **settings):
    """Returns how far the upper layer is from the truth, of how far the faded one is."""
    image, truth = new_image(precision=precision, width=WIDTH, height=HEIGHT), things()
    layer = new_layer(image, alpha=False, pixels=fade(truth))
    before = raw(layer).tobytes()
    if hole:
        select(image, *hole)
    restored = restore(image, layer, find="off", **settings)
    assert raw(layer).tobytes() == before
    layers = image.get_layers()
    assert tuple(item.get_name() for item in layers) == names, [item.get_name() for item in layers]
    assert (layers[0].get_id(), layers[-1].get_id()) == (restored.get_id(), layer.get_id())
    off = [abs(floats(item, "R'G'B' float") - truth[..., :3]).mean() for item in (restored, layer)]
    image.delete()
    return off[0] / off[1]


def check_print(precision):
    share = check(precision, colour="print")
    assert share < 0.6, share


def check_hole():
    """All of the photograph changes, not only what is selected."""
    share = check(Gimp.Precision.U8_NON_LINEAR, (40, 30, 6, 5),
                  ("Colour: Photo", "Restored: Photo", "Photo"), colour="print")
    assert share < 0.6, share


def check_one_layer():
    share = check(Gimp.Precision.U8_NON_LINEAR, (40, 30, 6, 5), ("Restored: Photo", "Photo"),
                  colour="print", colour_layer=False)
    assert share < 0.6, share


def two_layers(look=lambda layer: None, alpha=None, **settings):
    """A restoration of a photograph with a hole: what is seen, and the layers."""
    image, truth = new_image(width=WIDTH, height=HEIGHT), fade(things())
    if alpha is not None:
        truth[..., 3] = alpha
    layer = new_layer(image, alpha=alpha is not None, pixels=truth)
    look(layer)
    select(image, 40, 30, 6, 5)
    restore(image, layer, find="off", colour="print", **settings)
    return image, image.get_layers()


def check_mended():
    """The layer between is the photograph mended in its old colours: the same as without colours,
    and exactly the photograph outside of the hole; each of the new layers has the record."""
    image, (colours, mended, layer) = two_layers()
    changed = (raw(mended) != raw(layer)).any(axis=2)
    assert changed[30:35, 40:46].mean() > 0.8
    changed[30:35, 40:46] = False
    assert not changed.any()
    colours.set_visible(False)
    assert abs(projection(image)[..., :3] - floats(mended, "R'G'B' float")).max() < 1e-6
    assert all(item.get_parasite("heirloom-settings") for item in (colours, mended))
    other, (alone, _) = two_layers(colour_layer=False)
    assert (raw(alone) == raw(colours)).all()
    for item in image, other:
        item.delete()


def check_again():
    """Names do not pile up, and are numbered."""
    image, (colours, mended, layer) = two_layers()
    select(image, 60, 50, 5, 5)
    restore(image, colours, find="off", colour="print")
    names = [item.get_name() for item in image.get_layers()]
    assert names == ["Colour: Photo (2)", "Restored: Photo (2)", "Colour: Photo", "Restored: Photo",
                     "Photo"], names
    image.delete()


def check_outputs():
    """What the mended layer holds is as asked for; the colours always are all of the photograph."""
    for output in "repair", "mask", "add":
        image, (colours, mended, layer) = two_layers(output=output)
        assert bool(mended.get_mask()) == (output == "mask") and not colours.get_mask()
        alpha = floats(mended, "R'G'B'A float")[..., 3]
        assert (alpha.mean() < 0.1) == (output == "repair")
        assert (floats(colours, "R'G'B'A float")[..., 3] == 1).all()
        if output == "add":
            select(image, 60, 50, 5, 5)
            restore(image, mended, find="off", colour="print", output="add")
            names = [item.get_name() for item in image.get_layers()]
            assert names == ["Colour: Photo", "Colour: Photo (2)", "Restored: Photo", "Photo"], names
        image.delete()


def check_translucent():
    """Of a layer that lets through what is below it, or is not plain, only the upper one of the new
    layers is seen."""
    for look, alpha in ((lambda layer: layer.set_opacity(40), None), (lambda layer: None, 0.5)):
        image, layers = two_layers(look, alpha)
        assert [item.get_visible() for item in layers] == [True, False, False]
        seen = floats(layers[0], "R'G'B'A float")
        assert abs(projection(image)[..., :3] - seen[..., :3]).max() < 0.02
        image.delete()


def check_strength():
    """A half is more than a fifth, and that more than nothing."""
    fifth, half = (check(Gimp.Precision.FLOAT_NON_LINEAR, colour="print", colour_strength=strength)
                   for strength in (20.0, 50.0))
    assert half + 0.1 < fifth < 0.95, (half, fifth)


tap = Tap()
tap.case("a print with 8 bits", check_print, Gimp.Precision.U8_NON_LINEAR)
tap.case("a print in linear light", check_print, Gimp.Precision.FLOAT_LINEAR)
tap.case("with a hole", check_hole)
tap.case("one layer", check_one_layer)
tap.case("the mended layer", check_mended)
tap.case("once more", check_again)
tap.case("what the mended layer holds", check_outputs)
tap.case("layers that are blended", check_translucent)
tap.case("half the strength", check_strength)
tap.end()
