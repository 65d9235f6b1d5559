# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of lost.py that runs inside GIMP: the plug-in is killed at random moments, and each
time the image is as it was, or has one new layer where the kill came too late."""
import os
import random
import signal
import threading
import time

from gi.repository import Gimp

from inside import HOLE, Tap, call, new_image, new_layer, raw, restore, select
from processes import all_processes

KILLS = int(os.environ.get("HEIRLOOM_KILLS", "10"))
SUCCESS = Gimp.PDBStatusType.SUCCESS


def engines():
    """The plug-in's processes under this GIMP, which is the parent of this script."""
    return [pid for pid, name, parent in all_processes()
            if parent == os.getppid() and name == "heirloom"]


class Killer(threading.Thread):
    """Waits for the plug-in to appear, and then @delay seconds."""

    def __init__(self, delay):
        super().__init__()
        self.delay = delay
        self.over = False

    def run(self):
        while not self.over and not engines():
            time.sleep(0.002)
        time.sleep(self.delay)
        for pid in engines():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def state(image, layer):
    """What can be told of an image. The undo history cannot be asked for here, but an image that
    was clean is dirty after any step that was added to it; cancel_hands.py looks at the menu."""
    return ([item.get_id() for item in image.get_layers()], raw(layer).tobytes(),
            raw(image.get_selection()).tobytes(), image.is_dirty(), image.undo_is_enabled(),
            layer.get_parasite_list(), image.get_parasite_list())


def content(layer):
    """What a layer shows: its pixels and those of its mask."""
    mask = layer.get_mask()
    return raw(layer).tobytes(), mask and raw(mask).tobytes()


def take_back(image, layer):
    image.remove_layer(layer)
    image.get_layers()[0].set_visible(True)
    image.clean_all()


def check_killed(numbers, output):
    """A half of the moments is random in all of the run, the other in its end, where the new
    layer is made."""
    settings = {"iterations": 10, "method": "deep", "output": output}
    image = new_image()
    layer = new_layer(image)
    select(image, *HOLE)
    image.clean_all()
    start = time.monotonic()
    restored = restore(image, layer, **settings)
    lasts = time.monotonic() - start
    expected = content(restored)
    take_back(image, restored)
    before, late = state(image, layer), 0
    for number in numbers:
        earliest = 0.9 * lasts if number % 2 else 0
        killer = Killer(random.Random(f"{output} {number}").uniform(earliest, 1.1 * lasts))
        killer.start()
        start = time.monotonic()
        status, answer = call(image, [layer], **settings)
        if status == SUCCESS:  # the machine was busier when that was measured
            lasts = min(lasts, time.monotonic() - start)
        killer.over = True
        killer.join()
        if status == SUCCESS or len(image.get_layers()) > 1:
            late += 1
            assert len(image.get_layers()) == 2, image.get_layers()
            assert status != SUCCESS or image.get_layers()[0] == answer
            assert content(image.get_layers()[0]) == expected, f"kill {number}: half a layer"
            take_back(image, image.get_layers()[0])
        assert state(image, layer) == before, f"kill {number}, after {killer.delay:.3f} s"
        end = time.monotonic() + 5
        while engines() and time.monotonic() < end:
            time.sleep(0.05)
        assert not engines(), "a process remains"
    restore(image, layer)
    image.delete()
    print(f"# {len(numbers)} kills within {lasts:.2f} s, {late} of them too late", file=tap.file)
    assert late < len(numbers), "no kill came in time"


tap = Tap()
for turn, kind in enumerate(("layer", "repair", "mask")):
    share = range(turn, KILLS, 3)
    tap.case(f"killed {len(share)} times, for {kind}", check_killed, share, kind)
tap.end()
