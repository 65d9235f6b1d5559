# SPDX-License-Identifier: GPL-3.0-or-later
"""Zooming and moving the picture: the same in both windows, by wheel, drag, keys and buttons.
screen.py starts it.

The photograph has a white bar at a known place. Where it lies on the screen, and how tall it is
there, tells where the window has put the photograph."""
import io
import os
import subprocess
import sys
import time

import numpy
from PIL import Image

from hands import (Atspi, ask, button, check_box, is_sensitive, look, menu_item, press, run,
                   screenshot, wait_for, wait_layers)

BAR_HEIGHT = 80
STEP = 1.25         # of the zoom
PAN = 48            # screen pixels that an arrow key moves
AWAY = (1279, 899)  # where the pointer calls up no hints


def do(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True)


class Pane:
    """The picture in a window."""

    def __init__(self, name, window):
        node = wait_for(look, ("image",), name, window)
        box = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        self.corner, self.size = (box.x, box.y), (box.width, box.height)
        self.whole = self.find()

    def shoot(self):
        """(H, W, 3): what the pane shows."""
        do("mousemove", *AWAY)
        time.sleep(0.7)
        shot = subprocess.run(["import", "-window", "root", "png:-"], check=True,
                              capture_output=True).stdout
        (x, y), (width, height) = self.corner, self.size
        pixels = numpy.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))
        return pixels[y:y + height, x:x + width].astype(int)

    def find(self):
        """Screen pixels for one of the photograph; column and row of the bar in the pane."""
        white = (self.shoot() > 240).all(axis=2)
        columns = numpy.flatnonzero(white.sum(axis=0) > 50)
        # The line between before and after is tall too, but only one pixel wide.
        bar = max(numpy.split(columns, numpy.flatnonzero(numpy.diff(columns) > 1) + 1), key=len)
        assert len(bar) > 3, "the bar cannot be seen"
        rows = numpy.flatnonzero(white[:, bar[len(bar) // 2]])
        return len(rows) / BAR_HEIGHT, bar[0], rows[0]

    def expect(self, scale, x, y):
        found = self.find()
        assert abs(found[0] / scale - 1) < 0.03, f"scale {found[0]} instead of {scale}"
        assert abs(found[1] - x) < 5 and abs(found[2] - y) < 5, f"{found} instead of {x, y}"
        return found

    def expect_whole(self):
        """All of it is there, in the middle, as large as it can be; returns its width."""
        self.expect(*self.whole)
        pixels = self.shoot()
        coloured = pixels[..., 0] - pixels[..., 2] > 40
        margins = []
        for axis in 0, 1:
            places = numpy.flatnonzero(coloured.any(axis=axis))
            margins.append((places[0], coloured.shape[1 - axis] - 1 - places[-1]))
        assert all(abs(first - last) < 3 for first, last in margins), margins
        assert min(map(max, margins)) < 3, margins
        return self.size[0] - sum(margins[0])

    def expect_zoomed(self, before, factor, x, y):
        """@before, zoomed so that (@x, @y) of the pane stays where it is."""
        return self.expect(before[0] * factor, x - (x - before[1]) * factor,
                           y - (y - before[2]) * factor)

    def point(self, x, y):
        do("mousemove", self.corner[0] + x, self.corner[1] + y)

    def drag(self, x, y, dx, dy):
        self.point(x, y)
        do("mousedown", 1)
        for part in 0.3, 0.6, 1:
            self.point(x + round(part * dx), y + round(part * dy))
        do("mouseup", 1)

    def key(self, *names):
        self.point(20, self.size[1] - 20)
        for name in names:
            do("key", name)


def check_pane(pane, window, modifier):
    """All the habits; @modifier is what the arrow keys need to move the picture."""
    middle, point, other = ([round(share * size) for size in pane.size]
                            for share in (0.5, 0.4, 0.7))
    pane.expect_whole()
    pane.point(*point)
    do("click", 4, "click", 4)
    place = pane.expect_zoomed(pane.whole, STEP ** 2, *point)
    pane.drag(*point, -60, 40)
    place = pane.expect(place[0], place[1] - 60, place[2] + 40)
    pane.key(modifier + "Right", modifier + "Down")
    place = pane.expect(place[0], place[1] - PAN, place[2] - PAN)
    pane.key(modifier + "Left", modifier + "Up")
    place = pane.expect(place[0], place[1] + PAN, place[2] + PAN)
    pane.key("minus")
    place = pane.expect_zoomed(place, 1 / STEP, *middle)
    pane.key("plus")
    place = pane.expect_zoomed(place, STEP, *middle)
    pane.key("1")
    pane.expect_zoomed(place, 1 / place[0], *middle)
    pane.key("0")
    pane.expect_whole()

    press(button("Zoom to 1:1", window))
    place = pane.expect_zoomed(pane.whole, 1 / pane.whole[0], *middle)
    press(button("Zoom in", window))
    place = pane.expect_zoomed(place, STEP, *middle)
    press(button("Zoom out", window))
    place = pane.expect_zoomed(place, 1 / STEP, *middle)
    press(button("Show all", window))
    pane.expect_whole()

    # What fits goes nowhere, and a modifier does not change what the wheel does.
    pane.drag(*point, -60, 40)
    pane.expect_whole()
    pane.point(*point)
    do("keydown", "ctrl", "click", 4, "click", 4, "keyup", "ctrl")
    place = pane.expect_zoomed(pane.whole, STEP ** 2, *point)
    pane.point(*other)
    do("click", 5)
    pane.expect_zoomed(place, 1 / STEP, *other)
    # As far out as it goes, all of the photograph is in the middle again.
    pane.point(*other)
    do("click", "--repeat", 10, 5)
    if pane.whole[0] > 1:
        pane.key("0")
    pane.expect_whole()


def open_window(title):
    press(menu_item(title))
    window = wait_for(look, ("dialog",), title)
    # No window manager is there to give the keys to the window.
    do("search", "--onlyvisible", "--name", f"^{title}:", "windowfocus")
    return window


def close(window, title):
    press(button("Cancel", window))
    wait_for(lambda: not look(("dialog",), title))


def check_select():
    wait_layers("Oma")
    assert ask(f"show(480, 360, [(150, 140, 6, {BAR_HEIGHT})])") == ""
    wait_layers("Oma")
    window = open_window("Select Dust and Scratches")
    wait_for(lambda: is_sensitive(button("Select", window)))
    screenshot("zoom-select")
    press(check_box("Show the proposal", window))
    check_pane(Pane("The photograph", window), window, "")
    close(window, "Select Dust and Scratches")


def check_restore():
    window = open_window("Restore Old Photo")
    wait_for(look, ("label",), "Done after", window)
    press(check_box("Marks", window))
    wait_for(look, ("slider",), "Before and after", window).get_value_iface().set_current_value(100)
    check_pane(Pane("Before and after", window), window, "ctrl+")
    screenshot("zoom-restore")


def check_divider():
    """It goes where it is dragged, whichever way the window is read."""
    window = wait_for(look, ("dialog",), "Restore Old Photo")
    pane = Pane("Before and after", window)
    share = wait_for(look, ("slider",), "Before and after", window).get_value_iface()
    is_mirrored = os.environ["LANG"].startswith("ar")
    middle = pane.size[0] // 2
    width = pane.expect_whole()
    share.set_current_value(50)
    pane.drag(middle, 100, 40, 30)
    expected = 50 + 100 * 40 / width * (-1 if is_mirrored else 1)
    wait_for(lambda: abs(share.get_current_value() - expected) < 2)
    pane.key("Left", "Left")
    expected -= -4 if is_mirrored else 4
    wait_for(lambda: abs(share.get_current_value() - expected) < 1)
    pane.key("Home")
    wait_for(lambda: share.get_current_value() == 0)
    pane.key("End")
    wait_for(lambda: share.get_current_value() == 100)
    pane.expect_whole()
    close(window, "Restore Old Photo")


sys.exit(run([("the window that selects", check_select),
              ("the window that restores", check_restore),
              ("the line between before and after", check_divider)]))
