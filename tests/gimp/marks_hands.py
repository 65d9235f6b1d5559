# SPDX-License-Identifier: GPL-3.0-or-later
"""What is mended is tinted, and a person corrects it in the window: by clicks, with the brush and
the eraser, and back again. screen.py starts it.

Two bars are selected and stand for what was found. Marks are looked for in screenshots by their
colours; only the outline has exactly these."""
import io
import subprocess
import sys
import time

import numpy
from PIL import Image

from hands import (Atspi, ask, button, check_box, look, menu_item, press, run, screenshot, wait_for,
                   wait_layers)

TITLE = "Restore Old Photo"
UPRIGHT, LEVEL = (150, 100, 8, 120), (220, 150, 120, 9)  # x, y, width, height
MENDED, DROPPED = (255, 0, 128), (192, 192, 192)
AWAY = (1279, 899)  # where the pointer calls up no hints


def do(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True)


def dialog():
    return wait_for(look, ("dialog",), TITLE)


def open_dialog():
    press(menu_item(TITLE))
    window = dialog()
    wait_for(look, ("label",), "Done after", window)
    # No window manager is there to give the keys to the window.
    do("search", "--onlyvisible", "--name", f"^{TITLE}", "windowfocus")


def divide(percent):
    look(("slider",), "Before and after", dialog()).get_value_iface().set_current_value(percent)


def view():
    box = wait_for(look, ("image",), "Before and after", dialog()).get_component_iface().get_extents(
        Atspi.CoordType.SCREEN)
    return box.x, box.y, box.width, box.height


def shoot():
    """(H, W, 3): what the view shows."""
    do("mousemove", *AWAY)
    time.sleep(0.7)
    shot = subprocess.run(["import", "-window", "root", "png:-"], check=True,
                          capture_output=True).stdout
    x, y, width, height = view()
    return numpy.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))[y:y + height, x:x + width]


def find(colour):
    """(N, 2): columns and rows of the view that have a colour, left ones first."""
    return numpy.argwhere((shoot() == colour).all(axis=2).T)


def count(colour):
    return len(find(colour))


