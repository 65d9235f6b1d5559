# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests inside GIMP share: TAP, drawn layers, calls of the plug-in, raw pixels."""
import os
import traceback

import numpy
from gi.repository import Gegl, Gimp

Gegl.init(None)

PROCEDURE = Gimp.get_pdb().lookup_procedure("plug-in-heirloom-restore")
WIDTH, HEIGHT = 72, 56
HOLE = (30, 20, 14, 11)  # x, y, width, height: off the middle, so that a swap shows


class Tap:
    """One line for each case; a case is a function that asserts."""

    def __init__(self):
        self.file = open(os.environ["HEIRLOOM_TAP"], "w")
        self.number = 0

    def case(self, name, function, *arguments):
        self.number += 1
        try:
            function(*arguments)
            print("ok", self.number, "-", name, file=self.file)
        except Exception:
            print("not ok", self.number, "-", name, file=self.file)
            for line in traceback.format_exc().splitlines():
                print("#", line, file=self.file)
        self.file.flush()

    def end(self):
        print(f"1..{self.number}", file=self.file)
        self.file.close()


def region(x, y, width, height):
    return Gegl.Rectangle.new(x, y, width, height)


def raw(drawable):
    """(H, W, bytes of a pixel): the pixels as they lie in GIMP."""
    width, height = drawable.get_width(), drawable.get_height()
    data = drawable.get_buffer().get(region(0, 0, width, height), 1.0, None,
                                     Gegl.AbyssPolicy.NONE)
    return numpy.frombuffer(bytes(data), numpy.uint8).reshape(height, width, -1)


def floats(drawable, format_name):
    """(H, W, components) in the given format, which ends in " float"."""
    width, height = drawable.get_width(), drawable.get_height()
    data = drawable.get_buffer().get(region(0, 0, width, height), 1.0, format_name,
                                     Gegl.AbyssPolicy.NONE)
    return numpy.frombuffer(bytes(data), numpy.float32).reshape(height, width, -1)


def projection(image, name="R'G'B'A float"):
    """(H, W, components): what is seen."""
    copy = image.duplicate()
    seen = floats(copy.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE), name)
    copy.delete()
    return seen


def selected(image, layer):
    """(H, W): the selection over the layer, 0..1."""
    _, x, y = layer.get_offsets()
    width, height = layer.get_width(), layer.get_height()
    data = image.get_selection().get_buffer().get(region(x, y, width, height), 1.0, "Y float",
                                                  Gegl.AbyssPolicy.NONE)
    return numpy.frombuffer(bytes(data), numpy.float32).reshape(height, width)


def photograph(width=WIDTH, height=HEIGHT, hole=HOLE):
    """(H, W, 4) floats: ramps with a texture that tells every place, kept within narrow
    bands of their own per channel, with a hole in which every value lies outside them."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    pixels = numpy.empty((height, width, 4), numpy.float32)
    pixels[..., 0] = 0.70 + 0.06 * x / width + 0.01 * ((3 * x + 5 * y) % 7) / 7
    pixels[..., 1] = 0.45 + 0.06 * y / height + 0.01 * ((5 * x + 2 * y) % 11) / 11
    pixels[..., 2] = 0.20 + 0.06 * (x + y) / (width + height) + 0.01 * ((x + 7 * y) % 5) / 5
    pixels[..., 3] = 0.5 + 0.5 * ((7 * x + 3 * y) % 13) / 12
    if hole:
        left, top, w, h = hole
        pixels[top:top + h, left:left + w, :3] = 1 - (x + y)[:h, :w, None] / 400
    return pixels


def paint(layer, pixels):
    """Fills a layer from (H, W, 4) R'G'B'A floats."""
    height, width = pixels.shape[:2]
    gray = layer.is_gray()
    name = "Y'A float" if gray else "R'G'B'A float"
    data = pixels[..., [0, 3]] if gray else pixels
    layer.get_buffer().set(region(0, 0, width, height), name,
                           numpy.ascontiguousarray(data, numpy.float32).tobytes())
    layer.update(0, 0, width, height)


def new_layer(image, name="Photo", alpha=True, pixels=None, offset=(0, 0), parent=None):
    gray = image.get_base_type() == Gimp.ImageBaseType.GRAY
    kind = {(False, False): Gimp.ImageType.RGB_IMAGE, (False, True): Gimp.ImageType.RGBA_IMAGE,
            (True, False): Gimp.ImageType.GRAY_IMAGE, (True, True): Gimp.ImageType.GRAYA_IMAGE}
    pixels = photograph() if pixels is None else pixels
    layer = Gimp.Layer.new(image, name, pixels.shape[1], pixels.shape[0], kind[gray, alpha],
                           100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, parent, 0)
    layer.set_offsets(*offset)
    paint(layer, pixels)
    return layer


def new_image(base=Gimp.ImageBaseType.RGB, precision=Gimp.Precision.U8_NON_LINEAR,
              width=WIDTH, height=HEIGHT):
    return Gimp.Image.new_with_precision(width, height, base, precision)


def select(image, x, y, width, height):
    image.select_rectangle(Gimp.ChannelOps.REPLACE, x, y, width, height)


def call(image, drawables, run_mode=Gimp.RunMode.NONINTERACTIVE, **settings):
    """Runs the plug-in; returns (status, new layer or message)."""
    config = PROCEDURE.create_config()
    config.set_property("run-mode", run_mode)
    config.set_property("image", image)
    config.set_core_object_array("drawables", drawables)
    for name, value in ({"iterations": 2} | settings).items():
        config.set_property(name.replace("_", "-"), value)
    result = PROCEDURE.run(config)
    return result.index(0), result.index(1) if result.length() > 1 else None


def restore(image, layer, **settings):
    """Runs the plug-in, which must succeed; returns the new layer."""
    status, answer = call(image, [layer], **settings)
    assert status == Gimp.PDBStatusType.SUCCESS, answer
    assert isinstance(answer, Gimp.Layer), answer
    return answer


def check_alpha(source, restored, weight):
    """Outside the selection alpha is the source's, to the bit; inside, at least as far as selected
    it is what is usual outside."""
    before, after = (floats(layer, "R'G'B'A float")[..., 3] for layer in (source, restored))
    size = raw(source).shape[2] // (2 if source.is_gray() else 4)
    changed = (raw(restored)[..., -size:] != raw(source)[..., -size:]).any(axis=2)
    assert not changed[weight == 0].any(), "alpha changed outside"
    usual = numpy.median(before[(weight == 0) & (before > 0)])
    expected = numpy.maximum(before, weight * usual)
    assert numpy.abs(after - expected).max() < 0.006, numpy.abs(after - expected).max()


def check_only_selection_changed(image, source, restored):
    """Every byte outside the selection is the source's, and the hole is mended; returns the
    map of changed pixels."""
    before, after, weight = raw(source), raw(restored), selected(image, source)
    assert after.shape == before.shape, (after.shape, before.shape)
    changed = (before != after).any(axis=2)
    assert not changed[weight == 0].any(), "a pixel outside the selection changed"
    assert changed[weight > 0.99].mean() > 0.95, "the selected pixels did not change"
    return changed
