# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, worked with the keyboard alone: Tab reaches everything, each letter after Alt its one
control, the view follows its keys, Return is OK and Escape is Cancel. screen.py starts it."""
import os
import subprocess
import sys
import time

from PIL import Image, ImageChops

from hands import (FOLDER, SCREENSHOTS, Atspi, GLib, ask, descendants, layers, look, menu_item,
                   plug_ins, press, run, screenshot, wait_for, wait_layers)

TITLE = "Restore Old Photo"
DAMAGE = [(150, 60, 6, 160), (250, 120, 60, 5)]
CONTROLS = ("button", "push button", "check box", "combo box", "slider", "spin button",
            "toggle button", "radio button", "text", "entry", "image", "drawing area")

focused = []  # what got the focus, the last one at the end


def listen(event):
    if event.detail1:
        focused.append(event.source)


def settle(seconds=0.3):
    """Lets GTK answer, and hears where the focus went."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        while GLib.MainContext.default().iteration(False):
            pass
        time.sleep(0.02)


def keys(*names):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *names], check=True)
    settle()


def describe(node):
    return node.get_role_name(), node.get_name()


def dialog():
    return wait_for(look, ("dialog",), TITLE)


def open_dialog():
    """Opens it and, since there is no window manager, gives it the keyboard."""
    press(menu_item(TITLE))
    window = dialog()
    wait_for(look, ("label",), "Done after", window)
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{TITLE}"],
                           capture_output=True, text=True, check=True).stdout.split()
    subprocess.run(["xdotool", "windowfocus", "--sync", found[-1]], check=True)
    settle(1)
    return window


def controls(window):
    """Everything that shows, can be worked, and is not one of several that are worked as one."""
    found = []
    for node in descendants(window):
        states = node.get_state_set()
        if (node.get_role_name() in CONTROLS
                and all(map(states.contains, (Atspi.StateType.SHOWING, Atspi.StateType.SENSITIVE,
                                              Atspi.StateType.FOCUSABLE)))
                and (node.get_role_name() != "radio button"
                     or states.contains(Atspi.StateType.CHECKED))):
            found.append(describe(node))
    return found


def check_tab():
    """Once around, each has a name, and nothing is left out."""
    wait_layers("Oma")
    assert ask(f"show(480, 360, {DAMAGE})") == ""
    wait_layers("Oma")
    Atspi.EventListener.new(listen).register("object:state-changed:focused")
    window = open_dialog()
    for name in "Grain and blur", "Colour", "Result":
        press(wait_for(look, ("toggle button",), name, window))
    settle(1)
    keys("Tab")
    first = describe(focused[-1])
    around = [first]
    while len(around) < 80:
        keys("Tab")
        if describe(focused[-1]) == first:
            break
        around.append(describe(focused[-1]))
        if around[-1][1].startswith("Memory limit"):
            screenshot("keyboard")
    print("# Tab:", ", ".join(name for _, name in around))
    assert len(around) < 80, around
    assert all(name for _, name in around), around
    names = [name for _, name in around]
    for name in ("Widen the damage (pixels)", "Remove blur", "Method", "Variation",
                 "Memory limit (megabytes)"):
        assert name in names, (name, names)
    assert not set(controls(window)) - set(around), set(controls(window)) - set(around)


def check_letters():
    """Alt and a letter lead to one control only; GIMP complains about its own and ours."""
    # GIMP 3.2 shows short choices as radio buttons, and goes to one of them.
    looking = ("Look for damage", "When nothing is selected", "Also within a selection",
               "No, the selection is the damage")
    for letter, name in (("e", looking), ("w", "Widen the damage"), ("b", "Remove blur"),
                         ("n", "Return the grain"), ("f", "Restore faded colours"), ("m", "Method"),
                         ("v", "Variation")):
        for _ in range(2):
            keys("alt+" + letter)
            assert focused[-1].get_name().startswith(name), (letter, describe(focused[-1]))
    with open(os.path.join(FOLDER, "log")) as log:
        complaints = [line for line in log if "duplicate mnemonic" in line]
    assert not complaints, complaints


def picture():
    """What the view shows."""
    path = os.path.join(SCREENSHOTS, "keys.png")
    subprocess.run(["import", "-window", "root", path], check=True)
    view = wait_for(look, ("image",), "Before and after", dialog())
    at = view.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    with Image.open(path) as screen:
        shown = screen.convert("RGB").crop((at.x, at.y, at.x + at.width, at.y + at.height))
    os.remove(path)
    return shown


def is_same(one, other):
    """But for the last digit, which Cairo rounds one way in all of a picture and another in a part."""
    return max(most for _, most in ImageChops.difference(one, other).getextrema()) <= 1


def check_view():
    """Each key shows something else, and 0 all of it again."""
    view = wait_for(look, ("image",), "Before and after", dialog())
    view.get_component_iface().grab_focus()
    settle(1)
    whole = last = picture()
    for key in "plus", "plus", "ctrl+Left", "ctrl+Down", "Left", "Right", "minus", "1":
        keys(*[key] * 3)
        shown = picture()
        assert not is_same(last, shown), key
        last = shown
    keys("0")
    divided = picture()
    keys("Home")
    after = picture()
    keys("End")
    before = picture()
    assert not is_same(before, after) and not is_same(divided, after)
    slider = wait_for(look, ("slider",), "Before and after", dialog())
    slider.get_value_iface().set_current_value(50)
    settle(1)
    assert is_same(picture(), whole), "0 does not show everything as at first"


def check_escape():
    keys("Escape")
    wait_for(lambda: not look(("dialog",), TITLE))
    wait_for(lambda: not plug_ins())
    assert layers() == ["Oma"], layers()


def check_return():
    open_dialog()
    assert describe(focused[-1])[1] == "OK", describe(focused[-1])
    keys("Tab", "Return")
    wait_for(lambda: not look(("dialog",), TITLE))
    wait_layers("Restored: Oma", "Oma")


CASES = [("Tab reaches everything", check_tab),
         ("Alt and a letter", check_letters),
         ("the keys of the view", check_view),
         ("Escape is Cancel", check_escape),
         ("Return is OK", check_return)]

if __name__ == "__main__":
    sys.exit(run(CASES))
