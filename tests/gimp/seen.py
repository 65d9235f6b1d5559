# SPDX-License-Identifier: GPL-3.0-or-later
"""What is seen outside the selection does not change, whatever the layer's mode, opacity, mask and
transparency; inside, the repair is seen as the damage was. What is seen is the image's projection:
compared to the bit with 8 bits, to a millionth in float."""
import itertools

import numpy
from gi.repository import Gimp

from inside import (HEIGHT, HOLE, WIDTH, Tap, floats, new_image, new_layer, paint, photograph,
                    projection, raw, restore, select, selected)

EIGHT, FLOAT = Gimp.Precision.U8_NON_LINEAR, Gimp.Precision.FLOAT_NON_LINEAR
MOST = {EIGHT: 0, FLOAT: 1e-6}


def background():
    """Opaque, and another colour at every place."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(numpy.float32)
    return numpy.dstack([0.3 + 0.4 * x / WIDTH, 0.6 - 0.3 * y / HEIGHT, 0.2 + 0.5 * x * y
                         / (WIDTH * HEIGHT), 1 + 0 * x]).astype(numpy.float32)


def opaque():
    pixels = photograph()
    pixels[..., 3] = 1
    return pixels


def some_transparent():
    """Opaque but for a band that is half transparent and one that is transparent."""
    pixels = opaque()
    pixels[4:9, :, 3] = 0.5
    pixels[47:51, :, 3] = 0
    return pixels


def drawn(precision, pixels, look, grouped=False):
    image = new_image(precision=precision)
    new_layer(image, "Below", pixels=background())
    parent = None
    if grouped:
        parent = Gimp.GroupLayer.new(image, "Family")
        image.insert_layer(parent, None, 0)
        parent.set_mode(Gimp.LayerMode.NORMAL)
        parent.set_opacity(70)
    layer = new_layer(image, pixels=pixels, parent=parent)
    look(layer)
    select(image, *HOLE)
    return image, layer


def plain(layer):
    pass


def opacity(layer):
    layer.set_opacity(60)


def mode(name):
    return lambda layer: layer.set_mode(getattr(Gimp.LayerMode, name))


def masked(layer):
    """With a layer mask that differs everywhere."""
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH].astype(numpy.float32)
    shade = ((5 * x + 3 * y) % 64 / 63).astype(numpy.float32)
    mask.get_buffer().set(layer.get_buffer().get_extent(), "Y float", shade.tobytes())
    mask.update(0, 0, WIDTH, HEIGHT)


def check(precision, pixels, look, output, grouped=False):
    image, layer = drawn(precision, pixels, look, grouped)
    before, weight = projection(image), selected(image, layer)
    restored = restore(image, layer, output=output)
    after = projection(image)
    changed = numpy.abs(after - before).max(axis=2)
    assert changed[weight == 0].max() <= MOST[precision], changed[weight == 0].max()
    assert (changed[weight == 1] > MOST[precision]).mean() > 0.9, "the repair is not seen"
    if output == "layer":
        check_inside(precision, pixels, look, grouped, restored, after)
    image.delete()


def check_inside(precision, pixels, look, grouped, restored, seen):
    """As if the layer itself had been repaired."""
    image, layer = drawn(precision, pixels, look, grouped)
    paint(layer, floats(restored, "R'G'B'A float"))
    assert numpy.abs(projection(image) - seen).max() <= 1e-6
    image.delete()


def check_hole(precision, feather):
    """A hole without anything in it is mended as far as it is selected, with no rim of the colour
    that nobody saw."""
    image = new_image(precision=precision)
    pixels = opaque()
    x, y, width, height = HOLE
    pixels[y:y + height, x:x + width] = (0, 1, 0, 0)
    pixels[y:y + height, x, 3] = 0.3  # a soft edge
    layer = new_layer(image, pixels=pixels)
    select(image, *HOLE)
    if feather:
        Gimp.Selection.grow(image, 3)
        Gimp.Selection.feather(image, 6)
    weight = selected(image, layer)
    after = floats(restore(image, layer), "R'G'B'A float")
    hole = pixels[..., 3] < 1
    expected = numpy.maximum(pixels[..., 3], weight)
    assert numpy.abs(after[..., 3] - expected).max() < 1.1 / 255, "alpha is another"
    shown = hole & (weight > 0.02)
    shown[:, x] = False
    for channel, (low, high) in enumerate([(0.66, 0.82), (0.41, 0.57), (0.16, 0.32)]):
        mended = after[..., channel][shown]
        assert mended.min() > low and mended.max() < high, (channel, mended.min(), mended.max())
    image.delete()


def check_translucent():
    """A photograph that is half transparent stays so where it is mended."""
    image = new_image()
    pixels = opaque()
    pixels[..., 3] = 0.5
    layer = new_layer(image, pixels=pixels)
    select(image, *HOLE)
    restored = restore(image, layer)
    assert (raw(restored)[..., 3] == raw(layer)[..., 3]).all()
    image.delete()


def check_place():
    """A plain layer stays visible below; another one is hidden, and the new one has its looks."""
    for look, visible in ((plain, True), (opacity, False), (masked, False), (mode("SCREEN"), False)):
        image, layer = drawn(EIGHT, opaque(), look)
        restored = restore(image, layer)
        assert layer.get_visible() == visible and restored.get_visible()
        assert restored.get_opacity() == layer.get_opacity()
        assert restored.get_mode() == layer.get_mode()
        assert bool(restored.get_mask()) == bool(layer.get_mask())
        image.delete()


def check_names():
    """However often it is mended, the name stays short."""
    image, layer = drawn(EIGHT, opaque(), plain)
    names, latest = [], layer
    for _ in range(3):
        latest = restore(image, latest)
        names.append(latest.get_name())
    names.append(restore(image, layer).get_name())
    assert names == ["Restored: Photo", "Restored: Photo (2)", "Restored: Photo (3)",
                     "Restored: Photo (4)"], names
    for odd in "Restored: ", "Restored: (2)", "Restored: a (b)":
        layer.set_name(odd)
        name = restore(image, layer).get_name()
        assert name.startswith("Restored: ") and name != odd, (odd, name)
    image.delete()


tap = Tap()
LOOKS = {"plain": plain, "60 %": opacity, "multiply": mode("MULTIPLY"), "screen": mode("SCREEN"),
         "overlay": mode("OVERLAY"), "a layer mask": masked}
for (name, look), precision in itertools.product(LOOKS.items(), MOST):
    for output in "layer", "repair", "mask":
        tap.case(f"{name}, {precision.value_nick}, {output}", check, precision, opaque(), look,
                 output)
for precision, output in itertools.product(MOST, ("layer", "repair", "mask")):
    tap.case(f"half transparent, {precision.value_nick}, {output}", check, precision,
             some_transparent(), plain, output)
tap.case("60 % in a group", check, EIGHT, opaque(), opacity, "layer", True)
for precision, feather in itertools.product(MOST, (False, True)):
    tap.case(f"transparent hole, {precision.value_nick}{', feathered' * feather}", check_hole,
             precision, feather)
tap.case("half transparent all over", check_translucent)
tap.case("which layer is seen", check_place)
tap.case("names", check_names)
tap.end()
