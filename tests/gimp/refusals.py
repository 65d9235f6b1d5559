# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever cannot be restored is refused with a message that says what to do next, and the
image stays exactly as it was."""
import os
import resource

from gi.repository import Gegl, Gimp

from inside import (HOLE, PROCEDURE, Tap, call, new_image, new_layer, photograph, raw, restore, select)


def check_refused(prepare, *words, run_mode=Gimp.RunMode.NONINTERACTIVE, **settings):
    """@prepare makes an image and says what is to be restored in it; with @settings the message
    must hold @words, the last of which are the way on."""
    image, drawables = prepare()
    before = ([item.get_id() for item in image.get_layers()],
              [raw(item).tobytes() for item in drawables if item.get_width() < 1000])
    image.clean_all()
    status, message = call(image, drawables, run_mode, **settings)
    assert status in (Gimp.PDBStatusType.EXECUTION_ERROR, Gimp.PDBStatusType.CALLING_ERROR)
    for word in words:
        assert word in message, f"“{word}” is missing in: {message}"
    assert not image.is_dirty(), "an undo step was left behind"
    after = ([item.get_id() for item in image.get_layers()],
             [raw(item).tobytes() for item in drawables if item.get_width() < 1000])
    assert before == after, "the image changed"
    image.delete()


def drawn():
    image = new_image()
    layer = new_layer(image)
    select(image, *HOLE)
    return image, layer


def nothing_selected():
    image, layer = drawn()
    Gimp.Selection.none(image)
    return image, [layer]


def misses():
    image = new_image(width=300, height=200)
    layer = new_layer(image)
    select(image, 150, 100, 20, 20)
    return image, [layer]


def misses_between():
    """The box around the selection meets the layer, the selection does not."""
    image = new_image(width=300, height=200)
    layer = new_layer(image, offset=(100, 80))
    select(image, 0, 0, 20, 20)
    image.select_rectangle(Gimp.ChannelOps.ADD, 280, 180, 10, 10)
    return image, [layer]


def all_selected():
    image, layer = drawn()
    Gimp.Selection.all(image)
    return image, [layer]


def rest_transparent():
    image = new_image()
    pixels = photograph()
    x, y, width, height = HOLE
    alpha = pixels[y:y + height, x:x + width, 3].copy()
    pixels[..., 3] = 0
    pixels[y:y + height, x:x + width, 3] = alpha
    layer = new_layer(image, pixels=pixels)
    select(image, *HOLE)
    return image, [layer]


def indexed():
    image, layer = drawn()
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16,
                          False, True, "")
    return image, [layer]


def several():
    image, layer = drawn()
    return image, [layer, new_layer(image, "Other")]


def none():
    return drawn()[0], []


def group():
    image, layer = drawn()
    parent = Gimp.GroupLayer.new(image, "Family")
    image.insert_layer(parent, None, 0)
    image.reorder_item(layer, parent, 0)
    return image, [parent]


def layer_mask():
    image, layer = drawn()
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.WHITE))
    return image, [layer.get_mask()]


def channel():
    image, _ = drawn()
    item = Gimp.Channel.new(image, "Dust", 72, 56, 50, Gegl.Color.new("red"))
    image.insert_channel(item, None, 0)
    return image, [item]


def quick_mask():
    image, _ = drawn()
    item = Gimp.Channel.new(image, "Qmask", 72, 56, 50, Gegl.Color.new("red"))
    image.insert_channel(item, None, 0)
    return image, [item]


def hidden():
    image, layer = drawn()
    layer.set_visible(False)
    return image, [layer]


def hidden_group():
    image, layer = drawn()
    parent = Gimp.GroupLayer.new(image, "Family")
    image.insert_layer(parent, None, 0)
    image.reorder_item(layer, parent, 0)
    parent.set_visible(False)
    return image, [layer]


def selection_mask():
    image, _ = drawn()
    return image, [image.get_selection()]


def locked():
    image, layer = drawn()
    layer.set_lock_content(True)
    return image, [layer]


def locked_group():
    image, layer = drawn()
    parent = Gimp.GroupLayer.new(image, "Family")
    image.insert_layer(parent, None, 0)
    image.reorder_item(layer, parent, 0)
    parent.set_lock_content(True)
    return image, [layer]


def text():
    image, _ = drawn()
    layer = Gimp.TextLayer.new(image, "1932", Gimp.fonts_get_list("")[0], 20,
                               Gimp.Unit.pixel())
    image.insert_layer(layer, None, 0)
    return image, [layer]


def floating():
    image, layer = drawn()
    Gimp.edit_copy([layer])
    return image, [Gimp.edit_paste(layer, False)[0]]


def too_large():
    image = new_image(width=10000, height=10000)
    layer = Gimp.Layer.new(image, "Poster", 10000, 10000, Gimp.ImageType.RGB_IMAGE, 100,
                           Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    layer.fill(Gimp.FillType.WHITE)
    select(image, 200, 200, 9600, 9600)
    return image, [layer]


def check_too_large():
    """With less memory than that takes, whatever the machine has: a plug-in gets the limit
    of the GIMP that starts it, which is the parent of this script."""
    before = resource.prlimit(os.getppid(), resource.RLIMIT_AS)
    resource.prlimit(os.getppid(), resource.RLIMIT_AS, (3 << 30, before[1]))
    try:
        check_refused(too_large, "memory", "elect a smaller area")
    finally:
        resource.prlimit(os.getppid(), resource.RLIMIT_AS, before)


def check_memory_limit():
    """A limit too small is refused; one that suffices gives what no limit gives.  It goes as far
    as in the shell's program."""
    spec = PROCEDURE.find_argument("memory-limit")
    assert (spec.minimum, spec.maximum, spec.default_value) == (0, 2 ** 31 - 1, 0)
    for method in "prior", "deep", "untrained":
        check_refused(lambda: (lambda image, layer: (image, [layer]))(*drawn()), "of memory",
                      "may be used", "Select a smaller area", memory_limit=1, method=method)
    image = new_image()
    layer = new_layer(image, alpha=False)
    select(image, *HOLE)
    free = raw(restore(image, layer))
    assert (raw(restore(image, layer, memory_limit=2 ** 31 - 1)) == free).all()
    assert (raw(restore(image, layer, memory_limit=1000)) == free).all()
    image.delete()


