# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture of one of the plug-in's windows, for tools/pictures, which starts this on a screen of
its own.

    pictures.py BUILD_DIR select|restore PHOTO RESULT

Beside PHOTO lies mask.png, white where it is damaged.

GIMP's batch interpreter calls the procedure as the menu does; the picture is taken once the window
has stopped changing, and then GIMP is ended.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

PROCEDURES = {"select": ("plug-in-heirloom-select-damage", "Select Dust and Scratches"),
              "restore": ("plug-in-heirloom-restore", "Restore Old Photo")}
PATIENCE = 120  # seconds
GIMPRC = """(config-version "3.0.4")
(show-welcome-dialog no)
(check-updates no)
(save-session-info no)
(restore-session no)
(color-profile-policy keep)
"""
INSIDE = """
from gi.repository import Gegl, Gimp, Gio
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({photo!r}))
mask = Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path({mask!r}))
image.insert_layer(mask, None, 0)
image.select_color(Gimp.ChannelOps.REPLACE, mask, Gegl.Color.new("white"))
image.remove_layer(mask)
Gimp.Display.new(image)
config = Gimp.get_pdb().lookup_procedure({procedure!r}).create_config()
config.set_property("run-mode", Gimp.RunMode.INTERACTIVE)
config.set_property("image", image)
config.set_core_object_array("drawables", image.get_layers())
Gimp.get_pdb().lookup_procedure({procedure!r}).run(config)
"""


def make_profile(folder, build):
    """A profile of its own with our plug-in and what opens the photograph."""
    paths = {name: os.path.join(folder, name) for name in
             ("gimp", "home", "config", "cache", "data", "run", "tmp", "ours/heirloom", "theirs")}
    for path in paths.values():
        os.makedirs(path, mode=0o700)
    with open(os.path.join(paths["gimp"], "gimprc"), "w") as file:
        file.write(GIMPRC)
    shutil.copy(os.path.join(build, "plug-in", "heirloom"), paths["ours/heirloom"])
    libraries = subprocess.run(["pkg-config", "--variable=gimplibdir", "gimp-3.0"], check=True,
                               capture_output=True, text=True).stdout.strip()
    for name in "python-eval", "file-png":
        os.symlink(os.path.join(libraries, "plug-ins", name), os.path.join(paths["theirs"], name))
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("LC_", "XDG_")) and name != "LANGUAGE"}
    return environment | {
        "GIMP3_DIRECTORY": paths["gimp"],
        "GIMP_TESTING_PLUGINDIRS": os.path.dirname(paths["ours/heirloom"]) + ":"
                                   + paths["theirs"],
        "HOME": paths["home"], "TMPDIR": paths["tmp"], "XDG_CONFIG_HOME": paths["config"],
        "XDG_CACHE_HOME": paths["cache"], "XDG_DATA_HOME": paths["data"],
        "XDG_RUNTIME_DIR": paths["run"], "LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1",
        "LIBGL_ALWAYS_SOFTWARE": "1", "GDK_BACKEND": "x11"}


def shoot(title, result):
    """Waits for the window, and until two pictures of it, three seconds apart, are the same."""
    end, last = time.monotonic() + PATIENCE, None
    while time.monotonic() < end:
        # In a corner the pointer calls up no hints.
        subprocess.run(["xdotool", "mousemove", "1199", "999"], check=True)
        time.sleep(3)
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"],
                               capture_output=True, text=True).stdout.split()
        if not found:
            continue
        subprocess.run(["import", "-window", found[-1], result], check=True)
        with open(result, "rb") as file:
            pixels = file.read()
        if pixels == last:
            return
        last = pixels
    sys.exit(f"No window “{title}” came to rest within {PATIENCE} seconds.")


def main():
    build, window, photo, result = sys.argv[1:]
    procedure, title = PROCEDURES[window]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        gimp = subprocess.Popen(
            ["gimp", "--no-splash", "--new-instance", "--batch-interpreter=python-fu-eval", "-b",
             INSIDE.format(photo=os.path.abspath(photo), procedure=procedure,
                           mask=os.path.join(os.path.dirname(os.path.abspath(photo)), "mask.png"))],
            env=make_profile(folder, os.path.abspath(build)))
        try:
            shoot(title, result)
        finally:
            gimp.kill()
            gimp.wait()


main()
