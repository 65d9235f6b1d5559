# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the German test that works GIMP through its accessibility interface, the way
a screen reader does. german.py starts it on a screen of its own."""
import os
import subprocess
import sys
import time
import urllib.parse

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

FOLDER = os.environ["HEIRLOOM_EXCHANGE"]
SCREENSHOTS = os.environ.get("HEIRLOOM_SCREENSHOTS")
PATIENCE = 60  # seconds; GIMP starts slowly on a busy machine


def descendants(node):
    for index in range(node.get_child_count()):
        try:
            child = node.get_child_at_index(index)
            if child is not None:
                yield child
                yield from descendants(child)
        except GLib.Error:  # it went while we looked
            continue


def look(roles, name, within=None):
    """The first thing with one of the roles whose name begins with @name, or None."""
    for node in descendants(within or Atspi.get_desktop(0)):
        try:
            if node.get_role_name() in roles and (node.get_name() or "").startswith(name):
                return node
        except GLib.Error:
            continue
    return None


def wait_for(what, *arguments):
    """Asks again until @what gives something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = what(*arguments)
        if found:
            return found
        time.sleep(0.3)
        # What was looked at while GIMP was still building it would stay cached that way.
        while GLib.MainContext.default().iteration(False):
            pass
        Atspi.get_desktop(0).clear_cache()
    raise AssertionError(f"waited in vain for {arguments or what.__name__}")


def menu_item(name):
    return wait_for(look, ("menu item",), name)


def button(name, within):
    return wait_for(look, ("button", "push button"), name, within)


def press(node):
    assert node.get_action_iface().do_action(0), node.get_name()


def is_sensitive(node):
    return node.get_state_set().contains(Atspi.StateType.SENSITIVE)


def spin_button(name, within):
    return wait_for(look, ("spin button",), name, within)


def layers():
    try:
        return open(os.path.join(FOLDER, "layers")).read().splitlines()
    except FileNotFoundError:
        return []


def wait_layers(*names):
    wait_for(lambda: layers() == list(names))


def screenshot(name):
    if SCREENSHOTS:
        time.sleep(1)
        subprocess.run(["import", "-window", "root", os.path.join(SCREENSHOTS, name + ".png")])


def open_dialog():
    press(menu_item("Altes Foto restaurieren"))
    return wait_for(look, ("dialog",), "Altes Foto restaurieren")


def check_menu():
    wait_layers("Oma")
    assert is_sensitive(menu_item("Altes Foto restaurieren"))


def check_dialog():
    dialog = open_dialog()
    texts = [node.get_name() or "" for node in descendants(dialog)]
    for text in ("Wie daran gearbeitet wird", "Automatisch", "Korn und Rauschen", "Schärfe", "Nein",
                 "Das Korn des Fotos messen", "Korn zurückgeben (Prozent)",
                 "Auswahl verbreitern (Pixel)", "Das Korn der ganzen Ebene entfernen"):
        assert text in texts, f"“{text}” is not in the dialog: {texts}"
    screenshot("dialog")


def check_sensitivity():
    """What cannot matter cannot be changed."""
    dialog = wait_for(look, ("dialog",), "Altes Foto restaurieren")
    assert not is_sensitive(spin_button("Korn (Prozent von Weiß)", dialog))
    assert not is_sensitive(spin_button("Radius der Unschärfe (Pixel)", dialog))
    press(wait_for(look, ("check box",), "Das Korn des Fotos messen", dialog))
    wait_for(lambda: is_sensitive(spin_button("Korn (Prozent von Weiß)", dialog)))
    press(wait_for(look, ("check box",), "Das Korn des Fotos messen", dialog))


def choose_deep(dialog):
    """Of the methods the one that takes long enough to watch."""
    combo = look(("combo box",), "Methode", dialog)
    if combo:  # GIMP 3.0
        combo.get_selection_iface().select_child(2)
    else:
        press(wait_for(look, ("radio button",), "Deep Prior", dialog))
    wait_for(lambda: is_sensitive(spin_button("Schritte", dialog)))


def check_ok():
    dialog = wait_for(look, ("dialog",), "Altes Foto restaurieren")
    assert not is_sensitive(spin_button("Schritte", dialog))
    choose_deep(dialog)
    spin_button("Schritte", dialog).get_value_iface().set_current_value(5)
    press(button("Restaurieren", dialog))
    wait_layers("Restauriert: Oma", "Oma")
    screenshot("new-layer")


