# SPDX-License-Identifier: GPL-3.0-or-later
"""The person says in the window what should be gray: by clicks, which show as rings, are taken away
by a click on a ring, by undo or all at once, and are kept with the result. screen.py starts it.

What is seen is read from screenshots; a gray has like red, green and blue."""
import io
import subprocess
import sys
import time

import numpy
from PIL import Image

from hands import (Atspi, ask, button, choose, combo_box, look, menu_item, press, run, screenshot, wait_for,
                   wait_layers)

TITLE = "Restore Old Photo"
GRAYS = [(60, 50, 40, 0.5), (320, 240, 50, 0.15)]  # x, y, side, light
DAMAGE = (200, 150, 30, 4)  # x, y, width, height
WIDTH, HEIGHT = 480, 360
AWAY = (1279, 899)  # where the pointer calls up no hints


def do(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True)


def dialog():
    return wait_for(look, ("dialog",), TITLE)


def wait_done():
    time.sleep(0.5)  # until a change has begun to count
    wait_for(look, ("label",), "Done after", dialog())


def picker():
    return wait_for(look, ("toggle button",), "Pick gray", dialog())


def is_out():
    return picker().get_state_set().contains(Atspi.StateType.CHECKED)


def view():
    return wait_for(look, ("image",), "Before and after", dialog()).get_component_iface().get_extents(
        Atspi.CoordType.SCREEN)


def point(gray, along=0.5, down=0.5):
    """On the screen, a point of a gray; the picture lies in the middle of the view, all of it."""
    box, (x, y, side, _) = view(), gray
    scale = min(box.width / WIDTH, box.height / HEIGHT)
    return (round(box.x + box.width / 2 + (x + along * side - WIDTH / 2) * scale),
            round(box.y + box.height / 2 + (y + down * side - HEIGHT / 2) * scale))


def shoot():
    do("mousemove", *AWAY)
    time.sleep(0.7)
    shot = subprocess.run(["import", "-window", "root", "png:-"], check=True,
                          capture_output=True).stdout
    return numpy.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def is_same(one, other):
    """In the view; the line below it says how long it took, and around it the focus may show."""
    box = view()
    rows = slice(box.y + 9, box.y + box.height - 9)
    columns = slice(box.x + 9, box.x + box.width - 9)
    return numpy.array_equal(one[rows, columns], other[rows, columns])


def cast(shot, gray):
    """How far a gray is from gray, of 255, beside its middle where the ring lies."""
    x, y = point(gray, 0.15, 0.2)
    return int(numpy.ptp(shot[y, x]))


def has_ring(shot, gray):
    """White and black side by side, which the gray has nowhere else."""
    x, y = point(gray)
    around = shot[y - 14:y + 15, x - 14:x + 15].reshape(-1, 3)
    return bool((around.min(axis=1) > 240).sum() > 8 and (around.max(axis=1) < 40).sum() > 8)


def click(at):
    do("mousemove", *at, "click", 1)
    wait_done()


def check_start():
    """Nothing to pick for while no colours are restored."""
    wait_layers("Oma")
    assert ask(f"show_faded({WIDTH}, {HEIGHT}, {GRAYS}, {[DAMAGE]})") == ""
    wait_layers("Oma")
    press(menu_item(TITLE))
    press(wait_for(look, ("toggle button",), "Colour", dialog()))
    do("search", "--onlyvisible", "--name", f"^{TITLE}", "windowfocus")
    choose("Look for damage", 2, "No, the selection is the damage", dialog())
    assert not picker().get_state_set().contains(Atspi.StateType.SHOWING)
    combo_box("Restore faded colours", dialog()).get_selection_iface().select_child(2)
    wait_for(lambda: picker().get_state_set().contains(Atspi.StateType.SHOWING))
    wait_done()
    look(("slider",), "Before and after", dialog()).get_value_iface().set_current_value(0)


