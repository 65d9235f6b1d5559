# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a test on a screen that runs inside GIMP: shows a picture with a selection, then
keeps a file up to date with the names of its layers, and answers what it is asked, until it is
told to leave."""
import hashlib
import os
import sys
import time
import traceback

import numpy

sys.path.insert(0, os.path.dirname(os.environ["HEIRLOOM_INSIDE"]))
os.environ.setdefault("HEIRLOOM_TAP", os.devnull)
from inside import (HOLE, Gimp, call, floats, new_image, new_layer, photograph, raw, select)

folder = os.environ["HEIRLOOM_EXCHANGE"]
image = new_image()
new_layer(image, "Oma")
image.clean_all()
select(image, *HOLE)
display = Gimp.Display.new(image)


def present(pixels, boxes):
    """Another picture, its selection made of @boxes, in place of the one that is there."""
    global image, display
    if display.is_valid():
        Gimp.Display.delete(display)
    height, width = pixels.shape[:2]
    image = new_image(width=width, height=height)
    pixels[..., 3] = 1
    for x, y, w, h in boxes:
        pixels[y:y + h, x:x + w, :3] = 1
    new_layer(image, "Oma", pixels=pixels)
    Gimp.Selection.none(image)
    for x, y, w, h in boxes:
        image.select_rectangle(Gimp.ChannelOps.ADD, x, y, w, h)
    image.clean_all()
    display = Gimp.Display.new(image)


def show(width, height, boxes):
    """A smooth picture with grain."""
    pixels = photograph(width, height, None)
    pixels[..., :3] += 0.02 * numpy.random.default_rng(1).standard_normal(
        (height, width, 1), numpy.float32)
    present(pixels, boxes)


def show_blurred(width, height, sigma):
    """Many edges, which a Gaussian has made soft, in light, as a lens does."""
    random = numpy.random.default_rng(1)
    light = numpy.full((height, width), 0.2, numpy.float32)
    for _ in range(200):
        x, y, w, h = random.integers(0, (width, height, width // 4, height // 4))
        light[y:y + h, x:x + w] = random.uniform(0.02, 0.7)
    taps = numpy.exp(-0.5 * (numpy.arange(-12, 13) / sigma) ** 2)
    taps /= taps.sum()
    for axis in 0, 1:
        light = numpy.apply_along_axis(numpy.convolve, axis, light, taps, "same")
    pixels = numpy.ones((height, width, 4), numpy.float32)
    pixels[..., :3] = light[..., None] ** (1 / 2.2)
    present(pixels, [])


def show_faded(width, height, grays, boxes):
    """Things of many colours whose dyes have faded, so that a green veil lies over them, and among
    them @grays, (x, y, side, light) each; @boxes are damaged and selected."""
    random = numpy.random.default_rng(2)
    light = numpy.full((height, width, 3), 0.4)
    for _ in range(300):
        x, y, w, h = random.integers(0, (width, height, width // 6, height // 6))
        light[y:y + h, x:x + w] = random.uniform(0.03, 0.9) * random.uniform(0.4, 1, 3)
    for x, y, side, value in grays:
        light[y:y + side, x:x + side] = value
    density = -numpy.log10(light) * [0.95, 0.6, 0.8] + [0.12, 0.02, 0.16]
    pixels = numpy.ones((height, width, 4), numpy.float32)
    pixels[..., :3] = (10 ** -density) ** (1 / 2.2)
    present(pixels, boxes)


def record(layer):
    """The settings that the plug-in left with a layer."""
    parasite = layer.get_parasite("heirloom-settings")
    return bytes(parasite.get_data()).rstrip(b"\0").decode() if parasite else ""


def write(name, text):
    path = os.path.join(folder, name)
    with open(path + ".new", "w") as file:
        file.write(text)
    os.replace(path + ".new", path)


while not os.path.exists(os.path.join(folder, "leave")):
    question = os.path.join(folder, "question")
    if os.path.exists(question):
        text = open(question).read()
        os.remove(question)
        try:
            if text.startswith("show"):
                exec(text)
                answer = ""
            else:
                answer = str(eval(text))
        except Exception:
            answer = traceback.format_exc()
        write("answer", answer)
    if not image.is_valid():
        write("layers", "")
        time.sleep(0.1)
        continue
    write("layers", "\n".join(layer.get_name() for layer in image.get_layers())
          + ("\n" if not Gimp.Selection.is_empty(image) else "\nnothing selected\n"))
    time.sleep(0.1)
