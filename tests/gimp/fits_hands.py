# SPDX-License-Identifier: GPL-3.0-or-later
"""The windows on a small screen, or on one whose pixels count double: all that must be pressed can
be, the picture has the most of the space, and no hint lies over it. screen.py starts it with
HEIRLOOM_SCREEN and GDK_SCALE."""
import io
import os
import subprocess
import sys
import time

from PIL import Image

from hands import (Atspi, ask, button, descendants, is_sensitive, look, menu_item, press, run,
                   screenshot, spin_button, wait_for, wait_layers)

RESTORE, SELECT = "Restore Old Photo", "Select Dust and Scratches"
SCALE = int(os.environ["GDK_SCALE"])
WIDTH, HEIGHT = (int(n) // SCALE for n in os.environ["HEIRLOOM_SCREEN"].split("x"))
TITLE_BAR = 30
DAMAGE = [(150, 60, 6, 160), (250, 120, 60, 5)]


def extents(node):
    box = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    return box.x, box.y, box.width, box.height


def point(x, y):
    subprocess.run(["xdotool", "mousemove", str(SCALE * x), str(SCALE * y)], check=True)


def open_window(title):
    point(WIDTH - 1, HEIGHT - 1)
    press(menu_item(title))
    return wait_for(look, ("dialog",), title)


def close(window, title):
    press(button("Cancel", window))
    wait_for(lambda: not look(("dialog",), title))


def expect_inside(node, what, height=HEIGHT):
    x, y, w, h = extents(node)
    assert x >= 0 and y >= 0 and x + w <= WIDTH and y + h <= height, (what, x, y, w, h)


def expect_space(window, picture):
    """The window fits, title bar included, and the picture has more than half of its width."""
    expect_inside(window, "the window", HEIGHT - TITLE_BAR)
    x, y, w, h = extents(wait_for(look, ("image",), picture, window))
    assert 2 * w > extents(window)[2] and 5 * h > 3 * extents(window)[3], (picture, w, h)


def check_restore():
    wait_layers("Oma")
    assert ask(f"show(480, 360, {DAMAGE})") == ""
    wait_layers("Oma")
    window = open_window(RESTORE)
    wait_for(look, ("label",), "Done after", window)
    screenshot("fits")
    expect_space(window, "Before and after")
    for name in "OK", "Cancel", "Stop and keep", "Help":
        expect_inside(button(name, window), name)


def check_groups():
    """The first is open, the others are not, and none makes the window any larger."""
    window = wait_for(look, ("dialog",), RESTORE)
    before = extents(window)
    for name in "Damage", "Grain and blur", "Colour", "Result":
        group = wait_for(look, ("toggle button",), name, window)
        is_open = group.get_state_set().contains(Atspi.StateType.EXPANDED)
        assert is_open == (name == "Damage"), name
        if not is_open:
            press(group)
    time.sleep(1)
    screenshot("fits-unfolded")
    assert extents(window) == before, (extents(window), before)
    column = extents(wait_for(look, ("scroll pane",), "", window))
    for node in descendants(window):
        states = node.get_state_set()
        if node.get_role_name() in ("spin button", "combo box", "check box") and states.contains(
                Atspi.StateType.SHOWING):
            x, _, w, _ = extents(node)
            assert w == 0 or x + w <= column[0] + column[2], (node.get_name(), x, w, column)


def shoot(x, y, w, h):
    """What that part of the screen shows, once hints would have come."""
    time.sleep(2)
    shot = subprocess.run(["import", "-window", "root", "png:-"], check=True,
                          capture_output=True).stdout
    return Image.open(io.BytesIO(shot)).convert("RGB").crop(
        (SCALE * x, SCALE * y, SCALE * (x + w), SCALE * (y + h))).tobytes()


def check_hints():
    """A setting has one, which leaves the picture free; the picture has none."""
    window = wait_for(look, ("dialog",), RESTORE)
    picture = extents(wait_for(look, ("image",), "Before and after", window))
    column = extents(wait_for(look, ("scroll pane",), "", window))
    x, y, _, _ = extents(spin_button("Sensitivity", window))
    point(WIDTH - 1, HEIGHT - 1)
    free, settings = shoot(*picture), shoot(*column)
    point(x + 8, y + 8)
    assert shoot(*column) != settings, "no hint"
    screenshot("fits-hint")
    assert shoot(*picture) == free, "a hint of a setting lies over the picture"
    for x, y in (20, 20), (picture[2] // 3, picture[3] // 2):
        point(picture[0] + x, picture[1] + y)
        assert shoot(*picture) == free, "a hint of the picture lies over it"


def check_slow_method():
    """Tried once, it is not what the next photograph begins with."""
    window = wait_for(look, ("dialog",), RESTORE)
    method = look(("combo box",), "Method", window)
    method.get_selection_iface().select_child(2)
    spin_button("Steps", window).get_value_iface().set_current_value(3)
    wait_for(lambda: is_sensitive(spin_button("Steps", window)))
    wait_for(look, ("label",), "Done after", window)
    press(button("OK", window))
    wait_layers("Restored: Oma", "Oma")
    assert "method=deep" in ask("record(image.get_layers()[0])")
    window = open_window(RESTORE)
    assert not is_sensitive(spin_button("Steps", window))
    assert spin_button("Steps", window).get_value_iface().get_current_value() == 3


def check_title():
    """Of two images, each window says which one it is about."""
    titles = [wait_for(look, ("dialog",), RESTORE).get_name()]
    close(wait_for(look, ("dialog",), RESTORE), RESTORE)
    assert ask(f"show(480, 360, {DAMAGE})") == ""
    wait_layers("Oma")
    window = open_window(RESTORE)
    titles.append(window.get_name())
    close(window, RESTORE)
    assert len(set(titles)) == 2, titles


def check_select():
    window = open_window(SELECT)
    wait_for(lambda: is_sensitive(button("Select", window)))
    screenshot("fits-select")
    expect_space(window, "The photograph")
    for name in "Select", "Cancel", "Help":
        expect_inside(button(name, window), name)
    close(window, SELECT)


sys.exit(run([("the window that restores", check_restore),
              ("four groups", check_groups),
              ("hints", check_hints),
              ("a slow method", check_slow_method),
              ("the title", check_title),
              ("the window that selects", check_select)]))
