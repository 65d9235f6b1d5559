# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture of one of the plug-in's windows, for tools/pictures, which starts this on a screen of
its own.

    pictures.py BUILD_DIR select|restore PHOTO RESULT

Where mask.png lies beside PHOTO, what it marks is selected in the restore window.

GIMP's batch interpreter calls the procedure as the menu does; the picture is taken once the window
has stopped changing, and then GIMP is ended.
"""
import os
import subprocess
import sys
import tempfile
import time

from gimp_profile import make_profile

PROCEDURES = {"select": ("plug-in-heirloom-select-damage", "Select Dust and Scratches"),
              "restore": ("plug-in-heirloom-restore", "Restore Old Photo")}
PATIENCE = 300  # seconds
INSIDE = """
from gi.repository import Gegl, Gimp, Gio
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({photo!r}))
if {selected}:
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


def shoot(title, result):
    """Waits for the window, and until two pictures of it, three seconds apart, are the same."""
    end, last = time.monotonic() + PATIENCE, None
    while time.monotonic() < end:
        # In a corner the pointer calls up no hints.
        subprocess.run(["xdotool", "mousemove", "1199", "799"], check=True)
        time.sleep(3)
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}:"],
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
    mask = os.path.join(os.path.dirname(os.path.abspath(photo)), "mask.png")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _, environment = make_profile(folder, os.path.abspath(build), ["python-eval", "file-png"])
        gimp = subprocess.Popen(
            ["gimp", "--no-splash", "--new-instance", "--batch-interpreter=python-fu-eval", "-b",
             INSIDE.format(photo=os.path.abspath(photo), procedure=procedure,
                           selected=window == "restore" and os.path.exists(mask),
                           mask=mask)],
            env=environment | {"LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1"})
        try:
            shoot(title, result)
        finally:
            gimp.kill()
            gimp.wait()


main()
