# SPDX-License-Identifier: GPL-3.0-or-later
"""What tools/demo does inside GIMP: open, restore, export.

Nothing is selected, so that the damage of the whole photograph is found; with a mask only what that
marks is mended.

GIMP's Python batch interpreter executes it; HEIRLOOM_DEMO is the folder of the pictures.
"""
import os

from gi.repository import Gimp, Gio

PROCEDURE = "plug-in-heirloom-restore"


def picture(name):
    return Gio.File.new_for_path(os.path.join(os.environ["HEIRLOOM_DEMO"], name))


def select(image, file):
    """Selects where the picture in file is white: shown, taken as a channel, removed."""
    layer = Gimp.file_load_layer(Gimp.RunMode.NONINTERACTIVE, image, file)
    image.insert_layer(layer, None, 0)
    gray = image.get_base_type() == Gimp.ImageBaseType.GRAY
    channel = Gimp.Channel.new_from_component(
        image, Gimp.ChannelType.GRAY if gray else Gimp.ChannelType.GREEN, "damage")
    image.insert_channel(channel, None, 0)
    image.remove_layer(layer)
    image.select_item(Gimp.ChannelOps.REPLACE, channel)
    image.remove_channel(channel)


def restore(image, layer):
    procedure = Gimp.get_pdb().lookup_procedure(PROCEDURE)
    if procedure is None:
        raise RuntimeError(f"GIMP did not find {PROCEDURE}: is the plug-in built?")
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [layer])
    if Gimp.Selection.is_empty(image):
        # What was made old is known to be a colour print.
        config.set_property("colour", "print" if picture("truth.png").query_exists(None) else "auto")
    result = procedure.run(config)
    if result.index(0) != Gimp.PDBStatusType.SUCCESS:
        raise RuntimeError(f"{PROCEDURE} refused: {Gimp.get_pdb().get_last_error()}")


def main():
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, picture("before.png"))
    layer = image.get_layers()[0]
    if picture("mask.png").query_exists(None):
        select(image, picture("mask.png"))
    restore(image, layer)
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, picture("after.png"), None)


main()
