# SPDX-License-Identifier: GPL-3.0-or-later
"""The window in German: menu entry, settings, OK, the new layer, undo, Cancel, Stop and keep, and
the proposal of a selection. screen.py starts it."""
import os
import sys
import time
import urllib.parse

from hands import (FOLDER, button, descendants, is_sensitive, layers, look, menu_item,
                   press, run, screenshot, spin_button, wait_for, wait_layers)

TITLE = "Altes Foto restaurieren"


def open_dialog():
    press(menu_item(TITLE))
    return wait_for(look, ("dialog",), TITLE)


def wait_closed():
    wait_for(lambda: not look(("dialog",), TITLE))


def check_menu():
    wait_layers("Oma")
    assert is_sensitive(menu_item(TITLE))


def check_dialog():
    dialog = open_dialog()
    texts = [node.get_name() or "" for node in descendants(dialog)]
    for text in ("Automatisch", "Nein", "Schäden verbreitern (Pixel)",
                 "Das Korn der ganzen Ebene entfernen"):
        assert text in texts, f"“{text}” is not in the dialog: {texts}"
    screenshot("german-dialog")


def check_sensitivity():
    """What cannot matter cannot be changed."""
    dialog = wait_for(look, ("dialog",), TITLE)
    assert not is_sensitive(spin_button("Korn (Prozent von Weiß)", dialog))
    assert not is_sensitive(spin_button("Schritte", dialog))


def choose_deep(dialog):
    """Of the methods the one that takes long enough to watch."""
    combo = look(("combo box",), "Methode", dialog)
    if combo:  # GIMP 3.0
        combo.get_selection_iface().select_child(3)
    else:
        press(wait_for(look, ("radio button",), "Deep Prior", dialog))
    wait_for(lambda: is_sensitive(spin_button("Schritte", dialog)))


def check_ok():
    dialog = wait_for(look, ("dialog",), TITLE)
    choose_deep(dialog)
    spin_button("Schritte", dialog).get_value_iface().set_current_value(5)
    press(button("OK", dialog))
    wait_layers("Restauriert: Oma", "Oma")
    screenshot("german-new-layer")


def check_undo():
    """One undo takes away all that was done, and no more: the selection is still there."""
    press(menu_item("Rückgängig: " + TITLE))
    wait_layers("Oma")
    assert menu_item("Rückgängig: Rechteckige Auswahl")


def start_long_run():
    dialog = open_dialog()
    choose_deep(dialog)
    spin_button("Schritte", dialog).get_value_iface().set_current_value(20000)
    return dialog


def check_select():
    """The proposal of a selection: Cancel leaves what was selected, OK is one undo step."""
    for end in "Abbrechen", "Auswählen":
        press(menu_item("Staub und Kratzer auswählen"))
        dialog = wait_for(look, ("dialog",), "Staub und Kratzer auswählen")
        assert is_sensitive(spin_button("Empfindlichkeit", dialog))
        wait_for(lambda: is_sensitive(button("Auswählen", dialog)))
        time.sleep(1)
        screenshot("german-select")
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
    assert address.endswith("/heirloom/help/de/index.html#select"), address
    page = urllib.parse.unquote(urllib.parse.urlparse(address).path)
    assert os.path.exists(page), page
    press(button("Abbrechen", dialog))


def check_cancel():
    dialog = start_long_run()
    time.sleep(1)
    press(button("Abbrechen", dialog))
    wait_closed()
    time.sleep(1)
    assert layers() == ["Oma"], layers()


def check_ok_waits():
    dialog = start_long_run()
    press(button("OK", dialog))
    wait_for(lambda: not is_sensitive(button("OK", dialog)))
    assert layers() == ["Oma"], layers()
    press(button("Abbrechen", dialog))
    wait_closed()


sys.exit(run([("the menu entry is German", check_menu),
              ("the dialog is German", check_dialog),
              ("unused settings are greyed out", check_sensitivity),
              ("OK makes the new layer", check_ok),
              ("one undo step", check_undo),
              ("Cancel leaves the picture alone", check_cancel),
              ("OK waits for the end, which Cancel prevents", check_ok_waits),
              ("the proposal of a selection", check_select),
              ("Help opens the page", check_help)]))
