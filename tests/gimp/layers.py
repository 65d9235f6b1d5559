# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the new layer goes and what it takes from its source: offsets, groups, selections
that hang over the edge or are feathered, filters, names, last-used values."""
import os
import urllib.parse

import numpy
from gi.repository import Gimp, Gio

from inside import (HEIGHT, HOLE, WIDTH, Tap, call, check_only_selection_changed, floats,
                    new_image, new_layer, photograph, projection, raw, restore, select, selected)

SUCCESS = Gimp.PDBStatusType.SUCCESS


def select_hole(image, offset):
    x, y, width, height = HOLE
    select(image, x + offset[0], y + offset[1], width, height)


def check_offset(offset, canvas=(WIDTH, HEIGHT)):
    image = new_image(width=canvas[0], height=canvas[1])
    layer = new_layer(image, offset=offset)
    select_hole(image, offset)
    restored = restore(image, layer)
    assert restored.get_offsets() == layer.get_offsets(), restored.get_offsets()
    changed = check_only_selection_changed(image, layer, restored)
    x, y, width, height = HOLE
    assert changed[y:y + height, x:x + width].all(), "the hole lies elsewhere"
    image.delete()


def check_place():
    """Directly above the source, whatever lies above and below."""
    image = new_image()
    for name in ("Bottom", "Middle", "Top"):
        new_layer(image, name)
    layer = image.get_layers()[1]
    select_hole(image, (0, 0))
    restore(image, layer)
    names = [item.get_name() for item in image.get_layers()]
    assert names == ["Top", "Restored: Middle", "Middle", "Bottom"], names
    image.delete()


def check_group(depth):
    image = new_image()
    parent = None
    for number in range(depth):
        group = Gimp.GroupLayer.new(image, f"Group {number}")
        image.insert_layer(group, parent, 0)
        parent = group
    new_layer(image, "Below", parent=parent)
    layer = new_layer(image, "Photo", offset=(-7, 5), parent=parent)
    new_layer(image, "Above", parent=parent)
    select_hole(image, (-7, 5))
    restored = restore(image, layer)
    assert restored.get_parent() == parent
    names = [item.get_name() for item in parent.get_children()]
    assert names == ["Above", "Restored: Photo", "Photo", "Below"], names
    check_only_selection_changed(image, layer, restored)
    image.delete()


def check_selection_over_the_edge():
    """Selected inside and outside the layer, and the layer hangs off the canvas."""
    image = new_image()
    layer = new_layer(image, offset=(25, -12), pixels=photograph(hole=None))
    select(image, 0, 10, 40, 60)
    restored = restore(image, layer)
    changed = check_only_selection_changed(image, layer, restored)
    rows, columns = numpy.nonzero(changed)
    assert columns.max() < 15 and rows.min() >= 22, (columns.max(), rows.min())
    image.delete()


def check_feathered():
    """The selection's values are weights: a pixel that is selected by a tenth changes by a
    tenth of what it could."""
    image = new_image()
    layer = new_layer(image, alpha=False)
    select(image, *HOLE)
    Gimp.Selection.feather(image, 12)
    weight = selected(image, layer)
    assert ((weight > 0.02) & (weight < 0.5)).sum() > 50, "the selection is not feathered"
    restored = restore(image, layer)
    before, after = floats(layer, "R'G'B' float"), floats(restored, "R'G'B' float")
    change = numpy.abs(after - before).max(axis=2)
    assert (change[weight == 0] == 0).all()
    assert (change <= weight + 0.6 / 255).all(), (change - weight).max()
    assert (change[weight > 0.5] > 0).mean() > 0.9, "the middle did not change"
    image.delete()


def check_feathered_mask(precision, most):
    """With a layer mask, the picture looks as it does without one."""
    seen = []
    for output in "layer", "mask":
        image = new_image(precision=precision)
        layer = new_layer(image, alpha=False)
        select(image, *HOLE)
        Gimp.Selection.feather(image, 12)
        restored = restore(image, layer, output=output)
        assert bool(restored.get_mask()) == (output == "mask")
        seen.append(projection(image))
        image.delete()
    assert numpy.abs(seen[0] - seen[1]).max() <= most, numpy.abs(seen[0] - seen[1]).max()


def check_far_away():
    """Of a large layer only the surroundings of the damage are read, and the hole is where
    it was."""
    image = new_image(width=900, height=700)
    hole = (611, 402, 21, 13)
    layer = new_layer(image, pixels=photograph(900, 700, hole))
    select(image, *hole)
    restored = restore(image, layer, iterations=0)
    check_only_selection_changed(image, layer, restored)
    x, y, width, height = hole
    mended = floats(restored, "R'G'B' float")[y:y + height, x:x + width]
    for channel, (low, high) in enumerate([(0.66, 0.81), (0.41, 0.56), (0.16, 0.31)]):
        assert mended[..., channel].min() > low and mended[..., channel].max() < high
    image.delete()


def check_filters():
    """Non-destructive filters are part of what the person sees: the new layer has their
    effect in its pixels, and the source keeps them as they are."""
    image = new_image()
    layer = new_layer(image)
    flat = layer.copy()
    image.insert_layer(flat, None, 1)
    for target in (layer, flat):
        target.append_filter(Gimp.DrawableFilter.new(target, "gegl:invert-gamma", "Negative"))
    flat.merge_filters()
    assert (raw(flat) != raw(layer)).any()
    select_hole(image, (0, 0))
    restored = restore(image, layer)
    check_only_selection_changed(image, flat, restored)
    assert len(layer.get_filters()) == 1 and len(restored.get_filters()) == 0
    image.delete()


def check_looks():
    """The new layer stands in for its source: same opacity, mode and mask."""
    image = new_image()
    layer = new_layer(image)
    layer.set_opacity(40)
    layer.set_mode(Gimp.LayerMode.MULTIPLY)
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.BLACK))
    select_hole(image, (0, 0))
    restored = restore(image, layer)
    assert round(restored.get_opacity()) == 40
    assert restored.get_mode() == Gimp.LayerMode.MULTIPLY
    assert restored.get_mask() and (raw(restored.get_mask()) == raw(layer.get_mask())).all()
    check_only_selection_changed(image, layer, restored)
    image.delete()


def check_untouched():
    """The image changes in nothing but the new layer, also where a lower one is restored."""
    image = new_image()
    layer, other = new_layer(image), new_layer(image, "Other", offset=(3, 3))
    select_hole(image, (0, 0))
    before = [raw(layer), raw(other), raw(image.get_selection())]
    restored = restore(image, layer)
    after = [raw(layer), raw(other), raw(image.get_selection())]
    assert all((a == b).all() for a, b in zip(before, after))
    assert (image.get_width(), image.get_height()) == (WIDTH, HEIGHT)
    assert image.get_layers() == [other, restored, layer]
    image.delete()


def check_settings():
    """Each setting reaches the engine, and the same seed gives the same bits."""
    image = new_image(precision=Gimp.Precision.FLOAT_NON_LINEAR)
    layer = new_layer(image, alpha=False)
    select_hole(image, (0, 0))
    # The noise level matters most where blur is undone.
    fixed = {"method": "untrained", "iterations": 3, "auto_noise": False, "noise_level": 2.0, "seed": 5,
             "deblur": "gaussian", "blur_radius": 1.0, "deblur_method": "tv"}
    first = raw(restore(image, layer, **fixed))
    assert (raw(restore(image, layer, **fixed)) == first).all(), "not reproducible"
    for change in ({"iterations": 6}, {"seed": 6}, {"noise_level": 20.0},
                   {"auto_noise": True}, {"deblur": "none"}, {"blur_radius": 2.0}, {"deblur": "disk"},
                   {"deblur": "motion"}, {"deblur": "motion", "blur_angle": 90.0},
                   {"deblur": "aniso", "blur_radius_across": 2.0},
                   {"deblur_method": "wiener"}, {"deblur_method": "prior"}, {"blur_light": "encoded"},
                   {"method": "prior"}, {"denoise": True}, {"mask_grow": 3}):
        assert (raw(restore(image, layer, **fixed | change)) != first).any(), change
    image.delete()


def check_blur_file():
    """A blur drawn in white on a transparent layer is the blur that was named, whatever the
    background colour."""
    image = new_image(precision=Gimp.Precision.FLOAT_NON_LINEAR)
    layer = new_layer(image, alpha=False)
    drawing = new_image(width=11, height=9)
    dots = numpy.ones((9, 11, 4), numpy.float32)
    dots[..., 3] = 0
    dots[4, 3:8, 3] = 1
    new_layer(drawing, "Dot", pixels=dots)
    path = Gio.File.new_for_path(os.path.join(os.path.dirname(os.environ["HEIRLOOM_TAP"]), "dot.png"))
    assert Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, drawing, path, None)
    drawing.delete()
    fixed = {"deblur_method": "tv", "auto_noise": False, "noise_level": 1.0}
    named = raw(restore(image, layer, deblur="motion", blur_radius=5.0, **fixed)).view(numpy.float32)
    drawn = raw(restore(image, layer, deblur="file", blur_file=path, **fixed)).view(numpy.float32)
    assert (named != raw(layer).view(numpy.float32)).mean() > 0.3, "nothing was sharpened"
    assert abs(named - drawn).max() < 1e-4, abs(named - drawn).max()
    image.delete()


def check_record():
    """What is kept with the new layer: each setting; a file as its URI, whatever its name."""
    image = new_image(precision=Gimp.Precision.FLOAT_NON_LINEAR)
    layer = new_layer(image, alpha=False)
    select_hole(image, (0, 0))
    path = os.path.join(os.fsencode(os.path.dirname(os.environ["HEIRLOOM_TAP"])), b"a dot \xff.png")
    open(path, "wb").close()  # GIMP wants it to be there
    file = Gio.File.new_for_uri("file://" + urllib.parse.quote_from_bytes(path))
    restored = restore(image, layer, blur_file=file, seed=7)
    record = bytes(restored.get_parasite("heirloom-settings").get_data()).decode().rstrip("\0").splitlines()
    for line in (f"blur-file={file.get_uri()}", "seed=7", "method=auto", "auto-noise=true", "grain=100"):
        assert line in record, (line, record)
    image.delete()


def check_denoise():
    """Without a selection the whole layer loses its noise; transparent pixels keep theirs."""
    image = new_image(precision=Gimp.Precision.FLOAT_NON_LINEAR)
    layer = new_layer(image, alpha=False)
    before = floats(layer, "R'G'B' float")
    after = floats(restore(image, layer, denoise=True, auto_noise=False, noise_level=5.0),
                   "R'G'B' float")
    assert (before != after).mean() > 0.9, "not all of it was worked on"
    assert abs(before - after).mean() < 0.05, abs(before - after).mean()
    image.delete()


def check_last_values():
    """With-last-values takes what the last dialog stored, not what the call says."""
    image = new_image(precision=Gimp.Precision.FLOAT_NON_LINEAR)
    layer = new_layer(image, alpha=False)
    select_hole(image, (0, 0))
    folder = os.path.join(Gimp.directory(), "plug-in-settings")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "GimpProcedureConfigRun-plug-in-heirloom-restore.last")
    with open(path, "w") as file:
        file.write('(method "untrained")\n(iterations 3)\n(noise-level 2)\n(auto-noise no)\n(deblur "none")\n'
                   '(blur-radius 1.5)\n(seed 77)\n')
    status, last = call(image, [layer], Gimp.RunMode.WITH_LAST_VALS, iterations=1, seed=1)
    os.remove(path)
    assert status == SUCCESS, last
    same = restore(image, layer, method="untrained", iterations=3, noise_level=2, auto_noise=False, seed=77)
    other = restore(image, layer, method="untrained", iterations=1, noise_level=2, auto_noise=False, seed=1)
    assert (raw(last) == raw(same)).all(), "the stored values were not used"
    assert (raw(last) != raw(other)).any(), "this test cannot tell values apart"
    image.delete()


tap = Tap()
for offset in ((0, 0), (9, 4), (-25, -14), (-13, 21)):
    tap.case(f"offset {offset}", check_offset, offset)
tap.case("layer smaller than the canvas", check_offset, (40, 60), (200, 180))
tap.case("directly above its source", check_place)
tap.case("in a group", check_group, 1)
tap.case("in a group in a group", check_group, 2)
tap.case("selection over the edge", check_selection_over_the_edge)
tap.case("feathered selection", check_feathered)
tap.case("feathered selection, with a layer mask", check_feathered_mask,
         Gimp.Precision.U8_NON_LINEAR, 0)
tap.case("the same in float", check_feathered_mask, Gimp.Precision.FLOAT_NON_LINEAR, 1e-6)
tap.case("small damage in a large layer", check_far_away)
tap.case("non-destructive filters", check_filters)
tap.case("opacity, mode and mask", check_looks)
tap.case("everything else untouched", check_untouched)
tap.case("settings reach the engine", check_settings)
tap.case("a drawn blur", check_blur_file)
tap.case("settings are kept with the layer", check_record)
tap.case("denoise", check_denoise)
tap.case("with last values", check_last_values)
tap.end()
