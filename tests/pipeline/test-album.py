#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Albums through the command-line program: many pictures into a folder, ended at any moment and gone
on with; and the contact sheet.

    test-album.py PATH/TO/heirloom [PART OF A NAME]

Prints TAP.
"""
import base64
import html.parser
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

import numpy as np
from PIL import Image

from cases import ON_WINDOWS, run_cases

HEIRLOOM = os.path.abspath(sys.argv[1])
VOID = {"meta", "img", "input", "br", "link"}


def run(*arguments, **options):
    return subprocess.run([HEIRLOOM, "restore", *arguments], capture_output=True, text=True, timeout=600, **options)


def album(*arguments, status=0):
    done = run("--output-dir", "out", *arguments)
    assert done.returncode == status, (done.returncode, done.stderr)
    return done.stderr


def drawn(seed, scratches=2, width=176, height=130):
    """A photograph that is like no other, with scratches."""
    rng = np.random.RandomState(seed)
    y, x = np.mgrid[:height, :width]
    pixels = np.dstack([110 + 40 * np.sin(x / rng.uniform(20, 40) + c) + 20 * np.cos(y / rng.uniform(15, 30))
                        for c in range(3)]) + rng.randn(height, width, 1) * 2
    for _ in range(scratches):
        pixels[abs(x - rng.uniform(30, width - 60) - rng.uniform(0.1, 0.4) * y) < 1.3] = 245
    return pixels.clip(0, 255).astype("u1")


def write(path, seed, **options):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    Image.fromarray(drawn(seed, **options)).save(path)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def lines():
    return {line["out"]: line for line in map(json.loads, open("out/album.jsonl"))}


def tree(folder="out"):
    """All files but the record, whose seconds differ, and the sheet that shows them."""
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            if name not in ("album.jsonl", "index.html"):
                path = os.path.join(at, name)
                found[os.path.relpath(path, folder)] = read(path)
    return found


def times():
    return {path: os.stat(os.path.join("out", path)).st_mtime_ns for path in tree()}


def check_album():
    """Folders, failures, what is sound, names, masks and the record."""
    write("in/one.png", 1)
    write("in/deep/two.jpg", 2)
    write("in/sound.png", 3, scratches=0)
    write("other/one.png", 4)
    open("in/broken.png", "w").write("no picture")
    open("in/phone.heic", "wb").write(b"\0\0\0\x18ftypheic\0\0\0\0")
    open("in/notes.txt", "w").write("not for us")
    if not ON_WINDOWS:  # which has no ImageMagick
        Image.fromarray(drawn(5)).save("other/five.bmp")
    others = [] if ON_WINDOWS else ["other/five.bmp"]
    said = album("in", "other/one.png", *others, "in/one.png", "--threads", "2", status=1)
    assert "2 not restored" in said and "broken.png" in said and "export it as PNG" in said, said
    assert set(tree()) == {"one.png", "deep/two.jpg", "sound.png", "one-2.png", "masks/one.png.png",
                           "masks/deep/two.jpg.png", "masks/sound.png.png", "masks/one-2.png.png"}.union(
                               ["five.png", "masks/five.png.png"] if others else []), set(tree())
    assert read("out/sound.png") == read("in/sound.png")
    record = lines()
    assert [record[name]["status"] for name in ("one.png", "deep/two.jpg", "one-2.png")] == ["restored"] * 3, record
    assert record["sound.png"]["status"] == "no damage" and record["broken.png"]["status"] == "failed"
    path = os.path.realpath("other/one.png")
    assert record["one-2.png"]["in"] == ("Z:" + path.replace("/", "\\") if ON_WINDOWS else path), record["one-2.png"]
    assert 0.001 < record["one.png"]["damaged"] < 0.2 and 1 <= record["one.png"]["widest"] < 20, record["one.png"]
    mask = np.asarray(Image.open("out/masks/one.png.png"))
    assert abs((mask > 0).mean() - record["one.png"]["damaged"]) < 1e-6
    changed = (np.asarray(Image.open("out/one.png")) != np.asarray(Image.open("in/one.png"))).any(2)
    assert changed.any() and not changed[mask == 0].any()
    # A picture of an album is what it is alone.
    assert run("in/one.png", "alone.png").returncode == 0
    assert read("alone.png") == read("out/one.png")


def check_again():
    """What is done and unchanged is left; what has changed is made again; what a person changed is kept."""
    for i in range(3):
        write(f"in/{i}.png", i)
    album("in")
    before = times()
    assert "3 done before" in album("in")
    assert times() == before
    write("in/1.png", 11)
    assert "2 done before" in album("in")
    assert {path for path, at in times().items() if before[path] != at} == {"1.png", "masks/1.png.png"}
    before = times()
    assert " 0 done before" in album("in", "--grain", "0")
    assert not set(times().values()) & set(before.values())
    os.remove("out/2.png")
    assert "2 done before" in album("in", "--grain", "0") and os.path.exists("out/2.png")
    # The last line was cut short, and the picture with it: one is made again.
    whole = read("out/album.jsonl")
    first = json.loads(whole.split(b"\n")[-2])["out"]
    open("out/album.jsonl", "wb").write(whole[:-40])
    os.remove("out/" + first)
    assert "2 done before" in album("in", "--grain", "0")
    assert read("out/album.jsonl").count(b"\n") == 3 and len(lines()) == 3
    write("out/0.png", 77)
    mine = read("out/0.png")
    assert "3 done before" in album("in", "--grain", "0") and read("out/0.png") == mine
    assert "move it away" in album("in", "--grain", "50", status=1) and read("out/0.png") == mine
    os.remove("out/0.png")
    album("in", "--grain", "50")


def check_memory():
    """With memory for less than one picture they come one after the other, and are the same."""
    for i in range(3):
        write(f"in/{i}.png", i)
    album("in", "--threads", "2")
    wanted = tree()
    shutil.rmtree("out")
    album("in", "--threads", "2", "--memory-limit", "300")
    assert tree() == wanted


def check_names():
    """Two of one name are told apart, and stay so."""
    for folder in "abc":
        write(f"{folder}/x.png", ord(folder))
    album("a/x.png", "b/x.png")
    first = tree()
    assert {"x.png", "x-2.png"} < set(first)
    album("c/x.png", "b/x.png", "a/x.png")
    after = tree()
    assert {path: after[path] for path in first} == first and "x-3.png" in after
    # An album that has moved is the same album.
    os.rename("a", "moved")
    before = times()
    assert "1 done before" in album("moved/x.png") and times() == before


def check_inside():
    """An album within the folder of its photographs does not restore itself."""
    write("in/one.png", 1)
    done = [run("--output-dir", "in/restored", "in") for _ in range(2)]
    assert [one.returncode for one in done] == [0, 0] and "of 1 photographs" in done[1].stderr, done[1].stderr
    assert set(os.listdir("in/restored")) == {"one.png", "masks", "album.jsonl"}


def check_infrared():
    """The infrared picture beside a scan is none of the photographs."""
    write("in/scan.tif", 1)
    Image.fromarray(np.full((130, 176), 200, "u1")).save("in/scan_IR.tif")
    album("in")
    assert "scan_IR.tif" not in tree()


def refused(words, *arguments):
    done = run(*arguments)
    assert done.returncode == 1 and words in done.stderr and done.stderr.count("\n") == 1, done.stderr


def check_refusals():
    write("in/one.png", 1)
    os.mkdir("empty")
    before = read("in/one.png")
    refused("another folder", "--output-dir", "in", "in")
    refused("another folder", "--output-dir", "in", "in/one.png")
    assert os.listdir("in") == ["one.png"], os.listdir("in")
    os.mkdir("out")
    os.link("in/one.png", "out/one.png")
    refused("another folder", "--output-dir", "out", "in")
    assert read("in/one.png") == before
    refused("no photograph", "--output-dir", "new", "empty")
    refused("name the photographs", "--output-dir", "new")
    refused("one picture", "--output-dir", "new", "in", "--mask", "in/one.png")
    refused("one picture", "--output-dir", "new", "in", "--report", "r.json")
    refused("of an album", "in/one.png", "one.png", "--contact-sheet", "index.html")
    refused("cannot be made", "--output-dir", "in/one.png/new", "in")


def start(*arguments):
    return subprocess.Popen([HEIRLOOM, "restore", "--output-dir", "out", *arguments], stderr=subprocess.PIPE, text=True)


def check_killed():
    """Killed at random moments and started again: the same files, byte for byte, and nothing more."""
    for i in range(6):
        write(f"in/{i}.{'jpg' if i % 2 else 'png'}", i)
    began = time.monotonic()
    album("in", "--threads", "1")
    took = time.monotonic() - began
    wanted = tree()
    shutil.rmtree("out")
    dice, kills = random.Random(4), 0
    for attempt in range(60):
        process = start("in", "--threads", "2")
        try:
            # Longer each time, so that even a busy computer comes to the end.
            process.communicate(timeout=dice.uniform(0, took / 4) * (1 + attempt / 4))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
            continue
        assert process.returncode == 0
        break
    assert kills >= 2, kills
    album("in", "--threads", "2")
    found = tree()
    assert found == wanted, (set(found) ^ set(wanted), [path for path in found if found[path] != wanted.get(path)])
    assert len(lines()) == 6 and ".heirloom-unfinished" not in os.listdir("out")


def check_stop(times_pressed):
    """Ctrl-C ends it once the pictures that are begun are finished, a second one at once; it goes on later."""
    for i in range(8):
        write(f"in/{i}.png", i, width=320, height=240)
    process = start("in", "--threads", "1")
    while not [name for name in os.listdir("out") if name.endswith(".png")] if os.path.isdir("out") else True:
        assert process.poll() is None
        time.sleep(0.02)
    for _ in range(times_pressed):
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
    said = process.communicate(timeout=300)[1]
    assert process.returncode == 130 and "the same command goes on" in said, (process.returncode, said)
    assert not [name for name in os.listdir("out") if name.startswith(".")]
    made = len(tree()) // 2
    assert 1 <= made < 8 and len(lines()) == made, (made, lines())
    assert f" {made} done before" in album("in")
    assert len(tree()) == 16


def check_two_at_once():
    for i in range(4):
        write(f"in/{i}.png", i)
    process = start("in")
    while not os.path.isdir("out/.heirloom-unfinished"):
        time.sleep(0.01)
    second = run("--output-dir", "out", "in")
    said = process.communicate()[1]
    assert second.returncode == 1 and "Another album" in second.stderr, second.stderr
    assert process.returncode == 0, said


class Page(html.parser.HTMLParser):
    """Whether each element ends, and what there is."""
    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.script = [], [], ""
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (self.open, tag, self.getpos())
        self.open.pop()

    def handle_data(self, text):
        if self.open and self.open[-1] == "script":
            self.script += text

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def picture(address):
    kind, data = re.fullmatch(r"data:image/(\w+);base64,(.*)", address).groups()
    image = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
    assert image.format.lower() == kind
    image.load()
    return image


def check_sheet():
    """One page that needs nothing else: pictures embedded, sliders named, those that need a hand first."""
    write("in/a.png", 1, width=900, height=700)
    odd = "b &.png" if ON_WINDOWS else "b <&\">.png"
    write("in/" + odd, 2, scratches=0)
    wide = drawn(5)
    wide[30:110, 60:130] = 250
    Image.fromarray(wide).save("in/c.png")
    open("in/d.jpg", "w").write("no picture")
    album("in", "--contact-sheet", "out/index.html", "--threads", "2", status=1)
    text = open("out/index.html", encoding="utf-8").read()
    page = Page(text)
    images, sliders = page.all("img"), [one for one in page.all("input") if one["type"] == "range"]
    shown = [picture(image["src"]) for image in images]
    assert [image["class"] for image in images] == ["before", "after", "marks"] * 3
    assert max(max(image.size) for image in shown) == 640
    assert all(len({image.size for image in shown[i:i + 3]}) == 1 for i in (0, 3, 6))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) and len(sliders) == 3 and all(one["aria-label"] for one in sliders)
    assert set(re.findall(r'getElementById\("([^"]+)"\)', page.script)) <= set(ids)
    figures = page.all("figure")
    assert [figure["id"] for figure in figures] == [f"photograph-{i}" for i in (4, 3, 1, 2)], figures
    assert [figure.get("class") for figure in figures] == ["hand failed", "hand", None, None], figures
    links = [one["href"] for one in page.all("a")]
    assert links == ["c.png", "a.png", urllib.parse.quote(odd)], links
    assert not re.search(r"https?:|url\(|@import", text) and not any("src" in one for one in page.all("script"))
    marks = np.asarray(shown[images.index(images[5])])[..., 3]
    assert (marks > 0).any() and abs(np.asarray(shown[3], float) - np.asarray(shown[4])).max() > 50
    # It is made anew from what is there, from another folder as well.
    album("in", "--contact-sheet", "sheet.html", status=1)
    assert all(one["href"].startswith("file:///") for one in Page(open("sheet.html").read()).all("a"))


def tests():
    yield "album", check_album
    yield "again", check_again
    yield "memory", check_memory
    yield "names", check_names
    yield "inside", check_inside
    yield "infrared", check_infrared
    yield "refusals", check_refusals
    yield "killed", check_killed
    yield "stopped", check_stop, 1
    yield "ended", check_stop, 2
    yield "two at once", check_two_at_once
    yield "contact sheet", check_sheet


def main():
    sys.exit(run_cases(list(tests()), sys.argv[2] if len(sys.argv) > 2 else None))


main()
