#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command-line program from outside: every file format, every refusal.

    test-cli.py PATH/TO/heirloom [PART OF A NAME]

Prints TAP. How good the restoration looks is tested elsewhere; here hardly any iterations
are made, and what counts is which pixels change, in which format they come back, and what the
program says when it cannot work.
"""
import contextlib
import io
import json
import os
import signal
import stat
import struct
import subprocess
import sys
import time
import zlib

import numpy as np
from PIL import Image

from cases import ON_WINDOWS, run_cases, skip_on_windows
from pictures import profile, read_png, read_tiff, write_png, write_tiff

HEIRLOOM = os.path.abspath(sys.argv[1])
README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")
WIDTH, HEIGHT = 61, 47
QUICK = ["--iterations", "0", "--threads", "1"]


def run(*arguments, **options):
    return subprocess.run([HEIRLOOM, *map(str, arguments)], capture_output=True, text=True,
                          timeout=600, **options)


def drawn(channels, white, dtype):
    """No two pixels or channels alike, so that a wrong offset shows."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    planes = [0.1 + 0.12 * c + 0.006 * x + 0.005 * y + 0.1 * np.sin((x + y) * 0.3 + c) for c in range(channels)]
    if channels in (2, 4):
        # Half transparent, with a transparent corner that holds colours all the same.
        planes[-1] = np.where((x > 50) & (y > 40), 0, 0.5 + 0.007 * x)
    return (np.dstack(planes).clip(0, 1) * white).astype(dtype)


def drawn_mask():
    """A hole, and a soft one beside it."""
    mask = np.zeros((HEIGHT, WIDTH), "u1")
    mask[12:20, 25:33] = 255
    mask[30:34, 10:16] = 128
    return mask


MASK = drawn_mask()


def damaged(pixels, white):
    pixels = pixels.copy()
    colours = pixels.shape[2] - (pixels.shape[2] in (2, 4))
    pixels[..., :colours][MASK > 0] = white
    return pixels


def check_restored(before, after):
    """The hole is filled, the soft mask is mixed, nothing else has changed."""
    assert after.shape == before.shape, (after.shape, before.shape)
    assert after.dtype.newbyteorder("=") == before.dtype.newbyteorder("="), (after.dtype, before.dtype)
    after = after.astype(before.dtype)
    colours = before.shape[2] - (before.shape[2] in (2, 4))
    assert after[MASK == 0].tobytes() == before[MASK == 0].tobytes(), "a pixel outside has changed"
    assert (after[..., colours:] == before[..., colours:]).all(), "the transparency has changed"
    white = 1.0 if before.dtype.kind == "f" else float(np.iinfo(before.dtype).max)
    truth = drawn(before.shape[2], white, before.dtype)
    hole = np.abs(after[MASK == 255].mean(0) - truth[MASK == 255].mean(0))[:colours] / white
    assert hole.max() < 0.1, "the hole has other colours than what is around it: %s" % hole
    change = np.abs(after.astype(float) - before)[..., :colours].max(2) / white
    assert change[MASK == 255].mean() > 0.1, "the hole is as it was"
    full = np.abs(truth[..., :colours].astype(float) - before[..., :colours])[MASK == 128].max(1) / white
    half = change[MASK == 128].mean() / full.mean()
    assert 0.35 < half < 0.65, "the soft part has gone %.2f of the way, not a half" % half


