# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody does to the image while it is being restored: a message, or the result that was
asked for, and nothing else. hand.py does it."""
import os
import time

from gi.repository import Gimp

from inside import HOLE, Tap, call, new_image, new_layer, photograph, raw, select

ERROR, SUCCESS = Gimp.PDBStatusType.EXECUTION_ERROR, Gimp.PDBStatusType.SUCCESS
FOLDER = os.environ["HEIRLOOM_EXCHANGE"]


def meanwhile(code, image, layer):
    """Restores @layer, while @code is run elsewhere."""
    path, done = os.path.join(FOLDER, "do"), os.path.join(FOLDER, "done")
    with open(path + ".new", "w") as file:
        file.write(f"image = Gimp.Image.get_by_id({image.get_id()})\n"
                   f"layer = Gimp.Item.get_by_id({layer.get_id()})\n{code}\n")
    os.replace(path + ".new", path)
    answer = call(image, [layer], method="deep", iterations=40)
    assert os.path.exists(done), "the other hand came too late"
    os.remove(done)
    return answer


def drawn():
    # So large that it takes seconds.
    image = new_image(width=300, height=260)
    layer = new_layer(image, pixels=photograph(300, 260, HOLE))
    select(image, *HOLE)
    return image, layer


def check_deleted():
    image, layer = drawn()
    other = new_layer(image, "Other")
    status, message = meanwhile("image.remove_layer(layer)", image, layer)
    assert status == ERROR and "was deleted" in message, (status, message)
    assert image.get_layers() == [other]
    image.delete()


def check_closed():
    image, layer = drawn()
    status, answer = meanwhile("image.delete()", image, layer)
    # Without a window GIMP keeps it until the call has ended, and then it goes with all its layers.
    assert (status == SUCCESS and answer is None) or "was closed" in answer, (status, answer)
    assert not image.is_valid() and image not in Gimp.get_images()


def check_locked():
    """The new layer was asked for before the lock, which keeps the old one as it is."""
    image, layer = drawn()
    before = raw(layer)
    status, restored = meanwhile("layer.set_lock_content(True)", image, layer)
    assert status == SUCCESS, restored
    assert image.get_layers() == [restored, layer] and (raw(layer) == before).all()
    image.delete()


def check_selection():
    """What counts is what was selected at the start; the new selection stays."""
    image, layer = drawn()
    status, restored = meanwhile(
        "image.select_rectangle(Gimp.ChannelOps.REPLACE, 100, 110, 30, 20)", image, layer)
    assert status == SUCCESS, restored
    changed = (raw(restored) != raw(layer)).any(axis=2)
    x, y, width, height = HOLE
    assert changed[y:y + height, x:x + width].mean() > 0.95, "the hole is as it was"
    changed[y:y + height, x:x + width] = False
    assert not changed.any(), "something else changed"
    _, _, *bounds = Gimp.Selection.bounds(image)
    assert bounds == [100, 110, 130, 130], bounds
    image.delete()


tap = Tap()
tap.case("the layer deleted", check_deleted)
tap.case("the image closed", check_closed)
tap.case("the layer locked", check_locked)
tap.case("the selection changed", check_selection)
tap.end()
