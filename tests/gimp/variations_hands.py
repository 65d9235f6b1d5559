# SPDX-License-Identifier: GPL-3.0-or-later
"""Of a wide hole the window shows other fills when asked, and takes the one that is clicked on.
screen.py starts it."""
import io
import subprocess
import sys
import time

import numpy
from PIL import Image

from hands import (Atspi, ask, button, choose, is_sensitive, look, menu_item, press, run,
                   screenshot, spin_button, wait_for, wait_layers)

TITLE = "Restore Old Photo"
HOLE, SCRATCH = (200, 120, 90, 80), (60, 40, 5, 200)  # x, y, width, height
ASK = "Show other fills"


def dialog():
    return wait_for(look, ("dialog",), TITLE)


def wait_done():
    time.sleep(0.7)  # until a change has begun to count
    wait_for(look, ("label",), "Done after", dialog())


def is_showing(node):
    return bool(node) and node.get_state_set().contains(Atspi.StateType.SHOWING)


def find(name):
    node = look(("button", "push button"), name, dialog())
    return node if is_showing(node) else None


def pictures():
    """What is seen of the three."""
    subprocess.run(["xdotool", "mousemove", "1279", "899"], check=True)
    time.sleep(0.7)
    shot = subprocess.run(["import", "-window", "root", "png:-"], check=True,
                          capture_output=True).stdout
    screen, seen = numpy.asarray(Image.open(io.BytesIO(shot)).convert("RGB")), []
    for number in 1, 2, 3:
        box = find(f"Variation {number}").get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        seen.append(screen[box.y + 8:box.y + box.height - 8, box.x + 8:box.x + box.width - 8])
    return seen


def show(*boxes):
    assert ask(f"show_faded(480, 360, [], {list(boxes)})") == ""
    wait_layers("Oma")
    press(menu_item(TITLE))
    wait_done()


def check_three():
    """They differ, and there are none before they are asked for."""
    wait_layers("Oma")
    show(HOLE)
    choose("Fill wide holes", 2, "Bold", dialog())
    wait_done()
    assert not find("Variation 1")
    press(wait_for(find, ASK))
    wait_for(find, "Variation 3")
    screenshot("variations")
    seen = pictures()
    for one, other in (0, 1), (1, 2), (0, 2):
        differ = (abs(seen[one].astype(int) - seen[other]).max(axis=2) > 20).mean()
        assert differ > 0.02, (one, other, differ)


def check_chosen():
    """Its number is the setting, the result is that of the setting, and they stay to choose from;
    another setting takes them away."""
    press(find("Variation 2"))
    wait_for(lambda: spin_button("Variation", dialog()).get_value_iface().get_current_value() == 2)
    wait_done()
    assert find("Variation 3")
    spin_button("Widen the damage", dialog()).get_value_iface().set_current_value(1)
    wait_for(lambda: not find("Variation 1"))
    wait_done()
    wait_for(lambda: is_sensitive(find(ASK)))
    press(find(ASK))
    choose("Fill wide holes", 1, "Cautious", dialog())
    wait_done()
    wait_for(lambda: not find(ASK) and not find("Variation 3"))
    press(button("Cancel", dialog()))
    wait_for(lambda: not look(("dialog",), TITLE))


def check_narrow():
    """Nothing is offered where no hole is wide."""
    show(SCRATCH)
    assert not find(ASK)
    press(button("Cancel", dialog()))
    wait_for(lambda: not look(("dialog",), TITLE))


sys.exit(run([("three others", check_three),
              ("the one that is chosen", check_chosen),
              ("no wide hole", check_narrow)]))
