# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window draws can be read, in the theme that HEIRLOOM_THEME names: the colours of text,
read from a screenshot. The measure is the contrast ratio of WCAG 2.1, which asks for 4.5. screen.py
starts it."""
import os
import subprocess
import sys
import time

from PIL import Image

from hands import (SCREENSHOTS, Atspi, ask, descendants, look, menu_item, press, run, wait_for,
                   wait_layers)

TITLE = "Restore Old Photo"
THEME = os.environ["HEIRLOOM_THEME"]
DAMAGE = [(150, 60, 6, 160), (250, 120, 60, 5)]


def dialog():
    return wait_for(look, ("dialog",), TITLE)


def luminance(colour):
    """Relative luminance of an sRGB colour, 0 to 1."""
    red, green, blue = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
                        for c in (value / 255 for value in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def read(screen, node):
    """The background of what @node shows, which is the commonest colour, and the contrast to it of
    the colour that stands out most. Letters are drawn soft, so that few of their pixels have it."""
    at = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    shown = screen.crop((at.x, at.y, at.x + at.width, at.y + at.height))
    colours = {colour: n for n, colour in shown.getcolors(shown.width * shown.height)}
    background = max(colours, key=colours.get)
    return background, max(contrast(background, colour) for colour in colours)


def showing(roles):
    for node in descendants(dialog()):
        states = node.get_state_set()
        if (node.get_role_name() in roles and node.get_name()
                and states.contains(Atspi.StateType.SHOWING)):
            yield node, states.contains(Atspi.StateType.SENSITIVE)


def take():
    """The screen, with the pointer out of the way, so that no tooltip shows."""
    path = os.path.join(SCREENSHOTS, "colours-" + THEME + ".png")
    subprocess.run(["xdotool", "mousemove", "1270", "890"], check=True)
    time.sleep(2)
    subprocess.run(["import", "-window", "root", path], check=True)
    with Image.open(path) as screen:
        return screen.convert("RGB")


def check_start():
    wait_layers("Oma")
    assert ask(f"show(480, 360, {DAMAGE})") == ""
    wait_layers("Oma")
    press(menu_item(TITLE))
    wait_for(look, ("label",), "Done after", dialog())
    for name in "Damage", "Grain and blur", "Colour", "Result":
        press(wait_for(look, ("toggle button",), name, dialog()))


def check_text():
    """Also what is greyed out can be read, if less well."""
    screen, lowest, greyed = take(), 99, 99
    for node, is_sensitive in showing(("label", "check box", "radio button")):
        background, found = read(screen, node)
        assert (luminance(background) > 0.4) == (THEME == "light"), (node.get_name(), background)
        if is_sensitive:
            lowest = min(lowest, found)
            assert found >= 4.5, (node.get_name(), round(found, 2))
        else:
            greyed = min(greyed, found)
            assert found >= 1.5, (node.get_name(), round(found, 2))
    print(f"# lowest contrast of text: {lowest:.1f}, greyed out: {greyed:.1f}")


CASES = [("the window in the theme", check_start),
         ("text", check_text)]

if __name__ == "__main__":
    sys.exit(run(CASES))
