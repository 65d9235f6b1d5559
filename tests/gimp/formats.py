# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of pixel that GIMP 3.0 offers comes back in its own format, with the same bits
outside the selection and a mended hole inside. No steps are made: the smooth fill alone must
land between the values around the hole, which a wrong format, gamma, channel or place
would prevent."""
import numpy
from gi.repository import Gimp

from inside import (HOLE, Tap, check_alpha, check_only_selection_changed, floats, new_image, new_layer,
                    photograph, raw, restore, select)

PRECISIONS = [getattr(Gimp.Precision, f"{size}_{curve}")
              for size in ("U8", "U16", "U32", "HALF", "FLOAT", "DOUBLE")
              for curve in ("LINEAR", "NON_LINEAR", "PERCEPTUAL")]
RGB, GRAY = Gimp.ImageBaseType.RGB, Gimp.ImageBaseType.GRAY


def check_mended(layer, source, alpha):
    name = "Y' float" if layer.is_gray() else "R'G'B' float"
    x, y, width, height = HOLE
    inside = numpy.zeros((layer.get_height(), layer.get_width()), bool)
    inside[y:y + height, x:x + width] = True
    outside = ~inside
    if alpha:
        outside &= floats(source, "R'G'B'A float")[..., 3] > 0
    before, after = floats(source, name), floats(layer, name)
    for channel in range(before.shape[2]):
        around, mended = before[outside][:, channel], after[inside][:, channel]
        assert mended.min() > around.min() - 0.04, (channel, mended.min(), around.min())
        assert mended.max() < around.max() + 0.04, (channel, mended.max(), around.max())
    if alpha:
        check_alpha(source, layer, inside.astype(numpy.float32))


def check_format(base, precision, alpha, profile=None):
    image = new_image(base, precision)
    if profile:
        assert image.set_color_profile(profile)
    pixels = photograph()
    if alpha:
        # Transparent, so it must not be believed, although it touches the hole.
        pixels[14:20, 28:46, :] = (0.0, 1.0, 0.0, 0.0)
    layer = new_layer(image, alpha=alpha, pixels=pixels)
    select(image, *HOLE)
    restored = restore(image, layer, iterations=0, auto_noise=False, noise_level=0)
    assert image.get_precision() == precision
    assert restored.get_format() == layer.get_format(), "the format changed"
    assert restored.has_alpha() == alpha
    check_only_selection_changed(image, layer, restored)
    check_mended(restored, layer, alpha)
    image.delete()


def check_out_of_range(base):
    """A float picture may hold anything; it stays, and does not spoil the rest."""
    image = new_image(base, Gimp.Precision.FLOAT_LINEAR)
    pixels = photograph()
    pixels[14:20, 28:46, :3] = numpy.nan  # touches the hole
    pixels[50, 62, :3] = numpy.inf
    pixels[10, 10, :3] = -0.5
    pixels[10, 12, :3] = 1.8
    layer = new_layer(image, alpha=False, pixels=pixels)
    select(image, *HOLE)
    restored = restore(image, layer, iterations=0)
    check_only_selection_changed(image, layer, restored)
    x, y, width, height = HOLE
    name = "Y' float" if layer.is_gray() else "R'G'B' float"
    mended = floats(restored, name)[y:y + height, x:x + width].mean(axis=(0, 1))
    sound = floats(layer, name)[32:42, 20:54].mean(axis=(0, 1))  # below the hole
    assert (numpy.abs(mended - sound) < 0.03).all(), (mended, sound)
    stepped = floats(restore(image, layer, iterations=2), name)[y:y + height, x:x + width]
    assert numpy.isfinite(stepped).all(), "the hole is not a number"
    image.delete()


tap = Tap()
for base in (RGB, GRAY):
    for precision in PRECISIONS:
        for alpha in (False, True):
            name = f"{base.value_nick} {precision.value_nick}" + (" alpha" if alpha else "")
            tap.case(name, check_format, base, precision, alpha)
for alpha in (False, True):
    for precision in (Gimp.Precision.U8_NON_LINEAR, Gimp.Precision.FLOAT_LINEAR):
        name = f"{precision.value_nick}" + (" alpha" if alpha else "")
        tap.case("AdobeRGB profile, " + name, check_format, RGB, precision, alpha,
                 Gimp.ColorProfile.new_rgb_adobe())
        tap.case("gray Lab profile, " + name, check_format, GRAY, precision, alpha,
                 Gimp.ColorProfile.new_d50_gray_lab_trc())
tap.case("rgb float beyond 0..1", check_out_of_range, RGB)
tap.case("gray float beyond 0..1", check_out_of_range, GRAY)
tap.end()
