# SPDX-License-Identifier: GPL-3.0-or-later
"""No bit outside of the selection changes: every depth, linear or not, RGB or gray, with alpha
or without, at an offset, in a group, feathered. The pictures are small, and the smooth fill alone is
made, so that they take seconds."""
import itertools

from gi.repository import Gimp

from inside import Tap, check_alpha, new_image, new_layer, photograph, raw, restore, select, selected

WIDTH, HEIGHT = 34, 27
HOLE = (14, 9, 9, 8)
DEPTHS = ("U8", "U16", "U32", "HALF", "FLOAT", "DOUBLE")
BOTH = (False, True)


def check(base, precision, alpha, moved, grouped, feathered):
    image = new_image(base, precision, WIDTH, HEIGHT)
    parent = None
    if grouped:
        parent = Gimp.GroupLayer.new(image, "Family")
        image.insert_layer(parent, None, 0)
    offset = (-5, 3) if moved else (0, 0)
    layer = new_layer(image, alpha=alpha, pixels=photograph(WIDTH, HEIGHT, HOLE), offset=offset,
                      parent=parent)
    select(image, HOLE[0] + offset[0], HOLE[1] + offset[1], *HOLE[2:])
    if feathered:
        Gimp.Selection.feather(image, 4)
    before, weight = raw(layer), selected(image, layer)
    restored = restore(image, layer, method="untrained", iterations=0, auto_noise=False)
    assert (raw(layer) == before).all(), "the source changed"
    assert (selected(image, layer) == weight).all(), "the selection changed"
    assert restored.get_format() == layer.get_format(), "the format changed"
    assert restored.get_offsets() == layer.get_offsets(), "it lies elsewhere"
    assert restored.get_parent() == parent, "it is in another group"
    changed = (raw(restored) != before).any(axis=2)
    assert (weight == 0).any() and not changed[weight == 0].any(), "a pixel outside changed"
    assert changed[weight > 0.5].mean() > 0.9, "the hole is as it was"
    if alpha:
        check_alpha(layer, restored, weight)
    image.delete()


def check_some(base, precision, number):
    for case in itertools.product(BOTH, repeat=4):
        # A quarter of all, another one for the next kind of pixel; each two things meet somewhere.
        if (case[0] ^ case[2], case[1] ^ case[3]) != (bool(number & 1), bool(number & 2)):
            continue
        try:
            check(base, precision, *case)
        except AssertionError as error:
            names = itertools.compress(("alpha", "offset", "group", "feather"), case)
            raise AssertionError(f"{'+'.join(names) or 'plain'}: {error}") from error


tap = Tap()
kinds = itertools.product((Gimp.ImageBaseType.RGB, Gimp.ImageBaseType.GRAY), DEPTHS,
                          ("LINEAR", "PERCEPTUAL"))
for number, (base, depth, curve) in enumerate(kinds):
    precision = getattr(Gimp.Precision, f"{depth}_{curve}")
    tap.case(f"{base.value_nick} {precision.value_nick}", check_some, base, precision,
             number + number // 4)
tap.end()
