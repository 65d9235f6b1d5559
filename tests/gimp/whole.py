# SPDX-License-Identifier: GPL-3.0-or-later
"""With nothing selected the damage is found and mended, and nothing else changes; with find=only a
selection says roughly where; a sound picture stays as it is, and that is said."""
import numpy
from gi.repository import Gimp

from inside import Tap, call, new_image, new_layer, raw, restore, select

WIDTH, HEIGHT = 240, 180


def scene():
    """(H, W, 4): a wall in uneven light, with grain, which differs at every place."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    grain = numpy.random.default_rng(4).uniform(-0.01, 0.01, (HEIGHT, WIDTH))
    pixels = numpy.ones((HEIGHT, WIDTH, 4), numpy.float32)
    for c in range(3):
        pixels[..., c] = 0.42 + 0.1 * numpy.sin(x / 37 + c) + 0.08 * numpy.cos(y / 29) + grain
    return pixels


def scratches():
    """Two, one in each half; (H, W)."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    return abs(x - 50 - y // 8) <= 1, abs(x - 190 + y // 6) <= 1


def make(*marks):
    image, pixels = new_image(width=WIDTH, height=HEIGHT), scene()
    for mark in marks:
        pixels[mark, :3] = 0.95
    return image, new_layer(image, alpha=False, pixels=pixels)


def near(mark, reach=6):
    wide = mark.copy()
    for shift in range(1, reach + 1):
        wide[:, shift:] |= mark[:, :-shift]
        wide[:, :-shift] |= mark[:, shift:]
    return wide


def worst(layer, mark):
    """How far the pixels of @mark are from the undamaged scene in the mean, of 255."""
    truth = 255 * scene()[..., :3]
    return abs(raw(layer)[..., :3].astype(float) - truth)[mark].mean()


def check_found():
    left, right = scratches()
    image, layer = make(left, right)
    assert worst(layer, left | right) > 80
    restored = restore(image, layer)
    changed = (raw(restored) != raw(layer)).any(axis=2)
    stray = changed & ~near(left | right)
    assert stray.mean() < 0.005, stray.mean()
    assert worst(restored, left) < 12 and worst(restored, right) < 12
    assert [item.get_id() for item in image.get_layers()] == [restored.get_id(), layer.get_id()]
    image.delete()


def check_only():
    """Only what is found changes, and only within the selection."""
    left, right = scratches()
    image, layer = make(left, right)
    select(image, 0, 0, WIDTH // 2, HEIGHT)
    restored = restore(image, layer, find="only")
    changed = (raw(restored) != raw(layer)).any(axis=2)
    assert not changed[:, WIDTH // 2:].any()
    assert changed.sum() < 12 * HEIGHT, changed.sum()
    assert worst(restored, left) < 12
    image.delete()


def check_selection_is_the_damage():
    left, right = scratches()
    image, layer = make(left, right)
    select(image, 100, 60, 20, 20)
    restored = restore(image, layer)
    changed = (raw(restored) != raw(layer)).any(axis=2)
    assert changed[60:80, 100:120].mean() > 0.5
    changed[60:80, 100:120] = False
    assert not changed.any()
    image.delete()


def check_sound():
    image, layer = make()
    before = raw(layer).tobytes()
    image.clean_all()
    status, message = call(image, [layer], Gimp.RunMode.NONINTERACTIVE)
    assert status == Gimp.PDBStatusType.EXECUTION_ERROR, status
    assert "No damage was found" in message and "higher sensitivity" in message, message
    assert not image.is_dirty() and raw(layer).tobytes() == before
    assert len(image.get_layers()) == 1
    image.delete()


tap = Tap()
tap.case("the damage of a whole picture is found and mended", check_found)
tap.case("a selection circles it", check_only)
tap.case("a selection is the damage", check_selection_is_the_damage)
tap.case("a sound picture stays", check_sound)
tap.end()