def points():
    """Of both marks, where their middles lie in the view; and screen pixels for one of the
    photograph."""
    found = find(MENDED)
    columns = numpy.unique(found[:, 0])
    gap = columns[numpy.argmax(numpy.diff(columns))]
    upright, level = found[found[:, 0] <= gap], found[found[:, 0] > gap]
    scale = (level[:, 0].max() - level[:, 0].min() + 1) / LEVEL[2]
    return [(part.min(axis=0) + part.max(axis=0)) // 2 for part in (upright, level)], scale


def click(at):
    x, y, _, _ = view()
    do("mousemove", x + at[0], y + at[1], "click", 1)


def stroke(start, end, mouse_button):
    x, y, _, _ = view()
    do("mousemove", x + start[0], y + start[1], "mousedown", mouse_button)
    for part in 0.3, 0.6, 1:
        do("mousemove", *(round(v + a + part * (b - a))
                          for v, a, b in zip((x, y), start, end)))
    do("mouseup", mouse_button)


def changed(x, y, width, height):
    """Of a part of the photograph, the share of pixels that the new layer has otherwise."""
    return float(ask("(raw(image.get_layers()[0])[{0}] != raw(image.get_layers()[1])[{0}])"
                     ".any(axis=2).mean()".format(f"{y}:{y + height}, {x}:{x + width}")))


def finish():
    press(button("OK", dialog()))
    wait_for(lambda: not look(("dialog",), TITLE))
    wait_layers("Restored: Oma", "Oma")


def undo_in_gimp():
    press(menu_item("Undo " + TITLE))
    wait_layers("Oma")


def check_tint():
    """On the side before, unless it is switched off by its button or by M."""
    wait_layers("Oma")
    assert ask(f"show(480, 360, {[UPRIGHT, LEVEL]})") == ""
    wait_layers("Oma")
    open_dialog()
    divide(100)
    shown = count(MENDED)
    screenshot("marks")
    assert shown > 200, shown
    press(check_box("Marks", dialog()))
    assert count(MENDED) == 0
    do("key", "m")
    assert count(MENDED) == shown
    divide(0)
    assert count(MENDED) == 0


def check_click():
    """Drops a mark, and brings it back; Ctrl+Z takes each back, and Ctrl+Y does it again."""
    divide(100)
    (upright, level), _ = points()
    shown = count(MENDED)
    click(upright)
    fewer = count(MENDED)
    assert 0 < fewer < shown and count(DROPPED) > 100, (fewer, shown, count(DROPPED))
    click(upright)
    assert count(MENDED) == shown and count(DROPPED) == 0
    do("key", "ctrl+z")
    assert count(MENDED) == fewer
    do("key", "ctrl+z")
    assert count(MENDED) == shown
    do("key", "ctrl+y")
    assert count(MENDED) == fewer
    # Where nothing is marked, a click does nothing.
    click((upright + level) // 2 + (0, 60))
    assert count(MENDED) == fewer


def check_brush():
    """The left button adds, the right one removes, and with the eraser the other way around; the
    brackets change the size."""
    _, level = find(DROPPED).mean(axis=0), find(MENDED)
    start, end = level.max(axis=0) + (-10, 90), level.max(axis=0) + (-90, 90)
    before = count(MENDED)
    do("key", "b")
    stroke(start, end, 1)
    screenshot("marks-brush")
    painted = count(MENDED)
    assert painted > before + 100, (painted, before)
    do("key", "bracketright", "bracketright", "bracketright")
    stroke(start, end, 3)
    assert count(MENDED) == before, (count(MENDED), before)
    do("key", "e")
    stroke(start, end, 3)
    larger = find(MENDED)
    assert numpy.ptp(larger[:, 1]) > 0 and len(larger) > painted, (len(larger), painted)
    stroke(start, end, 1)
    assert count(MENDED) == before
    press(button("Undo", dialog()))
    do("key", "h")
    assert count(MENDED) == len(larger)


def check_mended():
    """At once in the view; and what is dropped keeps its exact values in the result, what was added
    is mended."""
    divide(0)
    after = shoot()
    assert (after > 240).all(axis=2).sum() > 200, "the bar that was dropped is not seen after"
    wait_for(look, ("label",), "Done after", dialog())
    assert numpy.array_equal(after > 240, shoot() > 240)
    finish()
    assert changed(*UPRIGHT) == 0 and changed(*LEVEL) > 0.9, (changed(*UPRIGHT), changed(*LEVEL))
    x, y, width, height = LEVEL
    below = changed(x + width - 70, y + height + 10, 60, 80)
    assert below > 0.05, below
    assert changed(0, 0, 480, 90) == 0


def check_order():
    """The same marks make the same layer, in whatever order and with whatever detours."""
    undo_in_gimp()
    hashes = []
    for order in (0, 1), (1, 0):
        open_dialog()
        divide(100)
        do("key", "ctrl+z")  # what was marked the last time
        (upright, level), scale = points()
        strokes = [(level + (-40, 60), level + (20, 60)), (level + (-40, 90), level + (20, 90))]
        do("key", "b")
        for number in order:
            stroke(*strokes[number], 1)
            wait_for(look, ("label",), "Done after", dialog())
        do("key", "h")
        if order[0]:
            click(upright)
            time.sleep(1)
            do("key", "ctrl+z")
        finish()
        hashes.append(ask("hashlib.sha256(raw(image.get_layers()[0])).hexdigest()"))
        undo_in_gimp()
    assert hashes[0] == hashes[1], hashes


def cancel():
    press(button("Cancel", dialog()))
    wait_for(lambda: not look(("dialog",), TITLE))


def check_kept():
    """Marks outlast another part of the layer that is read, and the window; one undo takes them all
    back. They do not make the image count as changed, nor come with the new layer."""
    dirty = ask("image.is_dirty()")
    open_dialog()
    divide(100)
    do("key", "ctrl+z")  # what was marked the last time
    (upright, level), _ = points()
    plain = count(MENDED)
    do("key", "b")
    stroke(level + (-40, 60), level + (20, 60), 1)
    do("key", "h")
    click(upright)
    shown = count(MENDED), count(DROPPED)
    assert shown[0] != plain and shown[1] > 100, shown
    for on in True, False:  # all of the layer, and then the selected part again
        press(wait_for(look, ("toggle button",), "Grain and blur", dialog()))
        press(check_box("Remove the grain of the whole layer", dialog()))
        time.sleep(1)
        wait_for(look, ("label",), "Done after", dialog())
        press(wait_for(look, ("toggle button",), "Grain and blur", dialog()))
        assert on or (count(MENDED), count(DROPPED)) == shown, (count(MENDED), count(DROPPED), shown)
        assert count(DROPPED) > 0
    cancel()
    assert ask("image.is_dirty()") == dirty
    ask("[layer.set_pixel(3, 3, layer.get_pixel(4, 4)) for layer in image.get_layers()[:1]]")
    open_dialog()
    divide(100)
    assert (count(MENDED), count(DROPPED)) == shown, (count(MENDED), count(DROPPED), shown)
    screenshot("marks-kept")
    do("key", "ctrl+z")
    assert (count(MENDED), count(DROPPED)) == (plain, 0), (count(MENDED), count(DROPPED), plain)
    do("key", "ctrl+y")
    finish()
    assert changed(*UPRIGHT) == 0 and changed(*LEVEL) > 0.9
    assert ask("image.get_layers()[0].get_parasite('heirloom-marks')") == "None"
    undo_in_gimp()
    ask("image.get_layers()[0].resize(470, 350, 0, 0)")
    open_dialog()
    divide(100)
    assert count(DROPPED) == 0
    cancel()


sys.exit(run([("the tint", check_tint),
              ("clicks", check_click),
              ("the brush", check_brush),
              ("what is marked is mended", check_mended),
              ("the order does not matter", check_order),
              ("marks are kept", check_kept)]))
