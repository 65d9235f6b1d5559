# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside GIMP: the procedure that proposes a selection of dust and scratches."""
import numpy
from gi.repository import Gegl, Gimp

from inside import Tap, floats, new_image, raw, region, select

SELECT = Gimp.get_pdb().lookup_procedure("plug-in-heirloom-select-damage")
WIDTH, HEIGHT = 160, 120


def scratched():
    """(H, W, 3) floats with a white scratch and specks, and where they are."""
    y, x = numpy.mgrid[:HEIGHT, :WIDTH].astype(numpy.float32)
    pixels = numpy.dstack([0.4 + 0.1 * numpy.sin(x / 30 + c) + 0.1 * (y > 70) for c in range(3)])
    damage = abs(x - 40 - 0.4 * y) < 1.3
    for left, top in (100, 30), (130, 90), (120, 50), (20, 100):
        damage |= (x - left) ** 2 + (y - top) ** 2 < 5
    pixels[damage] = 0.93
    return pixels.astype(numpy.float32), damage


def drawn():
    image = new_image(width=WIDTH, height=HEIGHT)
    layer = Gimp.Layer.new(image, "Photo", WIDTH, HEIGHT, Gimp.ImageType.RGB_IMAGE, 100,
                           Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    pixels, damage = scratched()
    layer.get_buffer().set(region(0, 0, WIDTH, HEIGHT), "R'G'B' float", pixels.tobytes())
    return image, layer, damage


def propose(image, layer, **settings):
    config = SELECT.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer])
    for name, value in settings.items():
        config.set_property(name, value)
    result = SELECT.run(config)
    assert result.index(0) == Gimp.PDBStatusType.SUCCESS, Gimp.get_pdb().get_last_error()
    return floats(image.get_selection(), "Y float")[..., 0]


def check_finds():
    image, layer, damage = drawn()
    before = raw(layer).copy()
    found = propose(image, layer) > 0.5
    assert found[damage].mean() > 0.9 and found.mean() < 0.15, (found[damage].mean(), found.mean())
    assert (raw(layer) == before).all(), "the picture was changed"
    image.delete()


def check_operation():
    image, layer, _ = drawn()
    alone = propose(image, layer)
    select(image, 60, 5, 20, 10)
    added = propose(image, layer, operation="add")
    assert (added[5:15, 60:80] == 1).all() and (added >= alone).all()
    replaced = propose(image, layer, operation="replace")
    assert (replaced == alone).all(), "the old selection was not replaced"
    image.delete()


def check_within():
    """Looks only where something is selected, and leaves that alone where it finds nothing."""
    image, layer, damage = drawn()
    select(image, 0, 0, 90, HEIGHT)
    found = propose(image, layer) > 0.5
    assert found[:, :90][damage[:, :90]].mean() > 0.9 and not found[:, 90:].any()
    select(image, 105, 5, 10, 10)
    before = floats(image.get_selection(), "Y float").copy()
    config = SELECT.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer])
    config.set_property("sensitivity", 0.0)
    assert SELECT.run(config).index(0) == Gimp.PDBStatusType.EXECUTION_ERROR
    assert "Nothing was found" in Gimp.get_pdb().get_last_error()
    assert (floats(image.get_selection(), "Y float") == before).all(), "the selection was changed"
    image.delete()


def check_offset():
    image, layer, _ = drawn()
    alone = propose(image, layer)
    layer.set_offsets(-30, 12)
    moved = propose(image, layer, operation="replace")
    assert (moved[12:, :-30] == alone[:-12, 30:]).all()
    assert not moved[:12].any() and not moved[:, -30:].any()
    image.delete()


def check_filters():
    """Filters of the layer are part of what is looked at."""
    image, layer, damage = drawn()
    flat = layer.copy()
    image.insert_layer(flat, None, 1)
    for target in layer, flat:
        blur = Gimp.DrawableFilter.new(target, "gegl:gaussian-blur", "Blur")
        blur.get_config().set_property("std-dev-x", 1.0)
        blur.get_config().set_property("std-dev-y", 1.0)
        blur.update()
        target.append_filter(blur)
    flat.merge_filters()
    found = propose(image, layer)
    assert (found == propose(image, flat, operation="replace")).all(), (found.sum(), damage.sum())
    assert len(layer.get_filters()) == 1
    image.delete()


tap = Tap()
tap.case("finds drawn damage and changes no pixel", check_finds)
tap.case("replaces or adds", check_operation)
tap.case("looks within a selection", check_within)
tap.case("a layer that hangs over the edge", check_offset)
tap.case("non-destructive filters", check_filters)
tap.end()
