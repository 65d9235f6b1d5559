# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests on a screen share: they work GIMP through its accessibility interface, the way
a screen reader does. screen.py starts them, on a screen of their own."""
import glob
import os
import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

FOLDER = os.environ["HEIRLOOM_EXCHANGE"]
SCREENSHOTS = os.environ["HEIRLOOM_SCREENSHOTS"]
# Seconds; GIMP starts slowly on a busy machine.
PATIENCE = int(os.environ.get("HEIRLOOM_PATIENCE", "60"))


def children(node):
    try:
        count = node.get_child_count()
    except GLib.Error:  # it went while we looked
        return
    for index in range(count):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        if child is not None:
            yield child


def descendants(node):
    for child in children(node):
        yield child
        yield from descendants(child)


def windows():
    """Those of every program, without what is in them: GIMP's own has some thousand things."""
    for program in children(Atspi.get_desktop(0)):
        yield from children(program)


def look(roles, name, within=None):
    """The first thing with one of the roles whose name begins with @name, or None."""
    if within or roles != ("dialog",):
        nodes = descendants(within or Atspi.get_desktop(0))
    else:
        nodes = windows()
    for node in nodes:
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


def begin(question):
    """Asks what a Python expression is inside GIMP, and waits for nothing."""
    answer = os.path.join(FOLDER, "answer")
    if os.path.exists(answer):
        os.remove(answer)
    with open(os.path.join(FOLDER, "question.new"), "w") as file:
        file.write(question)
    os.replace(os.path.join(FOLDER, "question.new"), os.path.join(FOLDER, "question"))


def answer():
    """What the question that was begun has come to, as text; None where that is not known yet."""
    path = os.path.join(FOLDER, "answer")
    return open(path).read() if os.path.exists(path) else None


def ask(question):
    """What a Python expression is inside GIMP, as text."""
    begin(question)
    wait_for(lambda: answer() is not None)
    return answer()


def plug_ins():
    """The processes of the plug-in that this GIMP has started."""
    ours = os.path.join(os.path.dirname(os.environ["GIMP3_DIRECTORY"]), "ours")
    return [path for path in glob.glob("/proc/[0-9]*/exe")
            if os.access(path, os.R_OK) and os.path.realpath(path).startswith(ours)]


def spin_button(name, within):
    return wait_for(look, ("spin button",), name, within)


def check_box(name, within):
    return wait_for(look, ("check box",), name, within)


def combo_box(name, within):
    return wait_for(look, ("combo box",), name, within)


def choose(name, number, label, within):
    """Makes a choice of three at most: a combo box in GIMP 3.0, radio buttons in 3.2."""
    found = wait_for(lambda: look(("combo box",), name, within) or look(("radio button",), label, within))
    if found.get_role() == Atspi.Role.COMBO_BOX:
        found.get_selection_iface().select_child(number)
    else:
        press(found)


def layers():
    try:
        return open(os.path.join(FOLDER, "layers")).read().splitlines()
    except FileNotFoundError:
        return []


def wait_layers(*names):
    wait_for(lambda: layers() == list(names))


def screenshot(name):
    time.sleep(1)
    subprocess.run(["import", "-window", "root", os.path.join(SCREENSHOTS, name + ".png")])


class Skipped(Exception):
    """Why a case cannot be tried to its end."""


def has_crashed():
    """GIMP itself, which then shows what it knows of that."""
    with open(os.path.join(FOLDER, "log"), errors="replace") as log:
        return any(line.startswith("gimp: fatal error") for line in log)


def run(cases):
    """Starts GIMP, works through pairs of a name and a function, and ends GIMP; returns whether
    one of them failed. After a failure the rest is not tried."""
    inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "screen_inside.py")
    os.environ["HEIRLOOM_INSIDE"] = inside
    log = open(os.path.join(FOLDER, "log"), "w+")
    gimp = subprocess.Popen(
        ["gimp", "--no-splash", "--new-instance", "--batch-interpreter=python-fu-eval", "-b",
         f"exec(compile(open({inside!r}).read(), {inside!r}, 'exec'))"],
        stdout=log, stderr=log)
    failed = False
    try:
        for number, (name, case) in enumerate(cases, 1):
            try:
                if failed:
                    raise AssertionError("an earlier step failed")
                case()
                print("ok", number, "-", name, flush=True)
            except Skipped as why:
                print("ok", number, "-", name, "# SKIP", why, flush=True)
            except Exception as error:
                if not failed:
                    screenshot("failure")
                failed = True
                print("not ok", number, "-", name, flush=True)
                print("#", error)
        print(f"1..{len(cases)}", flush=True)
    finally:
        open(os.path.join(FOLDER, "leave"), "w").close()
        gimp.terminate()
        try:
            gimp.wait(20)
        except subprocess.TimeoutExpired:  # GIMP may lock itself up when told to end in drawing
            gimp.kill()
        if failed:
            log.seek(0)
            for line in log:
                print("#", line, end="")
    return failed