def check_points():
    """What is clicked on becomes gray, with a ring around it; a second point counts too."""
    before = shoot()
    casts = [cast(before, gray) for gray in GRAYS]
    print("# casts as estimated:", *casts, flush=True)
    assert max(casts) > 8 and not has_ring(before, GRAYS[0]), casts
    press(picker())
    assert is_out()
    click(point(GRAYS[0]))
    one = shoot()
    screenshot("gray")
    assert has_ring(one, GRAYS[0]) and cast(one, GRAYS[0]) < 0.6 * casts[0] + 3, cast(one, GRAYS[0])
    click(point(GRAYS[1]))
    two = shoot()
    found = [cast(two, gray) for gray in GRAYS]
    print("# with two points:", *found, flush=True)
    assert has_ring(two, GRAYS[1]) and max(found) <= 6, found


def check_taken_away():
    """By a click on a ring, by undo, and all of them by the button."""
    two = shoot()
    click(point(GRAYS[1]))
    one = shoot()
    assert has_ring(one, GRAYS[0]) and not has_ring(one, GRAYS[1])
    do("key", "ctrl+z")
    wait_done()
    wait_for(lambda: is_same(shoot(), two))
    press(button("Undo", dialog()))
    wait_done()
    assert not has_ring(shoot(), GRAYS[1])
    do("key", "ctrl+y")
    wait_done()
    assert has_ring(shoot(), GRAYS[1])
    press(button("Reset “Pick gray”", dialog()))
    wait_done()
    none = shoot()
    assert not has_ring(none, GRAYS[0]) and not has_ring(none, GRAYS[1])
    do("key", "ctrl+z")
    wait_done()
    wait_for(lambda: is_same(shoot(), two))


def check_tools():
    """The brush and the picker put each other away, and so does a setting without points; with the
    picker, dragging still moves the picture and sets no point."""
    do("key", "b")
    wait_for(lambda: not is_out())
    press(picker())
    wait_for(is_out)
    combo_box("Restore faded colours", dialog()).get_selection_iface().select_child(4)
    wait_for(lambda: not is_out())
    combo_box("Restore faded colours", dialog()).get_selection_iface().select_child(2)
    wait_done()
    press(picker())
    for _ in range(2):
        press(button("Zoom in", dialog()))
    x, y = point((WIDTH // 2, HEIGHT // 2, 0, 0))
    before = shoot()
    do("mousemove", x, y, "mousedown", 1, "mousemove", x + 30, y, "mousemove", x + 60, y, "mouseup", 1)
    wait_done()
    assert not is_same(shoot(), before), "dragging moves nothing"
    press(button("Show all", dialog()))


def check_result():
    """Two layers that one undo takes back; the points are in the record, stay with the layer, and are
    not what another photograph begins with."""
    press(button("OK", dialog()))
    wait_for(lambda: not look(("dialog",), TITLE))
    wait_layers("Colour: Oma", "Restored: Oma", "Oma")
    line = [line for line in ask("record(image.get_layers()[0])").splitlines()
            if line.startswith("colour-gray=")][0]
    points = [tuple(map(float, text.split(","))) for text in line.split("=")[1].replace("\\", "").split(";")
              if text]
    assert len(points) == 2, line
    for (x, y), (left, top, side, _) in zip(points, GRAYS):
        assert abs(x - left - side / 2) < 2 and abs(y - top - side / 2) < 2, line
    for left, top, side, _ in GRAYS:
        spread = ask(f"numpy.ptp(floats(image.get_layers()[0], \"R'G'B' float\")"
                     f"[{top + side // 2}, {left + side // 2}])")
        assert float(spread) < 0.03, spread
    press(menu_item("Undo " + TITLE))
    wait_layers("Oma")
    press(menu_item("Re-Show"))
    wait_done()
    assert has_ring(shoot(), GRAYS[0]), "the points are gone"
    press(button("Cancel", dialog()))
    wait_for(lambda: not look(("dialog",), TITLE))
    assert ask(f"show_faded({WIDTH}, {HEIGHT}, {GRAYS}, {[DAMAGE]})") == ""
    wait_layers("Oma")
    press(menu_item(TITLE))
    wait_done()
    assert not has_ring(shoot(), GRAYS[0]), "points of another photograph"
    press(button("Cancel", dialog()))
    wait_for(lambda: not look(("dialog",), TITLE))


sys.exit(run([("nothing to pick for", check_start),
              ("what is clicked on becomes gray", check_points),
              ("points are taken away", check_taken_away),
              ("one tool at a time", check_tools),
              ("the result", check_result)]))