def check_undo():
    """One undo takes away all that was done, and no more: the selection is still there."""
    press(menu_item("Rückgängig: Altes Foto restaurieren"))
    wait_layers("Oma")
    assert menu_item("Rückgängig: Rechteckige Auswahl")


def start_long_run():
    dialog = open_dialog()
    choose_deep(dialog)
    spin_button("Schritte", dialog).get_value_iface().set_current_value(20000)
    press(button("Restaurieren", dialog))
    return wait_for(look, ("dialog",), "Das Foto wird restauriert")


def check_select():
    """The proposal of a selection: Cancel leaves what was selected, OK is one undo step."""
    for end in "Abbrechen", "Auswählen":
        press(menu_item("Staub und Kratzer auswählen"))
        dialog = wait_for(look, ("dialog",), "Staub und Kratzer auswählen")
        assert is_sensitive(spin_button("Empfindlichkeit", dialog))
        wait_for(lambda: is_sensitive(button("Auswählen", dialog)))
        time.sleep(1)
        screenshot("select")
        press(button(end, dialog))
        wait_for(lambda: not look(("dialog",), "Staub und Kratzer auswählen"))
    assert menu_item("Rückgängig: Staub und Kratzer auswählen")
    press(menu_item("Rückgängig: Staub und Kratzer auswählen"))
    time.sleep(2)


def check_help():
    """The dialog's Help button opens our page, at the right place, in the person's browser."""
    press(menu_item("Staub und Kratzer auswählen"))
    dialog = wait_for(look, ("dialog",), "Staub und Kratzer auswählen")
    press(button("Hilfe", dialog))
    browsed = os.path.join(FOLDER, "browsed")
    wait_for(os.path.exists, browsed)
    address = open(browsed).read().strip()
    assert address.endswith("/heirloom/help/en/index.html#select"), address
    page = urllib.parse.unquote(urllib.parse.urlparse(address).path)
    assert os.path.exists(page), page
    press(button("Abbrechen", dialog))


def check_cancel():
    window = start_long_run()
    wait_for(look, ("label",), "Schritt ", window)
    screenshot("progress")
    press(button("Abbrechen", window))
    wait_for(lambda: not look(("dialog",), "Das Foto wird restauriert"))
    time.sleep(1)
    assert layers() == ["Oma"], layers()


def check_stop_and_keep():
    window = start_long_run()
    wait_for(look, ("label",), "Schritt ", window)
    press(button("Anhalten und behalten", window))
    wait_layers("Restauriert: Oma", "Oma")


inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "german_inside.py")
os.environ["HEIRLOOM_INSIDE"] = inside
log = open(os.path.join(FOLDER, "log"), "w+")
gimp = subprocess.Popen(
    ["gimp", "--no-splash", "--new-instance", "--batch-interpreter=python-fu-eval", "-b",
     f"exec(compile(open({inside!r}).read(), {inside!r}, 'exec'))"],
    stdout=log, stderr=log)
failed = False
try:
    for number, (name, case) in enumerate([
            ("the menu entry is German", check_menu),
            ("the dialog is German", check_dialog),
            ("unused settings are greyed out", check_sensitivity),
            ("OK makes the new layer", check_ok),
            ("one undo step", check_undo),
            ("Cancel leaves the picture alone", check_cancel),
            ("Stop and keep makes the new layer", check_stop_and_keep),
            ("the proposal of a selection", check_select),
            ("Help opens the page", check_help)], 1):
        try:
            if failed:
                raise AssertionError("an earlier step failed")
            case()
            print("ok", number, "-", name, flush=True)
        except Exception as error:
            failed = True
            print("not ok", number, "-", name, flush=True)
            print("#", error)
            screenshot("failure")
    print("1..9", flush=True)
finally:
    open(os.path.join(FOLDER, "leave"), "w").close()
    gimp.terminate()
    try:
        gimp.wait(20)
    except subprocess.TimeoutExpired:  # GIMP may lock itself up when told to end while it draws
        gimp.kill()
    if failed:
        log.seek(0)
        for line in log:
            print("#", line, end="")
sys.exit(failed)