def check_works_afterwards():
    image, layer = drawn()
    restore(image, layer)
    image.delete()


def check_nothing_selected():
    check_refused(nothing_selected, "Nothing is selected", "Select the damaged", find="off")


tap = Tap()
tap.case("nothing selected", check_nothing_selected)
for name, prepare, words in [
        ("selection misses the layer", misses, ["outside this layer", "Select the damaged"]),
        ("selection on both sides of the layer", misses_between,
         ["outside this layer", "Select the damaged"]),
        ("everything selected", all_selected, ["Nothing is left", "Select only the damaged"]),
        ("the rest transparent", rest_transparent, ["Nothing is left", "Select only"]),
        ("indexed", indexed, ["indexed", "Image > Mode > RGB"]),
        ("several layers", several, ["Several layers", "Choose only the one"]),
        ("no layer", none, ["No layer", "Choose the layer"]),
        ("group", group, ["“Family” is a group", "Choose one layer inside"]),
        ("layer mask", layer_mask, ["layer mask", "Click the picture of its layer"]),
        ("channel", channel, ["“Dust” is a channel", "Choose a layer"]),
        ("Quick Mask", quick_mask, ["Quick Mask is active", "Leave it with Shift+Q"]),
        ("hidden layer", hidden, ["“Photo” is hidden", "Show it"]),
        ("layer in a hidden group", hidden_group, ["“Family” is hidden", "Show it"]),
        ("the selection itself", selection_mask, ["is a channel", "Choose a layer"]),
        ("locked layer", locked, ["“Photo” are locked", "Unlock"]),
        ("layer in a locked group", locked_group, ["“Family” are locked", "Unlock"]),
        ("text layer", text, ["is a text layer", "discard"]),
        ("floating selection", floating, ["floating selection", "Anchor"]),
    ]:
    tap.case(name, check_refused, prepare, *words)
tap.case("too large for memory", check_too_large)
tap.case("memory-limit", check_memory_limit)
tap.case("no display to ask on",
         lambda: check_refused(lambda: (lambda i, l: (i, [l]))(*drawn()), "no display",
                               "RUN-NONINTERACTIVE", run_mode=Gimp.RunMode.INTERACTIVE))
tap.case("works afterwards", check_works_afterwards)
tap.end()
