# SPDX-License-Identifier: GPL-3.0-or-later
"""GIMP's own Cancel, which stands beside the progress bar of its image window while a script lets
the plug-in work. GIMP then kills the plug-in, which must leave nothing behind: the picture, the
selection, and what can be undone and redone are as they were, and no process remains. screen.py
starts it."""
import os
import random
import sys
import time

from hands import (Atspi, answer, ask, begin, descendants, look, menu_item, plug_ins, press, run,
                   screenshot, wait_for, wait_layers)

CANCELS = int(os.environ.get("HEIRLOOM_CANCELS", "5"))

# The untrained network does not end by itself where there is no grain.
LONG_RUN = ("call(image, image.get_layers(), method='untrained', iterations=20000, "
            "auto_noise=False, noise_level=0.0, output={output!r})[0] == Gimp.PDBStatusType.CANCEL")


def state():
    return ask("[(layer.get_id(), layer.get_name(), layer.get_opacity(), "
               "hashlib.sha256(raw(layer)).hexdigest(), layer.get_parasite_list()) "
               "for layer in image.get_layers()], "
               "hashlib.sha256(raw(image.get_selection())).hexdigest(), "
               "image.is_dirty(), image.undo_is_enabled(), image.get_parasite_list()")


def steps():
    """What the Edit menu offers to undo and to redo."""
    return menu_item("Undo").get_name(), menu_item("Redo").get_name()


def check_start():
    """One step that can be undone, and one that can be done again."""
    wait_layers("Oma")
    assert ask("show(480, 360, [(150, 60, 6, 160), (250, 120, 60, 5)])") == ""
    wait_layers("Oma")
    ask("image.get_layers()[0].set_opacity(90)")
    ask("image.get_layers()[0].set_name('Opa')")
    wait_layers("Opa")
    undo, redo = steps()
    press(menu_item("Undo"))
    wait_layers("Oma")
    wait_for(lambda: steps()[0] != undo and steps()[1] != redo)
    print("# offered:", *steps())


def is_showing(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def find_cancel():
    """GIMP's own; it is there all the time, and shows while a plug-in works."""
    for node in descendants(Atspi.get_desktop(0)):
        if (node.get_role_name() in ("button", "push button") and node.get_name() == "Cancel"
                and is_showing(node)):
            return node
    return None


def check_cancel():
    chance = random.Random(1)
    before, offered = state(), steps()
    for number in range(CANCELS):
        begin(LONG_RUN.format(output=("layer", "repair", "mask")[number % 3]))
        cancel = wait_for(find_cancel)
        assert plug_ins()
        wait = chance.uniform(0, 4)
        time.sleep(wait)
        if number == 0:
            screenshot("gimps-cancel")
        press(cancel)
        wait_for(lambda: answer() is not None)
        assert answer() == "True", answer()
        wait_for(lambda: not plug_ins())
        assert state() == before, f"cancelled after {wait:.2f} s: {before} became {state()}"
        assert steps() == offered, f"cancelled after {wait:.2f} s: {offered} became {steps()}"


def check_afterwards():
    """What could be redone can be, and the plug-in works as before."""
    press(menu_item("Redo"))
    wait_layers("Opa")
    press(menu_item("Undo"))
    wait_layers("Oma")
    assert ask("call(image, image.get_layers())[0] == Gimp.PDBStatusType.SUCCESS") == "True"
    wait_layers("Restored: Oma", "Oma")
    wait_for(look, ("menu item",), "Undo Restore Old Photo")


CASES = [("something to undo and to redo", check_start),
         (f"GIMP's own Cancel, {CANCELS} times", check_cancel),
         ("and afterwards", check_afterwards)]

if __name__ == "__main__":
    sys.exit(run(CASES))