def restore(source, target, *arguments):
    done = run("restore", source, target, "--mask", "mask.png", *QUICK, *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "" and done.stdout == "", "not quiet: " + done.stderr + done.stdout
    left = [name for name in os.listdir(".") if name.startswith(".heirloom")]
    assert not left, "left behind: %s" % left


def check_png(channels, bits):
    white = 2 ** bits - 1
    pixels = damaged(drawn(channels, white, "u%d" % (bits // 8)), white)
    write_png("in.png", pixels)
    restore("in.png", "out.png")
    check_restored(pixels, read_png("out.png")[0])


def check_tiff(channels, dtype, planar=1):
    white = 1.0 if dtype[0] == "f" else 2 ** (8 * int(dtype[1])) - 1
    pixels = damaged(drawn(channels, white, dtype), white)
    if dtype in ("f4", "f8"):
        pixels[0, :3, 0] = 1.75, -0.5, 3e-41
    write_tiff("in.tif", pixels, planar=planar)
    restore("in.tif", "out.tif")
    check_restored(pixels, read_tiff("out.tif")[0])


def check_tiff_tiles():
    """Tiles, of which the last ones reach beyond the picture."""
    pixels = damaged(drawn(3, 255, "u1"), 255)
    grown = np.zeros((48, 64, 3), "u1")
    grown[:HEIGHT, :WIDTH] = pixels
    tiles = [grown[y:y + 16, x:x + 32] for y in range(0, 48, 16) for x in range(0, 64, 32)]
    write_tiff("in.tif", np.concatenate(tiles), height=HEIGHT, width=WIDTH, rows=None, tiles=(32, 16))
    restore("in.tif", "out.tif")
    check_restored(pixels, read_tiff("out.tif")[0])


def check_converted_tiff(mode, compression):
    """What libtiff converts comes back with 8 bits, the same outside the mask."""
    picture = Image.fromarray(damaged(drawn(3, 255, "u1"), 255)).convert(mode)
    picture.save("in.tif", compression=compression)
    restore("in.tif", "out.tif")
    before = np.asarray(Image.open("in.tif").convert("RGB"))
    after = read_tiff("out.tif")[0][..., :3]
    assert (after == before)[MASK == 0].all(), "a pixel outside has changed"
    assert (after != before)[MASK == 255].any(), "the hole is as it was"


def check_jpeg(mode):
    channels = len(mode.replace("L", "1"))
    pixels = damaged(drawn(channels, 255, "u1"), 255)
    Image.fromarray(pixels.squeeze(), mode).save("in.jpg", quality=97)
    before = np.asarray(Image.open("in.jpg"), float)
    restore("in.jpg", "out.jpg")
    after = Image.open("out.jpg")
    assert after.format == "JPEG" and after.mode == mode, (after.format, after.mode)
    change = np.abs(np.asarray(after, float) - before).reshape(HEIGHT, WIDTH, -1).max(2)
    assert change[MASK == 255].mean() > 25, "the hole is as it was"
    far = np.ones_like(MASK, bool)
    far[4:42, 2:41] = False
    assert change[far].max() < 12, "a pixel far outside has changed by %g" % change[far].max()


def check_jpeg_mask():
    """The traces that JPEG leaves around white do not count as damage."""
    Image.fromarray(MASK).save("mask.jpg", quality=80)
    assert (np.asarray(Image.open("mask.jpg"))[MASK == 0] > 0).any()
    pixels = damaged(drawn(3, 255, "u1"), 255)
    write_png("in.png", pixels)
    restore("in.png", "out.png", "--mask", "mask.jpg")
    same = (read_png("out.png")[0] == pixels).all(2)
    far = np.ones_like(MASK, bool)
    far[10:22, 23:35] = far[28:36, 8:18] = False
    assert same[far].all()


def check_colour_mask():
    """An RGBA mask: transparent white is not damage."""
    mask = np.dstack([np.full_like(MASK, 255)] * 3 + [MASK])
    Image.fromarray(mask).save("rgba-mask.png")
    pixels = damaged(drawn(1, 255, "u1"), 255)
    write_png("in.png", pixels)
    restore("in.png", "out.png", "--mask", "rgba-mask.png")
    check_restored(pixels, read_png("out.png")[0])


def check_profile(channels, kind):
    icc = profile(gray=channels == 1)
    pixels = damaged(drawn(channels, 255, "u1"), 255)
    if kind == "png":
        write_png("in.png", pixels, [(b"iCCP", b"mine\0\0" + zlib.compress(icc))])
        restore("in.png", "out.png")
        after, chunks = read_png("out.png")
        check_restored(pixels, after)
        kept = zlib.decompress(chunks[b"iCCP"].split(b"\0", 1)[1][1:])
        assert Image.open("out.png").info["icc_profile"] == kept
    else:
        Image.fromarray(pixels.squeeze()).save("in." + kind, icc_profile=icc, quality=97)
        restore("in." + kind, "out." + kind)
        kept = Image.open("out." + kind).info["icc_profile"]
    assert kept == icc, "the profile has changed: %d bytes, then %d" % (len(icc), len(kept))


def check_resolution():
    pixels = damaged(drawn(3, 255, "u1"), 255)
    write_png("in.png", pixels, [(b"pHYs", struct.pack(">IIB", 11811, 11811, 1))])
    restore("in.png", "out.png")
    assert read_png("out.png")[1][b"pHYs"] == struct.pack(">IIB", 11811, 11811, 1)


def check_conversion():
    """16 bits into a JPEG and a TIFF."""
    pixels = damaged(drawn(3, 65535, "u2"), 65535)
    write_png("in.png", pixels)
    restore("in.png", "out.jpeg")
    assert Image.open("out.jpeg").mode == "RGB"
    restore("in.png", "out.TIFF")
    check_restored(pixels, read_tiff("out.TIFF")[0])


def check_in_place():
    pixels = damaged(drawn(3, 255, "u1"), 255)
    write_png("in.png", pixels)
    os.chmod("in.png", 0o640)
    os.symlink("in.png", "link.png")
    restore("link.png", "link.png")
    assert os.path.islink("link.png"), "the link was replaced"
    assert ON_WINDOWS or stat.S_IMODE(os.stat("in.png").st_mode) == 0o640, "the permissions have changed"
    check_restored(pixels, read_png("in.png")[0])


def check_same_seed():
    # The grain that comes back differs, so there must be some.
    noisy = drawn(3, 255, "u1") + np.random.RandomState(3).randn(*drawn(3, 255, "u1").shape) * 10
    write_png("in.png", damaged(noisy.clip(0, 255).astype("u1"), 255))
    for name, seed in ("a", 5), ("b", 5), ("c", 6):
        restore("in.png", name + ".png", "--seed", seed, "--iterations", 2, "--method", "deep")
    assert (read_png("a.png")[0] == read_png("b.png")[0]).all()
    assert (read_png("a.png")[0] != read_png("c.png")[0]).any(), "the seed does nothing"


def check_report():
    write_png("in.png", damaged(drawn(3, 255, "u1"), 255))
    restore("in.png", "out.png", "--noise-level", "2.5", "--deblur", "gaussian:1.5", "--deblur-method", "tv",
            "--method", "deep", "--iterations", 2, "--report", "report.json")
    report = json.load(open("report.json"))
    assert report["iterations"] == 2 and report["rim"] == 0, report
    assert abs(report["noise_level"] - 0.025) < 1e-9, report
    assert report["seconds"] > 0 and report["peak_memory_bytes"] > 0, report
    assert 0 <= report["loss"] < 1 and report["blur"] == "gaussian:1.5", report
    restore("in.png", "out.png", "--noise-level", "auto", "--report", "report.json")
    assert 0 <= json.load(open("report.json"))["noise_level"] < 0.2


def check_memory_limit():
    """Less memory makes smaller pieces of the picture, and the same result."""
    pixels = np.random.default_rng(1).normal(120, 10, (600, 800, 3)).clip(0, 255).astype("u1")
    write_png("in.png", pixels)
    peaks = []
    for megabytes in 0, 70:
        done = run("restore", "in.png", f"{megabytes}.png", "--denoise", "--threads", 1,
                   "--memory-limit", megabytes, "--report", "report.json")
        assert done.returncode == 0, done.stderr
        peaks.append(json.load(open("report.json"))["peak_memory_bytes"])
    assert peaks[1] < 0.8 * peaks[0], peaks
    apart = read_png("0.png")[0].astype(int) - read_png("70.png")[0]
    assert abs(apart).max() <= 1, "the limit changes the result by %d" % abs(apart).max()


def check_denoise():
    """Without a mask everything loses its noise; with one the hole is filled too."""
    noisy = drawn(3, 255, "u1").astype(float)
    noisy += np.random.RandomState(3).randn(*noisy.shape) * 20
    noisy = noisy.clip(0, 255).astype("u1")
    truth = drawn(3, 255, "u1").astype(float)
    for name, mask, before in ("plain", None, noisy), ("holes", "mask.png", damaged(noisy, 255)):
        write_png("in.png", before)
        mask = ["--mask", mask] if mask else []
        done = run("restore", "in.png", name + ".png", *mask, "--denoise", "--noise-level", "7.8")
        assert done.returncode == 0 and done.stderr == "", done.stderr
        error = np.abs(read_png(name + ".png")[0] - truth).mean()
        assert error < 0.5 * np.abs(before - truth).mean(), error


def check_methods():
    """Each way mends and says what it did, and automatic is the default."""
    write_png("in.png", damaged(drawn(3, 255, "u1"), 255))
    for method in "prior", "deep", "untrained", "auto":
        restore("in.png", method + ".png", "--method", method, "--iterations", 5, "--report", "r.json")
        report = json.load(open("r.json"))
        if method == "untrained":  # which has hardly begun
            assert report["iterations"] == 5, report
            continue
        check_restored(damaged(drawn(3, 255, "u1"), 255), read_png(method + ".png")[0])
        assert (report["ended"] != "not run") == (method == "deep"), report
        assert report["gain"] >= 0, report
    restore("in.png", "default.png", "--iterations", 5)
    assert (read_png("auto.png")[0] == read_png("default.png")[0]).all()


def check_tight_mask():
    """Damage beyond the mask is told, widening the mask mends it."""
    truth = drawn(3, 255, "u1")
    before = truth.copy()
    before[10:24, 20:40] = 250
    mask = np.zeros((HEIGHT, WIDTH), "u1")
    mask[12:22, 22:38] = 255
    write_png("in.png", before)
    Image.fromarray(mask).save("tight.png")
    done = run("restore", "in.png", "out.png", "--mask", "tight.png")
    assert done.returncode == 0 and "--mask-grow" in done.stderr, done.stderr
    assert (read_png("out.png")[0] == before)[mask == 0].all(), "a pixel outside has changed"
    hole = read_png("out.png")[0][mask == 255].astype(float) - truth[mask == 255]
    assert np.abs(hole).mean() < 20, "the damaged rim was believed: %f" % np.abs(hole).mean()
    done = run("restore", "in.png", "out.png", "--mask", "tight.png", "--mask-grow", 3)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    error = np.abs(read_png("out.png")[0].astype(float) - truth).mean()
    assert error < 2, error


def check_grain():
    """A grainy picture's repair is grainy, unless that is not wanted."""
    ramp = 80 + 0.4 * np.arange(244)[None, :, None] + 0.2 * np.arange(188)[:, None, None]
    big = (ramp + np.random.RandomState(3).randn(*ramp.shape) * 6).astype("u1")
    mask = np.zeros(big.shape[:2], "u1")
    mask[60:130, 90:160] = 255
    write_png("in.png", big)
    Image.fromarray(mask).save("hole.png")
    spread = {}
    for grain in 0, 100:
        done = run("restore", "in.png", "out.png", "--mask", "hole.png", "--grain", grain)
        assert done.returncode == 0, done.stderr
        inside = read_png("out.png")[0][70:120, 100:150, 0].astype(float)
        spread[grain] = np.diff(np.diff(inside, axis=0), axis=1).std()
    outside = big[140:185, 10:80, 0].astype(float)
    outside = np.diff(np.diff(outside, axis=0), axis=1).std()
    assert spread[0] < 0.4 * outside, (spread, outside)
    assert 0.7 * outside < spread[100] < 1.3 * outside, (spread, outside)


def check_detect():
    """Proposes a mask that restoring takes as it is."""
    y, x = np.mgrid[:120, :160]
    truth = np.dstack([100 + 25 * np.sin(x / 30 + c) for c in range(3)]).astype("u1")
    damage = abs(x - 40 - 0.4 * y) < 1.3
    before = truth.copy()
    before[damage] = 240
    write_png("in.png", before)
    done = run("detect", "in.png", "found.png")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    found = np.asarray(Image.open("found.png")) > 127
    assert found[damage].mean() > 0.95 and not found[abs(x - 40 - 0.4 * y) > 7].any()
    done = run("restore", "in.png", "out.png", "--mask", "found.png")
    assert done.returncode == 0, done.stderr
    assert np.abs(read_png("out.png")[0].astype(float) - truth)[damage].mean() < 12


def check_detect_ended():
    """Ctrl-C at any moment leaves no unfinished file behind, and the mask is whole or not there."""
    y, x = np.mgrid[:300, :400]
    before = np.dstack([100 + 25 * np.sin(x / 30 + c) for c in range(3)]).astype("u1")
    before[abs(x - 40 - 0.4 * y) < 1.3] = 240
    write_png("in.png", before)
    began = time.monotonic()
    assert run("detect", "in.png", "whole.png").returncode == 0
    took = time.monotonic() - began
    ended = 0
    for k in range(12):
        process = subprocess.Popen([HEIRLOOM, "detect", "in.png", "found.png"])
        if k % 2:
            time.sleep(took * (k + 1) / 11)
        else:  # as soon as there is an unfinished file
            while process.poll() is None and not any(name.startswith(".") for name in os.listdir(".")):
                pass
        process.send_signal(signal.SIGINT)
        ended += process.wait(timeout=300) != 0
        assert not [name for name in os.listdir(".") if name.startswith(".")], os.listdir(".")
        if os.path.exists("found.png"):
            assert open("found.png", "rb").read() == open("whole.png", "rb").read()
            os.remove("found.png")
    assert ended > 0


def check_detect_within():
    """Looks only where that is asked for, says how sure it is, and that there is nothing."""
    y, x = np.mgrid[:120, :160]
    before = np.dstack([100 + 25 * np.sin(x / 30 + c) for c in range(3)]).astype("u1")
    write_png("sound.png", before)
    before[abs(x - 40 - 0.4 * y) < 1.3] = 240
    before[abs(x - 110 - 0.2 * y) < 1.3] = 240
    write_png("in.png", before)
    circle = (255 * (x < 95)).astype("u1")
    write_png("circle.png", circle[..., None])
    done = run("detect", "in.png", "found.png", "--within", "circle.png", "--confidence", "sure.png")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    found = np.asarray(Image.open("found.png")) > 127
    assert found.sum() > 250 and not found[circle == 0].any()
    sure = np.asarray(Image.open("sure.png"))
    assert sure.dtype == np.uint8 and ((sure >= 128) == found).all()
    run("detect", "in.png", "more.png", "--within", "circle.png", "--sensitivity", "100")
    more = np.asarray(Image.open("more.png")) > 127
    assert (more >= found).all() and more.sum() > found.sum()
    done = run("detect", "sound.png", "none.png")
    assert done.returncode == 0 and "no damage was found" in done.stderr, done.stderr
    assert not np.asarray(Image.open("none.png")).any()


def check_deblur():
    """A motion named and the same one drawn give the same picture, without a mask as well."""
    write_png("in.png", drawn(3, 255, "u1"))
    dot = np.zeros((9, 11, 1), "u1")
    dot[4, 3:8] = 255
    write_png("dot.png", dot)
    seen = np.full((9, 11, 2), 200, "u1")
    seen[..., 1] = dot[..., 0]
    write_png("seen.png", seen)
    for name, blur in ("named", "motion:5:0"), ("drawn", "dot.png"), ("seen-through", "seen.png"):
        done = run("restore", "in.png", name + ".png", "--deblur", blur, "--deblur-method", "tv")
        assert done.returncode == 0 and done.stderr == "", done.stderr
    named = read_png("named.png")[0].astype(int)
    assert (named != read_png("in.png")[0]).mean() > 0.3, "nothing was sharpened"
    assert abs(named - read_png("drawn.png")[0]).max() <= 1, "the drawn blur is another one"
    assert abs(named - read_png("seen-through.png")[0]).max() <= 1, "transparent is not black"


def check_blurred():
    """A blurred photograph is sharpened where nothing is marked, unless somebody says no; what is
    marked is mended alone."""
    random = np.random.RandomState(3)
    y, x = np.mgrid[:256, :256]
    sharp = np.full((256, 256), 0.3)
    for _ in range(400):
        a, b, r = random.randint(0, 256, 2).tolist() + [random.randint(3, 16)]
        sharp[np.hypot(x - a, y - b) < r] = random.uniform(0.1, 0.9)
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(256), np.fft.fftfreq(256)))
    soft = np.fft.ifft2(np.fft.fft2(sharp ** 2.2) * np.exp(-2 * (np.pi * 2 * f) ** 2)).real.clip(0) ** (1 / 2.2)
    soft = np.dstack([soft + random.randn(256, 256) * 0.005]).clip(0, 1)
    write_png("in.png", (soft * 255).round().astype("u1"))
    done = run("restore", "in.png", "out.png", "--deblur-method", "tv", "--report", "report.json")
    assert done.returncode == 0 and "was blurred (gaussian:" in done.stderr, done.stderr
    assert json.load(open("report.json"))["blur"].startswith("gaussian:")
    before, after = (np.asarray(Image.open(name)).astype(float) for name in ("in.png", "out.png"))
    truth = 255 * sharp
    assert ((after - truth) ** 2).mean() < 0.7 * ((before - truth) ** 2).mean(), "nothing gained"
    done = run("restore", "in.png", "none.png", "--deblur", "none", "--report", "report.json")
    blur = json.load(open("report.json"))["blur"] if done.returncode == 0 else ""
    assert blur == "" and (done.returncode == 0 or "No damage was found" in done.stderr), done.stderr
    mask = np.zeros((256, 256, 1), "u1")
    mask[100:104, 50:90] = 255
    write_png("mask.png", mask)
    done = run("restore", "in.png", "marked.png", "--mask", "mask.png", "--report", "report.json", *QUICK)
    assert done.returncode == 0 and json.load(open("report.json"))["blur"] == "", done.stderr
    changed = np.asarray(Image.open("marked.png")) != np.asarray(Image.open("in.png"))
    assert not changed[mask[..., 0] == 0].any(), "more was changed than what was marked"


def to_density(values):
    return -2.4 * np.log10((values + 0.055) / 1.055)


def to_values(density):
    return (1.055 * 10 ** (-density / 2.4) - 0.055).clip(0, 1)


def draw_things(colour):
    """Things of all kinds of light and colour, black and white among them."""
    rng = np.random.RandomState(4)
    pixels = np.full((96, 128, 3), 0.5)
    for k in range(90):
        y, x = rng.randint(0, 88), rng.randint(0, 116)
        light = 0.03 if k % 11 == 0 else 0.97 if k % 11 == 1 else rng.uniform(0.1, 0.9)
        pixels[y:y + rng.randint(4, 20), x:x + rng.randint(4, 24)] = light * (1 + colour * rng.uniform(-0.3, 0.3, 3))
    return pixels.clip(0, 1)


def check_colour():
    """Faded colours come back without a mask, a yellowed gray picture becomes gray; with a mask the
    hole is mended first; what has not faded keeps each value."""
    truth = draw_things(1)
    faded = to_values(to_density(truth) * [0.45, 0.8, 0.7] + [0.02, 0.05, 0.15])
    faded[40:46, 50:56] = 1
    mask = np.zeros((96, 128), "u1")
    mask[39:47, 49:57] = 255
    write_png("in.png", np.round(faded * 65535).astype("u2"))
    Image.fromarray(mask).save("hole.png")
    before = np.abs(faded - truth).mean()
    for arguments in ["--colour", "print"], ["--colour", "slide", "--mask", "hole.png", *QUICK]:
        done = run("restore", "in.png", "out.png", *arguments, "--report", "r.json")
        assert done.returncode == 0, done.stderr
        result = read_png("out.png")[0].astype(float) / 65535
        assert json.load(open("r.json"))["colour"] == arguments[1]
        assert np.abs(result - truth).mean() < 0.6 * before, np.abs(result - truth).mean() / before
    assert abs(result[40:46, 50:56].mean() - 1) > 0.05  # mended, and then restored like the rest

    # What should be gray, by the middle of two things that are.
    truth[10:22, 10:22], truth[70:84, 100:116] = 0.6, 0.3
    write_png("in.png", np.round(to_values(to_density(truth) * [0.95, 0.6, 0.8] + [0.1, 0, 0.1]) * 65535).astype("u2"))
    casts = []
    for arguments in [], ["--colour-gray", "16,16;108,77"]:
        done = run("restore", "in.png", "out.png", "--find", "off", "--colour", "print", *arguments)
        assert done.returncode == 0, done.stderr
        result = read_png("out.png")[0].astype(float) / 65535
        casts.append(max(np.ptp(result[16, 16]), np.ptp(result[77, 108])))
    assert casts[1] < 0.03 and casts[1] < 0.5 * casts[0], casts
    for points, words in ("16;16", "is no point"), ("128,16", "outside the photograph"):
        done = run("restore", "in.png", "no.png", "--find", "off", "--colour", "print", "--colour-gray", points)
        assert done.returncode != 0 and words in done.stderr and not os.path.exists("no.png"), done.stderr

    gray = np.repeat(draw_things(0)[..., :1], 3, -1)
    write_png("in.png", np.round(to_values(0.7 * to_density(gray) + [0.03, 0.1, 0.3]) * 65535).astype("u2"))
    done = run("restore", "in.png", "out.png", "--colour", "gray")
    assert done.returncode == 0, done.stderr
    result = read_png("out.png")[0].astype(float) / 65535
    assert np.ptp(result, axis=-1).max() < 0.002 and np.abs(result - gray).mean() < 0.06
    done = run("restore", "in.png", "keep.png", "--colour", "gray", "--tone", "keep", "--colour-strength", "50")
    assert done.returncode == 0 and np.ptp(read_png("keep.png")[0].astype(float), axis=-1).max() > 6000, done.stderr

    write_png("in.png", np.round(draw_things(1) * 65535).astype("u2"))
    for arguments in ["--colour", "auto"], ["--colour", "print", "--colour-strength", "0"]:
        done = run("restore", "in.png", "out.png", *arguments)
        assert done.returncode == 0, done.stderr
        assert np.array_equal(read_png("out.png")[0], read_png("in.png")[0]), arguments


def check_stains():
    """What can be seen through is kept, but for the rim; the same mask without it loses all."""
    y, x = np.mgrid[:96, :128]
    truth = np.dstack([0.5 + 0.2 * np.sin(x * 0.9 + y * y * 0.02 + c) * np.cos(y * 0.7 + x * x * 0.017) for c in range(3)])
    inside = np.hypot(y - 48, x - 64) < 24
    stained = np.where(inside[..., None], to_values(to_density(truth) + [0.1, 0.2, 0.35]), truth)
    write_png("in.png", np.round(stained * 255).astype("u1"))
    Image.fromarray((np.hypot(y - 48, x - 64) < 25.5).astype("u1") * 255).save("stain.png")
    errors = {}
    for stains in "opaque", "auto", "see-through":
        done = run("restore", "in.png", "out.png", "--mask", "stain.png", "--stains", stains, *QUICK)
        assert done.returncode == 0, done.stderr
        errors[stains] = np.abs(read_png("out.png")[0] / 255.0 - truth)[inside].mean()
    assert errors["auto"] == errors["see-through"] < 0.3 * errors["opaque"], errors


def check_help():
    assert run("--version").stdout.startswith("heirloom 0."), run("--version").stdout
    assert "restore" in run("--help").stdout
    text = run("restore", "--help").stdout
    for option in ("mask method denoise grain mask-grow weights iterations noise-level deblur "
                   "deblur-method seed threads memory-limit report").split():
        assert "--" + option in text, option


def check_table():
    """README.md's table of settings is the program's own."""
    listed = run("settings").stdout
    assert listed.count("\n") > 10 and listed in open(README, encoding="utf-8").read()


def check_refusal(words, *arguments):
    """Says one sentence that holds @words, fails, and leaves what was there."""
    prepare_refusals()
    before = {name: os.lstat(name).st_mtime_ns for name in os.listdir(".")}
    done = run(*arguments)
    assert done.returncode not in (0, None) and done.returncode > 0, done.returncode
    lines = done.stderr.strip().split("\n")
    assert len(lines) == 1 and lines[0].startswith("heirloom: "), done.stderr
    assert words in lines[0], lines[0]
    assert lines[0].endswith("."), lines[0]
    after = {name: os.lstat(name).st_mtime_ns for name in os.listdir(".")}
    assert before == after, "something was written: %s" % (set(after) ^ set(before))


@contextlib.contextmanager
def long_run():
    """A restoration that takes long, once it has begun; it ends with the test."""
    write_png("in.png", np.tile(damaged(drawn(3, 255, "u1"), 255), (4, 4, 1)))
    Image.fromarray(np.tile(MASK, (4, 4))).save("big-mask.png")
    open("out.png", "w").write("what was here before")
    process = subprocess.Popen([HEIRLOOM, "restore", "in.png", "out.png", "--mask", "big-mask.png",
                                "--method", "deep", "--iterations", "20000", "--threads", "1"],
                               stderr=subprocess.PIPE, text=True)
    try:
        # It listens before that file is there.
        while not any(name.startswith(".heirloom") for name in os.listdir(".")):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        yield process
    finally:
        process.kill()


def check_stop():
    with long_run() as process:
        process.send_signal(signal.SIGINT)
        assert "best so far" in process.communicate(timeout=300)[1]
        assert process.returncode == 0
    assert read_png("out.png")[0].shape == (4 * HEIGHT, 4 * WIDTH, 3)


def check_cancel():
    skip_on_windows("there are no signals")
    with long_run() as process:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=300)[1]
    assert process.returncode == 130 and "nothing was written" in said, (process.returncode, said)
    assert open("out.png").read() == "what was here before"
    assert not [name for name in os.listdir(".") if name.startswith(".heirloom")]


def prepare_refusals():
    picture = damaged(drawn(4, 255, "u1"), 255)
    write_png("rgba.png", picture)
    write_png("rgb.png", np.ascontiguousarray(picture[..., :3]))
    write_png("wide.png", np.zeros((HEIGHT, WIDTH + 1, 1), "u1"))
    write_png("black.png", np.zeros((HEIGHT, WIDTH, 1), "u1"))
    write_png("white.png", np.full((HEIGHT, WIDTH, 1), 255, "u1"))
    whole = open("rgb.png", "rb").read()
    open("cut.png", "wb").write(whole[:len(whole) // 2])
    open("text.png", "w").write("this is no picture at all")
    open("empty.png", "w").close()
    Image.fromarray(picture[..., :3]).save("whole.jpg")
    whole = open("whole.jpg", "rb").read()
    open("cut.jpg", "wb").write(whole[:len(whole) * 2 // 3])
    frame = whole.index(b"\xff\xc0")  # its height becomes 0, over which libjpeg ends the program
    open("flat.jpg", "wb").write(whole[:frame + 5] + b"\0\0" + whole[frame + 7:])
    write_tiff("lab.tif", drawn(3, 255, "u1"), photometric=8)
    write_tiff("huge.tif", drawn(3, 255, "u1"), width=1 << 20, height=1 << 20)
    write_tiff("no-pixels.tif", drawn(3, 255, "u1"), width=0)
    for name, samples, changes in ODD_TIFFS:
        write_tiff(name, drawn(samples, 100, "u1"), **changes)
    write_tiff("whole.tif", np.ascontiguousarray(picture[..., :3]))
    whole = open("whole.tif", "rb").read()
    open("cut.tif", "wb").write(whole[:len(whole) // 2])
    os.mkdir("folder.png")


# What would be read wrongly, or beyond its rows.
ODD_TIFFS = [
    ("signed.tif", 3, {"format": [2] * 3}),
    ("odd-bits.tif", 3, {"bits": [12] * 3, "width": 40}),
    ("uint64.tif", 1, {"bits": [64], "width": WIDTH // 8}),
    ("one-sample.tif", 1, {"photometric": 2}),
    ("three-grays.tif", 3, {"photometric": 1}),
    ("rgb-as-rgba.tif", 3, {"extra": [2]}),
    ("two-extras.tif", 3, {"photometric": 1, "extra": [0, 0]}),
    ("wide-palette.tif", 1, {"photometric": 3, "bits": [16], "width": WIDTH // 2,
                             "colours": [i % 65536 for i in range(3 << 16)]}),
]
REFUSALS = [
    ("say what to do",),
    ("--bogus", "--bogus"),
    ("say what to do", "frobnicate"),
    ("--bogus", "restore", "rgb.png", "out.png", "--mask", "mask.png", "--bogus"),
    ("IN OUT", "restore"),
    ("IN OUT", "restore", "rgb.png", "--mask", "mask.png"),
    ("IN OUT", "restore", "rgb.png", "out.png", "third.png", "--mask", "mask.png"),
    ("No damage was found", "restore", "rgba.png", "out.png"),
    ("--mask", "restore", "rgba.png", "out.png", "--find", "off"),
    ("IN MASK", "detect", "rgb.png"),
    ("choose another name", "detect", "rgb.png", "rgb.png"),
    ("stored exactly", "detect", "rgb.png", "mask.jpg"),
    ("--sensitivity", "detect", "rgb.png", "out.png", "--sensitivity", "101"),
    ("--largest", "detect", "rgb.png", "out.png", "--largest", "0"),
    ("weights", "detect", "rgb.png", "out.png", "--weights", "missing.safetensors"),
]
for _words, *_rest in [
    ("“missing.png” cannot be opened", "missing.png", "out.png", "mask.png"),
    ("“missing.png” cannot be opened", "rgb.png", "out.png", "missing.png"),
    ("cannot be opened", "folder.png", "out.png", "mask.png"),
    ("cut short", "cut.png", "out.png", "mask.png"),
    ("cut short", "cut.jpg", "out.jpg", "mask.png"),
    ("is broken", "flat.jpg", "out.jpg", "mask.png"),
    ("cut short", "cut.tif", "out.tif", "mask.png"),
    ("not a PNG, JPEG or TIFF", "text.png", "out.png", "mask.png"),
    ("not a PNG, JPEG or TIFF", "empty.png", "out.png", "mask.png"),
    ("Lab colours", "lab.tif", "out.tif", "mask.png"),
    ("too large", "huge.tif", "out.tif", "mask.png"),
    ("broken or cut short", "no-pixels.tif", "out.tif", "mask.png"),
    *(("TIFF with 8 or 16 bits", name, "out.tif", "mask.png") for name, *_ in ODD_TIFFS),
    ("mask of the picture's size", "rgb.png", "out.png", "wide.png"),
    ("is marked as damaged", "rgb.png", "out.png", "black.png"),
    ("whole picture", "rgb.png", "out.png", "white.png"),
    ("which a JPEG cannot hold", "rgba.png", "out.jpg", "mask.png"),
    ("end in .png", "rgb.png", "out.bmp", "mask.png"),
    ("end in .png", "rgb.png", "out", "mask.png"),
    ("cannot be overwritten", "rgb.png", "folder.png", "mask.png"),
    ("choose another folder", "rgb.png", "missing/out.png", "mask.png"),
]:
    REFUSALS.append((_words, "restore", _rest[0], _rest[1], "--mask", _rest[2]))
for _words, *_rest in [
    ("0 to 20000", "--iterations", "-1"), ("0 to 20000", "--iterations", "20001"),
    ("--iterations", "--iterations", "many"), ("--iterations", "--iterations", "1.5"),
    ("0 to 40", "--noise-level", "40.5"), ("0 to 40", "--noise-level", "-1"),
    ("0 to 40", "--noise-level", "nan"), ("0 to 40", "--noise-level", "2,5"),
    ("0 to 40", "--noise-level", ""), ("not a blur", "--deblur", "disk"),
    ("0.1 and 80", "--deblur", "motion:81:0"), ("wiener, tv, prior", "--deblur-method", "best"),
    ("small light spot", "--deblur", "black.png"), ("missing.png", "--deblur", "missing.png"),
    ("not a blur", "--deblur", "gaussian:"), ("0.1 and 80", "--deblur", "gaussian:81"),
    ("not a blur", "--deblur", "gaussian:1px"), ("--seed", "--seed", "-1"),
    ("--method", "--method", "best"), ("0 to 100", "--grain", "101"), ("0 to 100", "--grain", "x"),
    ("0 to 50", "--mask-grow", "51"), ("0 to 50", "--mask-grow", "-1"),
    ("another weights file", "--weights", "missing.safetensors"),
    ("another weights file", "--weights", "mask.png"),
    ("0 to 2147483647", "--seed", "2147483648"), ("--threads", "--threads", "65"),
    ("--memory-limit", "--memory-limit", "-1"), ("--memory-limit", "--memory-limit", "2e3"),
    ("may be used", "--memory-limit", "1", "--method", "deep"),
]:
    REFUSALS.append((_words, "restore", "rgb.png", "out.png", "--mask", "mask.png", *_rest))


def tests():
    for bits in 8, 16:
        for channels in 1, 2, 3, 4:
            yield "png-%d-bit-%d-channels" % (bits, channels), check_png, channels, bits
    for dtype in "u1", "u2", "f4":
        for channels in 1, 3, 4:
            yield "tiff-%s-%d-channels" % (dtype, channels), check_tiff, channels, dtype
    for dtype in "u4", "f2", "f8":
        yield "tiff-" + dtype, check_tiff, 3, dtype
    yield "tiff-planes", check_tiff, 4, "u2", 2
    yield "tiff-tiles", check_tiff_tiles
    for mode, compression in ("1", "group4"), ("P", "tiff_lzw"), ("RGB", "jpeg"):
        yield "tiff-%s-%s" % (mode, compression), check_converted_tiff, mode, compression
    yield "jpeg-gray", check_jpeg, "L"
    yield "jpeg-rgb", check_jpeg, "RGB"
    yield "mask-jpeg", check_jpeg_mask
    yield "mask-rgba", check_colour_mask
    for kind in "png", "tif", "jpg":
        yield "profile-rgb-" + kind, check_profile, 3, kind
        yield "profile-gray-" + kind, check_profile, 1, kind
    yield "resolution", check_resolution
    yield "conversion", check_conversion
    yield "in-place", check_in_place
    yield "same-seed", check_same_seed
    yield "report", check_report
    yield "memory-limit", check_memory_limit
    yield "denoise", check_denoise
    yield "methods", check_methods
    yield "tight-mask", check_tight_mask
    yield "grain", check_grain
    yield "detect", check_detect
    yield "detect ended", check_detect_ended
    yield "detect within", check_detect_within
    yield "deblur", check_deblur
    yield "a blur that nobody named", check_blurred
    yield "colour", check_colour
    yield "stains", check_stains
    yield "help", check_help
    yield "table", check_table
    yield "stop-keeps-the-best", check_stop
    yield "terminate", check_cancel
    for words, *arguments in REFUSALS:
        yield "refuses " + " ".join(arguments), check_refusal, words, *arguments


def write_mask():
    Image.fromarray(MASK).save("mask.png")


sys.exit(run_cases(list(tests()), sys.argv[2] if len(sys.argv) > 2 else None, write_mask))
