# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the German test that runs inside GIMP: shows a picture with a selection, then
keeps a file up to date with the names of its layers until it is told to leave."""
import os
import sys
import time

from gi.repository import Gimp

sys.path.insert(0, os.path.dirname(os.environ["HEIRLOOM_INSIDE"]))
os.environ.setdefault("HEIRLOOM_TAP", os.devnull)
from inside import HOLE, new_image, new_layer, select

folder = os.environ["HEIRLOOM_EXCHANGE"]
image = new_image()
new_layer(image, "Oma")
image.clean_all()
select(image, *HOLE)
Gimp.Display.new(image)

while not os.path.exists(os.path.join(folder, "leave")):
    path = os.path.join(folder, "layers")
    with open(path + ".new", "w") as file:
        file.write("\n".join(layer.get_name() for layer in image.get_layers()))
        file.write("\n" if not Gimp.Selection.is_empty(image) else "\nnothing selected\n")
    os.replace(path + ".new", path)
    time.sleep(0.2)
