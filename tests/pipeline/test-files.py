#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as people have them, through the command-line program: nothing is refused that others open,
and nothing is lost that was there.

    test-files.py PATH/TO/heirloom

Prints TAP.
"""
import io
import os
import struct
import subprocess
import sys
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps, TiffImagePlugin

from cases import ON_WINDOWS, run_cases, skip_on_windows
from pictures import cmyk_profile, profile, read_tiff, write_png, write_tiff

HEIRLOOM = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH, HEIGHT = 72, 56
QUICK = ["--method", "prior", "--grain", "0", "--threads", "1"]
BARE = "built without libwebp and Little CMS"
PLACES = {273, 279, 324, 325}  # tags that say where the pixels are, and no more


def run(*arguments):
    return subprocess.run([HEIRLOOM, *arguments], capture_output=True, timeout=600)


def restore(source, target, *arguments, mask="mask.png"):
    done = run("restore", *arguments, *(["--mask", mask] if mask else []), *QUICK, "--", source, target)
    assert done.returncode == 0, done.stderr.decode()
    assert not [name for name in os.listdir(".") if name.startswith(".heirloom")]
    return done


def refused(words, *arguments):
    done = run("restore", *arguments, *QUICK)
    said = done.stderr.decode()
    assert done.returncode == 1 and words in said and said.count("\n") == 1, (done.returncode, said)
    assert not [name for name in os.listdir(".") if name.startswith(".heirloom")]


def drawn(channels=3, white=255, dtype="u1", height=HEIGHT, width=WIDTH):
    """No two places alike."""
    y, x = np.mgrid[:height, :width]
    planes = [0.25 + 0.1 * c + 0.003 * x + 0.002 * y + 0.05 * np.sin((x + 2 * y) * 0.2 + c) for c in range(channels)]
    return (np.dstack(planes).clip(0, 1) * white).astype(dtype)


MASK = np.zeros((HEIGHT, WIDTH), bool)
MASK[12:18, 40:48] = True


def damaged(pixels=None, white=255, mask=MASK):
    pixels = (drawn() if pixels is None else pixels).copy()
    pixels[mask, :3] = white
    return pixels


def check_mended(before, after, mask=MASK, colours=3):
    assert before.shape == after.shape and before.dtype == after.dtype, (before.shape, after.shape, before.dtype, after.dtype)
    same = (before == after) | ((before != before) & (after != after))
    assert same[~mask].all(), "a pixel outside has changed"
    assert same[..., colours:].all(), "another channel has changed"
    assert not same[mask][:, :colours].all(1).any(), "the hole is as it was"


def chunks(path):
    data, at, found = open(path, "rb").read(), 8, []
    while at < len(data):
        size, = struct.unpack(">I", data[at:at + 4])
        found.append(data[at + 4:at + 8 + size])
        at += 12 + size
    return [chunk for chunk in found if chunk[:4] not in (b"IHDR", b"IDAT", b"IEND", b"PLTE", b"tRNS")]


def check_png_chunks():
    """Dates, texts, profiles and private chunks, right or wrong, come back byte by byte."""
    said = [(b"iCCP", b"mine\0\0" + zlib.compress(b"no profile at all" * 20)),
            (b"tEXt", b"Creation Time\0Tue, 15 Nov 1994 12:45:26 GMT"), (b"tIME", bytes([0, 0, 13, 40, 99, 0, 0])),
            (b"iTXt", b"Title\0\0\0de\0Titel\0" + "Großmutter, Köln".encode()),
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x/>"), (b"zTXt", b"Comment\0\0" + zlib.compress(b"in the attic")),
            (b"eXIf", b"II*\0\x08\0\0\0\0\0\0\0\0\0"), (b"prVt", b"private")]
    write_png("in.png", damaged(), said)
    data = open("in.png", "rb").read()
    late = b"laTe" + b"behind the pixels"
    open("in.png", "wb").write(data[:-12] + struct.pack(">I", len(late) - 4) + late
                               + struct.pack(">I", zlib.crc32(late)) + data[-12:])
    restore("in.png", "out.png")
    assert chunks("out.png") == chunks("in.png"), (chunks("in.png"), chunks("out.png"))
    assert len(chunks("in.png")) == 9
    check_mended(damaged(), np.asarray(Image.open("out.png")))


def check_png_nothing_invented():
    write_png("in.png", damaged())
    restore("in.png", "out.png")
    assert chunks("out.png") == []


def check_png_without_end():
    write_png("in.png", damaged())
    data = open("in.png", "rb").read()
    open("in.png", "wb").write(data[:-12])
    restore("in.png", "out.png")
    check_mended(damaged(), np.asarray(Image.open("out.png")))


def check_png_many_chunks():
    write_png("in.png", damaged(), [(b"tEXt", b"Comment\0" + b"a" * 9000000)]
              + [(b"tEXt", b"Number\0%d" % i) for i in range(1100)])
    restore("in.png", "out.png")
    assert chunks("out.png") == chunks("in.png"), len(chunks("out.png"))


def check_png_ends_behind_pixels():
    """Nothing is missing but the checksum of the chunk, or all or part of that of the compressed data."""
    write_png("in.png", damaged())
    data = open("in.png", "rb").read()
    for missing in range(16, 21):
        open("in.png", "wb").write(data[:-missing])
        restore("in.png", "out.png")
        check_mended(damaged(), np.asarray(Image.open("out.png")))
    open("in.png", "wb").write(data[:-60])
    refused("cut short", "in.png", "out.png", "--mask", "mask.png")


def check_exif_long():
    """Some program writes the orientation as a LONG, with the most significant byte first."""
    exif = b"MM\0*" + struct.pack(">IHHHIII", 8, 1, 274, 4, 1, 6, 0)
    write_png("in.png", np.rot90(damaged()).copy(), [(b"eXIf", exif)])
    restore("in.png", "out.png")
    check_mended(damaged(), np.rot90(np.asarray(Image.open("out.png")), -1))


def check_png_palette():
    picture = Image.fromarray(damaged()).quantize(32)
    picture.save("in.png", transparency=3)
    before = np.asarray(Image.open("in.png").convert("RGBA"))
    restore("in.png", "out.png")
    after = np.asarray(Image.open("out.png").convert("RGBA"))
    assert (before == after)[~MASK].all() and (before != after).any(2)[MASK].mean() > 0.8


def tags_of(picture):
    return {tag: value for tag, value in picture.tag_v2.items() if tag not in PLACES}


def check_tiff_fields(compression):
    """Odd dates, a broken profile, names, resolution: every tag stays, however it is compressed."""
    info = TiffImagePlugin.ImageFileDirectory_v2()
    for tag, text in ((270, "In Köln"), (271, "Epson"), (272, "V850"), (305, "SilverFast"), (306, "0000:00:00 00:00:00"),
                      (315, "Großmutter"), (316, "attic"), (33432, "nobody")):
        info[tag] = text
    info[34675], info.tagtype[34675] = b"no profile", 7
    info[700], info.tagtype[700] = b"<x:xmpmeta/>", 1
    info[33723], info.tagtype[33723] = b"\x1c\x02\x00\x00\x02\x00\x04", 7
    info[50000], info.tagtype[50000] = b"private", 7
    Image.fromarray(damaged()).save("in.tif", tiffinfo=info, compression=compression, dpi=(1200, 600))
    restore("in.tif", "out.tif")
    before, after = Image.open("in.tif"), Image.open("out.tif")
    assert tags_of(before) == tags_of(after), (tags_of(before), tags_of(after))
    check_mended(np.asarray(before), np.asarray(after))


def check_no_resolution(kind):
    """None comes in, none goes out, in other formats too."""
    write_png("in.png", damaged())
    restore("in.png", "out." + kind)
    assert "dpi" not in Image.open("out." + kind).info or kind == "tif"
    if kind == "tif":
        assert not {282, 283} & set(Image.open("out.tif").tag_v2)


def check_conversion(source, target):
    """Profile, resolution and EXIF go along into another format, upright."""
    if "webp" in (source, target):
        skip_on_windows(BARE)
    icc, exif = profile(gray=False), Image.Exif()
    exif[0x10f], exif[0x112] = "Epson", 6 if source == "jpg" else 1
    stored = damaged().transpose(1, 0, 2)[::-1] if source == "jpg" else damaged()
    Image.fromarray(stored).save("in." + source, icc_profile=icc, dpi=(300, 300), exif=exif, quality=97)
    restore("in." + source, "out." + target)
    after = Image.open("out." + target)
    assert after.size == (WIDTH, HEIGHT), after.size
    assert after.info.get("icc_profile") == icc, after.info
    assert "webp" in (source, target) or abs(after.info["dpi"][0] - 300) < 1, after.info
    if target != "tif":
        assert after.getexif()[0x10f] == "Epson" and after.getexif()[0x112] == 1


def check_pages(where):
    """All other pages come through, in place as well."""
    pages = [Image.fromarray(damaged())] + [Image.fromarray(drawn()[::step, ::-1]) for step in (1, 2)]
    pages[0].save("in.tif", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    before = [np.asarray(page.copy()) for page in Pages("in.tif")]
    restore("in.tif", where)
    after = [np.asarray(page.copy()) for page in Pages(where)]
    assert len(after) == 3
    check_mended(before[0], after[0])
    assert (before[1] == after[1]).all() and (before[2] == after[2]).all()


def Pages(path):
    picture = Image.open(path)
    for number in range(picture.n_frames):
        picture.seek(number)
        yield picture


def check_preview():
    """A small preview that comes first isn't taken for the photograph."""
    small = TiffImagePlugin.ImageFileDirectory_v2()
    small[254] = 1
    file = TiffImagePlugin.AppendingTiffWriter("in.tif", True)
    Image.fromarray(drawn()[::4, ::4]).save(file, format="TIFF", tiffinfo=small)
    file.newFrame()
    Image.fromarray(damaged()).save(file, format="TIFF")
    file.close()
    restore("in.tif", "out.tif")
    before, after = ([np.asarray(page.copy()) for page in Pages(name)] for name in ("in.tif", "out.tif"))
    assert (before[0] == after[0]).all()
    check_mended(before[1], after[1])


def check_unmarked_preview():
    """Nor is a small one that does not say what it is; a smaller page behind is another matter."""
    pages = [Image.fromarray(damaged()), Image.fromarray(drawn()[::2, ::2])]
    for place in 0, 1:
        order = pages[::-1] if place else pages
        order[0].save("in.tif", save_all=True, append_images=order[1:])
        restore("in.tif", "out.tif")
        before, after = ([np.asarray(page.copy()) for page in Pages(name)] for name in ("in.tif", "out.tif"))
        check_mended(before[place], after[place])
        assert (before[1 - place] == after[1 - place]).all()


def check_ycbcr():
    """Kept as luminance and two colours, it comes back in RGB, as viewers show it."""
    values = np.asarray(Image.fromarray(damaged()).convert("YCbCr"))
    write_tiff("in.tif", values, photometric=6, subsampling=[1, 1])
    restore("in.tif", "out.tif")
    after, tags = read_tiff("out.tif")
    far = abs(after.astype(int) - damaged()).max(2)
    assert tags[262] == (2,) and far[~MASK].max() <= 3 and (far[MASK] > 20).all(), far[~MASK].max()


def check_untold_colours():
    write_tiff("in.tif", damaged(), photometric=None)
    restore("in.tif", "out.tif")
    check_mended(damaged(), read_tiff("out.tif")[0])


def check_lossy_tiff():
    """What is compressed again loses nothing."""
    skip_on_windows(BARE)
    Image.fromarray(damaged()).save("in.tif", compression="webp")
    restore("in.tif", "out.tif")
    check_mended(np.asarray(Image.open("in.tif")), np.asarray(Image.open("out.tif")))
    assert Image.open("out.tif").info["compression"] == "webp"


def check_palette_pages():
    pages = [Image.fromarray(damaged()).quantize(16)] * 3
    pages[0].save("in.tif", save_all=True, append_images=pages[1:])
    refused("holds 3 pictures", "in.tif", "out.tif", "--mask", "mask.png")


def check_raw():
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[50706], info.tagtype[50706] = bytes([1, 4, 0, 0]), 1
    Image.fromarray(damaged()).save("in.tif", tiffinfo=info)
    os.link("in.tif", "in.nef")
    for name in ("in.tif", "in.nef"):
        refused("raw file", name, "out.tif", "--mask", "mask.png")


def with_infrared(looks_like_it=False):
    """Four channels of 16 bits; the fourth is even but for the dust."""
    pixels = np.dstack([damaged(drawn(3, 65535, "u2"), 65535), np.full((HEIGHT, WIDTH), 50000, "u2")])
    noise = np.random.RandomState(1).randint(-300, 300, (HEIGHT, WIDTH))
    pixels[..., 3] += noise.astype("i4").astype("u2")
    pixels[MASK, 3] = 9000
    if looks_like_it:
        pixels[..., 3] = pixels[..., :3].mean(2)
    return pixels


def check_other_formats():
    """What is read by others is told by its name, with what to do."""
    for name, data in (("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0"),
                       ("a.avif", b"\0\0\0\x1cftypavif\0\0\0\0"), ("a.psd", b"8BPS\0\1")):
        open(name, "wb").write(data)
        refused("export it as PNG or TIFF", name, "out.png")


def check_png_exif_behind_pixels():
    """The orientation counts, wherever it stands."""
    exif = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 274, 3, 1, 6, 0, 0)
    write_png("in.png", np.ascontiguousarray(np.rot90(damaged())))
    data, chunk = open("in.png", "rb").read(), b"eXIf" + exif
    open("in.png", "wb").write(data[:-12] + struct.pack(">I", len(exif)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[-12:])
    restore("in.png", "out.png")
    assert chunks("out.png") == [chunk]
    check_mended(damaged(), np.rot90(np.asarray(Image.open("out.png")), -1))


def check_read_by_others(name, **how):
    """What ImageMagick reads is restored, pixels outside bit by bit, and written as another format."""
    skip_on_windows("no ImageMagick there")
    picture = Image.fromarray(damaged())
    picture = picture.quantize(200).convert("RGB") if name == "in.gif" else picture.convert(how.pop("mode", "RGB"))
    picture.save(name, **how)
    restore(name, "out.png")
    before, after = np.asarray(picture), np.asarray(Image.open("out.png"))
    check_mended(np.atleast_3d(before), np.atleast_3d(after), colours=3 if before.ndim > 2 else 1)


def check_read_by_others_profile():
    """A profile of RGB stays, also where no pixel has a colour; 16 bits stay 16."""
    skip_on_windows("no ImageMagick there")
    gray = np.repeat(drawn(1, 65535, "u2"), 3, 2)
    rgb = profile(False)
    write_png("gray.png", damaged(gray, 65535))
    subprocess.run(["magick", "gray.png", "-profile", "icc:-", "in.psd"], input=rgb, check=True)
    restore("in.psd", "out.tif")
    after, tags = read_tiff("out.tif")
    assert bytes(tags[34675]) == rgb and tags[258] == (16, 16, 16), tags
    check_mended(damaged(gray, 65535), after)


def check_read_by_others_refusals():
    skip_on_windows("no ImageMagick there")
    picture = Image.fromarray(damaged())
    picture.save("moving.gif", save_all=True, append_images=[Image.fromarray(drawn())])
    refused("moves", "moving.gif", "out.png", "--mask", "mask.png")
    picture.save("cut.bmp")
    open("cut.bmp", "r+b").truncate(9000)
    refused("and broken", "cut.bmp", "out.png", "--mask", "mask.png")
    path, os.environ["PATH"] = os.environ["PATH"], os.getcwd()
    picture.save("in.bmp")
    refused("install ImageMagick", "in.bmp", "out.png", "--mask", "mask.png")
    os.environ["PATH"] = path


def check_infrared_channel():
    """A channel of no stated kind is no transparency; it stays, and says where dust is."""
    pixels = with_infrared()
    write_tiff("in.tif", pixels, extra=[0])
    restore("in.tif", "out.tif")
    after, tags = read_tiff("out.tif")
    assert tags[338] == (0,)
    check_mended(pixels, after)
    restore("in.tif", "out.tif", "--find", "off", "--infrared", "auto", mask=None)
    after, _ = read_tiff("out.tif")
    changed = (pixels != after).any(2)
    assert changed[MASK].all() and changed.sum() < 2 * MASK.sum(), changed.sum()
    refused("marked as damaged", "in.tif", "out.tif", "--find", "off", "--infrared", "off")


def check_infrared_of_silver():
    pixels = with_infrared(True)
    write_tiff("in.tif", pixels, extra=[0])
    refused("marked as damaged", "in.tif", "out.tif", "--find", "off", "--infrared", "auto")
    write_png("light.png", (pixels[..., 3:] >> 8).astype("u1"))
    refused("looks like the photograph", "in.tif", "out.tif", "--infrared", "light.png")


def check_turned_infrared():
    """The page of infrared light is turned as the photograph is, even if it does not say so."""
    colour, light = with_infrared()[..., :3] >> 8, with_infrared()[..., 3] >> 8
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[274] = 6
    file = TiffImagePlugin.AppendingTiffWriter("in.tif", True)
    Image.fromarray(np.rot90(colour).astype("u1")).save(file, format="TIFF", tiffinfo=info)
    file.newFrame()
    Image.fromarray(np.rot90(light).astype("u1")).save(file, format="TIFF")
    file.close()
    restore("in.tif", "out.png", "--find", "off", "--infrared", "auto", mask=None)
    changed = (np.asarray(Image.open("out.png")) != colour).any(2)
    assert changed[MASK].all() and changed.sum() < 2 * MASK.sum(), changed.sum()


def check_infrared_elsewhere():
    """As a second page, as a file beside, as a file that is named."""
    colour, light = with_infrared()[..., :3] >> 8, with_infrared()[..., 3]
    pages = [Image.fromarray(colour.astype("u1")), Image.fromarray((light >> 8).astype("u1"))]
    pages[0].save("page.tif", save_all=True, append_images=pages[1:])
    write_png("scan.png", colour.astype("u1"))
    pages[1].save("scan_IR.tif")
    for name in "film.png", "other.png":
        write_png(name, colour.astype("u1"))
    pages[1].save("film_IR.png")
    for name, arguments in (("page.tif", ["auto"]), ("scan.png", ["auto"]), ("film.png", ["auto"]),
                            ("other.png", ["scan_IR.tif"])):
        restore(name, "out.png", "--find", "off", "--infrared", *arguments, mask=None)
        changed = (np.asarray(Image.open("out.png")) != colour).any(2)
        assert changed[MASK].all() and changed.sum() < 2 * MASK.sum(), (name, changed.sum())
    refused("--mask", "other.png", "out.png", "--find", "off")


TURNS = [None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM,
         Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_90, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_270]


def check_orientation(kind, orientation):
    """The mask fits what viewers show, the file says the same of its orientation as before."""
    if kind == "webp":
        skip_on_windows(BARE)
    upright = Image.fromarray(damaged())
    stored = upright = upright.quantize(64) if kind == "palette.tif" else upright
    if TURNS[orientation - 1] is not None:
        stored = stored.transpose(TURNS[orientation - 1])
    exif = Image.Exif()
    exif[0x112] = orientation
    if kind == "jpg":
        stored.save("in.jpg", exif=exif, quality=98, subsampling=0)
    elif kind in ("png", "webp"):
        stored.save("in." + kind, exif=exif, lossless=True)
    else:
        info = TiffImagePlugin.ImageFileDirectory_v2()
        info[274] = orientation
        stored.save("in." + kind, tiffinfo=info)
    restore("in." + kind, "out." + kind)
    after = np.asarray(ImageOps.exif_transpose(Image.open("out." + kind)).convert("RGB")).astype(int)
    before = np.asarray((ImageOps.exif_transpose(Image.open("in.jpg")) if kind == "jpg" else upright).convert("RGB"))
    assert after.shape == (HEIGHT, WIDTH, 3), after.shape
    changed = abs(before - after).max(2)
    assert (changed[MASK] > 20).mean() > 0.9, "the wrong place was mended"
    far = np.ones_like(MASK)
    far[4:26, 32:56] = False
    assert (changed[far] == 0).all(), changed[far].max()


def check_turned_mask():
    """A mask that fits only the picture as it is stored is refused."""
    exif = Image.Exif()
    exif[0x112] = 6
    Image.fromarray(damaged()).save("in.jpg", exif=exif)
    refused("as it is shown", "in.jpg", "out.jpg", "--mask", "mask.png")


def check_mask(name):
    marks = np.where(MASK, 255, 0).astype("u1")
    none = np.zeros_like(marks)
    path = "marks.png"
    if name == "red":
        Image.fromarray(np.dstack([marks, none, none])).save(path)
    elif name == "zero and one":
        Image.fromarray(MASK.astype("u1")).save(path)
    elif name == "black on a transparent ground":
        Image.fromarray(np.dstack([none, none, none, marks])).save(path)
    elif name == "palette":
        Image.fromarray(np.dstack([marks, none, none])).quantize(2).save(path)
    elif name == "1 bit":
        path = "marks.tif"
        Image.fromarray(marks).convert("1").save(path, compression="group4")
    elif name == "0 is white":
        path = "marks.tif"
        write_tiff(path, 255 - marks[..., None], photometric=0)
    write_png("in.png", damaged())
    restore("in.png", "out.png", mask=path)
    check_mended(damaged(), np.asarray(Image.open("out.png")))


def check_inverted_mask():
    Image.fromarray(np.where(MASK, 0, 255).astype("u1")).save("inverted.png")
    write_png("in.png", damaged())
    refused("Is the mask inverted?", "in.png", "out.png", "--mask", "inverted.png")


def segments(path):
    """Those before the pixels that say something of the picture."""
    data, at, found = open(path, "rb").read(), 2, []
    while data[at + 1] != 0xda:
        if data[at] != 0xff or data[at + 1] == 0xff:
            at += 1
            continue
        size, = struct.unpack(">H", data[at + 2:at + 4])
        if data[at + 1] == 0xfe or 0xe0 <= data[at + 1] <= 0xef:
            found.append(data[at + 1:at + 2 + size])
        at += 2 + size
    return found


def make_jpeg(**how):
    exif = Image.Exif()
    exif[0x10f] = "Epson"
    Image.fromarray(damaged()).save("in.jpg", **({"quality": 83, "exif": exif, "dpi": (600, 600), "comment": b"Gro\xdfmutter",
                                                   "icc_profile": b"broken"} | how))


def check_jpeg(**how):
    """What is not mended is not compressed again: blocks, tables, sampling and segments stay."""
    make_jpeg(**how)
    restore("in.jpg", "out.jpg")
    before, after = Image.open("in.jpg"), Image.open("out.jpg")
    assert segments("in.jpg") == segments("out.jpg"), (segments("in.jpg"), segments("out.jpg"))
    assert before.quantization == after.quantization and before.layer == after.layer
    assert before.info.get("progressive") == after.info.get("progressive")
    changed = abs(np.asarray(before).astype(int) - np.asarray(after)).max(2)
    assert (changed[MASK] > 20).mean() > 0.9
    near = np.zeros_like(MASK)
    near[0:32 + 2, 32 - 2:48 + 2] = True  # the blocks of 16 pixels, and a pixel for smooth colours
    assert (changed[~near] == 0).all(), changed[~near].max()
    return changed[near & ~MASK].max()


def check_jpeg_loss():
    """In the blocks that are mended what is sound loses little."""
    loss = check_jpeg(quality=95, subsampling=0)
    assert loss < 40, loss


def check_jpeg_junk():
    make_jpeg()
    data = open("in.jpg", "rb").read()
    at = data.index(b"\xff\xdb")
    open("in.jpg", "wb").write(data[:at] + b"junk\0junk" + data[at:])
    restore("in.jpg", "out.jpg")
    Image.open("out.jpg").load()


def check_jpeg_without_end():
    make_jpeg()
    whole = np.asarray(Image.open("in.jpg"))
    data = open("in.jpg", "rb").read()
    open("in.jpg", "wb").write(data[:-2])
    restore("in.jpg", "out.jpg")
    assert (np.asarray(Image.open("out.jpg"))[40:] == whole[40:]).all()


def check_jpeg_arithmetic():
    """In arithmetic coding, which Pillow does not write, nothing says where data are missing."""
    data = open(os.path.join(HERE, "arithmetic.jpg"), "rb").read()
    for name, part in ("whole.jpg", data), ("no-end.jpg", data[:-2]):
        open(name, "wb").write(part)
        restore(name, "out.png")
    open("cut.jpg", "wb").write(data[:len(data) * 2 // 3])
    refused("end at row", "cut.jpg", "out.jpg", "--mask", "mask.png")


def check_jpeg_refusals():
    make_jpeg()
    data = open("in.jpg", "rb").read()
    open("cut.jpg", "wb").write(data[:-300])
    refused("end at row", "cut.jpg", "out.jpg", "--mask", "mask.png")
    make_jpeg(progressive=True)
    data = open("in.jpg", "rb").read()
    open("cut.jpg", "wb").write(data[:len(data) * 3 // 4])
    refused("cut short", "cut.jpg", "out.jpg", "--mask", "mask.png")
    make_jpeg()
    data = open("in.jpg", "rb").read()
    frame = data.index(b"\xff\xc0")
    open("deep.jpg", "wb").write(data[:frame + 4] + bytes([12]) + data[frame + 5:])
    refused("12 bits", "deep.jpg", "out.jpg", "--mask", "mask.png")


def webp_chunks(path):
    data, at, found = open(path, "rb").read(), 12, []
    while at < len(data):
        size, = struct.unpack("<I", data[at + 4:at + 8])
        found.append((data[at:at + 4], data[at + 8:at + 8 + size]))
        at += 8 + size + size % 2
    return [chunk for chunk in found if chunk[0] not in (b"VP8 ", b"VP8L", b"ALPH")]


def check_webp(lossless, channels):
    """The pixels outside and the chunks stay, whatever the old file's compression was."""
    skip_on_windows(BARE)
    alpha = drawn(1)
    alpha[30:] = 0
    pixels = np.dstack([damaged(), alpha])[..., :channels]
    exif = Image.Exif()
    exif[0x10f] = "Epson"
    Image.fromarray(pixels).save("in.webp", lossless=lossless, exact=True, quality=90, exif=exif, icc_profile=b"broken",
                                 xmp=b"<x/>")
    data = open("in.webp", "rb").read()
    data += b"prVt" + struct.pack("<I", 8) + b"private!"
    open("in.webp", "wb").write(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
    restore("in.webp", "out.webp")
    assert webp_chunks("in.webp") == webp_chunks("out.webp") and len(webp_chunks("in.webp")) == 5
    check_mended(*(np.asarray(Image.open(name)) for name in ("in.webp", "out.webp")))
    restore("in.webp", "small.webp", "--quality", "30")
    assert os.path.getsize("small.webp") < os.path.getsize("out.webp")


def check_webp_refusals():
    skip_on_windows(BARE)
    picture = Image.fromarray(damaged())
    picture.save("moving.webp", save_all=True, append_images=[Image.fromarray(drawn())])
    refused("moves", "moving.webp", "out.webp", "--mask", "mask.png")
    picture.save("in.webp")
    data = open("in.webp", "rb").read()
    open("cut.webp", "wb").write(data[:len(data) // 2])
    refused("cut short", "cut.webp", "out.webp", "--mask", "mask.png")
    Image.fromarray(drawn(height=1, width=17000)).save("in.png")
    Image.fromarray((drawn(1, height=1, width=17000) > 150)[..., 0]).save("mask.png")
    refused("16383 pixels", "in.png", "out.webp", "--mask", "mask.png")


def check_cmyk(kind, with_profile):
    """Restored in RGB, as its profile says; what people wrote stays, the profile goes."""
    skip_on_windows(BARE)
    inks = np.dstack([255 - drawn(), drawn(1, 120)])
    inks[MASK] = 0
    icc = cmyk_profile() if with_profile else None
    exif = Image.Exif()
    exif[0x10f] = "Epson"
    options = {"quality": 95, "exif": exif, "comment": b"attic"} if kind == "jpg" else {"tiffinfo": {315: "Epson"}}
    Image.fromarray(inks, "CMYK").save("in." + kind, icc_profile=icc, dpi=(600, 600), **options)
    picture = Image.open("in." + kind)
    stored = np.asarray(picture).astype(float)
    if with_profile:
        wanted = np.asarray(ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile("sRGB"),
            ImageCms.Intent.RELATIVE_COLORIMETRIC, "RGB", flags=ImageCms.Flags.BLACKPOINTCOMPENSATION)).astype(float)
    else:
        wanted = (255 - stored[..., :3]) * (255 - stored[..., 3:]) / 255
    for name in "out.png", "out." + kind:
        assert "CMYK" in restore("in." + kind, name).stderr.decode()
        after = Image.open(name)
        assert after.mode == "RGB" and "icc_profile" not in after.info and abs(after.info["dpi"][0] - 600) < 1
        far = abs(np.asarray(after) - wanted).max(2)
        assert far[~MASK].max() < (30 if name == "out.jpg" else 2), far[~MASK].max()
        assert far[MASK].min() > 20, "the hole is as it was"
    if kind == "jpg":
        assert after.getexif()[0x10f] == "Epson" and after.info["comment"] == b"attic"
    else:
        assert after.tag_v2[315] == "Epson"


def check_cmyk_depth():
    skip_on_windows(BARE)
    inks = np.dstack([drawn(3, 65535, "u2"), drawn(1, 30000, "u2")])
    inks[MASK] = 0
    write_tiff("in.tif", inks, photometric=5, extra=None)
    restore("in.tif", "out.tif")
    after, tags = read_tiff("out.tif")
    wanted = (65535.0 - inks[..., :3]) * (65535.0 - inks[..., 3:]) / 65535
    assert tags[262] == (2,) and abs(after - wanted)[~MASK].max() < 1


def check_quality():
    make_jpeg(quality=95)
    restore("in.jpg", "small.jpg", "--quality", "40")
    restore("in.jpg", "large.jpg", "--quality", "98")
    assert os.path.getsize("small.jpg") < 0.7 * os.path.getsize("large.jpg")
    assert segments("in.jpg") == segments("small.jpg")
    refused("--quality", "in.jpg", "out.jpg", "--mask", "mask.png", "--quality", "101")


def check_transparency():
    """A hole that was transparent can be seen once it is mended; alpha that hides nothing is none."""
    before = np.dstack([damaged(), np.where(MASK, 0, 255).astype("u1")])
    write_png("in.png", before)
    restore("in.png", "out.png")
    after = np.asarray(Image.open("out.png"))
    assert (after[MASK][:, 3] == 255).all() and (after == before)[~MASK].all()
    write_png("in.png", np.dstack([damaged(), np.full((HEIGHT, WIDTH), 255, "u1")]))
    restore("in.png", "out.jpg")
    assert Image.open("out.jpg").mode == "RGB"


def check_names():
    for name in (b"-dash.png", b"a name.png", "Gro\u00dfmutter.png".encode(), b"not utf-8 \xff.png"):
        if ON_WINDOWS and b"\xff" in name:
            continue  # its names are UTF-16
        write_png(os.fsdecode(name), damaged())
        restore(name, b"new " + name)
        check_mended(damaged(), np.asarray(Image.open(io.BytesIO(open(b"new " + name, "rb").read()))))


def check_outputs():
    write_png("in.png", damaged())
    os.mkdir("folder.png")
    if not ON_WINDOWS:  # whose pipes are not among the files
        os.mkfifo("pipe.png")
    for name in ("folder.png",) if ON_WINDOWS else ("folder.png", "pipe.png"):
        refused("cannot be overwritten", "in.png", name, "--mask", "mask.png")


def random_pixels(channels, dtype, seed):
    """Any values at all, of floats such as are finite."""
    random = np.random.RandomState(seed)
    if dtype[0] == "f":
        pixels = random.normal(0.5, 0.3, (HEIGHT, WIDTH, channels)).astype(dtype)
    else:
        pixels = random.randint(0, 256 ** int(dtype[1]), (HEIGHT, WIDTH, channels)).astype(dtype)
    if channels in (2, 4):  # transparent holes have a test of their own
        pixels[..., -1] = np.maximum(pixels[..., -1], 1)
    return pixels


def check_matrix(channels, dtype, layout):
    """Outside the mask every bit stays, in each depth, number of channels and layout."""
    pixels = random_pixels(channels, dtype, channels)
    colours = 1 if channels < 3 else 3
    changes = {"planar": 2} if layout == "planes" else {"photometric": 0} if layout == "white is 0" else {}
    if layout == "tiles":
        tiles = np.pad(pixels, ((0, 8), (0, 24), (0, 0)), mode="edge").reshape(4, 16, 3, 32, channels)
        write_tiff("in.tif", tiles.transpose(0, 2, 1, 3, 4).reshape(-1, 32, channels), width=WIDTH, height=HEIGHT,
                   rows=None, tiles=(32, 16))
    else:
        write_tiff("in.tif", pixels, **changes)
    restore("in.tif", "out.tif", "--method", "untrained", "--iterations", "0")
    after, tags = read_tiff("out.tif")
    assert {key: value for key, value in read_tiff("in.tif")[1].items() if key not in PLACES} \
        == {key: value for key, value in tags.items() if key not in PLACES}
    same = (after == pixels).reshape(HEIGHT, WIDTH, -1)
    assert same[~MASK].all() and same[..., colours:].all() and not same[MASK].all()


def check_big(order):
    """BigTIFF, in either byte order, stays one."""
    pixels = damaged(drawn(3, 65535, "u2"), 65535)
    sign, data = {"little": ("<", b"II"), "big": (">", b"MM")}[order]
    raw = pixels.astype(sign + "u2").tobytes()
    tags = [(256, 4, 1, WIDTH), (257, 4, 1, HEIGHT), (258, 3, 3, (16, 16, 16)), (259, 3, 1, 1), (262, 3, 1, 2),
            (273, 16, 1, 16), (277, 3, 1, 3), (278, 4, 1, HEIGHT), (279, 16, 1, len(raw))]
    directory = struct.pack(sign + "Q", len(tags))
    for tag, kind, n, value in tags:
        packed = struct.pack(sign + {3: "H", 4: "I", 16: "Q"}[kind] * n, *(value if n > 1 else [value]))
        directory += struct.pack(sign + "HHQ", tag, kind, n) + packed.ljust(8, b"\0")
    open("in.tif", "wb").write(data + struct.pack(sign + "HHHQ", 43, 8, 0, 16 + len(raw)) + raw + directory + bytes(8))
    restore("in.tif", "out.tif")
    assert open("out.tif", "rb").read(4) == open("in.tif", "rb").read(4)
    check_mended(pixels, read_tiff("out.tif")[0].astype("u2"))


def tests():
    yield "PNG: chunks", check_png_chunks
    yield "PNG: nothing is invented", check_png_nothing_invented
    yield "PNG: no end", check_png_without_end
    yield "PNG: many chunks", check_png_many_chunks
    yield "PNG: no checksum", check_png_ends_behind_pixels
    yield "PNG: EXIF behind the pixels", check_png_exif_behind_pixels
    yield "PNG: palette", check_png_palette
    yield "EXIF: a long orientation", check_exif_long
    for compression in None, "tiff_lzw", "tiff_deflate", "packbits":
        yield f"TIFF: fields, {compression}", check_tiff_fields, compression
    for kind in "png", "jpg", "tif":
        yield f"no resolution in {kind}", check_no_resolution, kind
    for source, target in (("jpg", "png"), ("jpg", "tif"), ("png", "jpg"), ("png", "tif"), ("jpg", "webp"), ("webp", "png")):
        yield f"from {source} to {target}", check_conversion, source, target
    for where in "out.tif", "in.tif":
        yield f"pages, {where}", check_pages, where
    yield "a preview first", check_preview
    yield "a preview first that says nothing", check_unmarked_preview
    yield "TIFF: YCbCr", check_ycbcr
    yield "TIFF: colours that are not told", check_untold_colours
    yield "TIFF: compressed with loss", check_lossy_tiff
    yield "pages of a palette", check_palette_pages
    yield "raw files", check_raw
    yield "other formats", check_other_formats
    for name in "in.gif", "in.bmp", "in.ppm", "in.jp2":
        yield f"{name}, read by another program", check_read_by_others, name
    yield "in.pgm, read by another program", lambda: check_read_by_others("in.pgm", mode="L")
    yield "the profile of what another program reads", check_read_by_others_profile
    yield "refusals of what another program reads", check_read_by_others_refusals
    yield "infrared channel", check_infrared_channel
    yield "infrared of silver", check_infrared_of_silver
    yield "infrared, turned", check_turned_infrared
    yield "infrared elsewhere", check_infrared_elsewhere
    for orientation in range(1, 9):
        for kind in "jpg", "png", "tif", "palette.tif", "webp":
            yield f"orientation {orientation}, {kind}", check_orientation, kind, orientation
    yield "a turned mask", check_turned_mask
    for name in "red", "zero and one", "black on a transparent ground", "palette", "1 bit", "0 is white":
        yield f"mask, {name}", check_mask, name
    yield "inverted mask", check_inverted_mask
    yield "JPEG", check_jpeg
    yield "JPEG, progressive", lambda: check_jpeg(progressive=True)
    yield "JPEG, 4:2:0", lambda: check_jpeg(subsampling=2)
    yield "JPEG, 4:4:4", lambda: check_jpeg(subsampling=0)
    yield "JPEG, restart markers", lambda: check_jpeg(restart_marker_rows=1)
    yield "JPEG: loss", check_jpeg_loss
    yield "JPEG: junk", check_jpeg_junk
    yield "JPEG: no end", check_jpeg_without_end
    yield "JPEG: arithmetic", check_jpeg_arithmetic
    yield "JPEG: refusals", check_jpeg_refusals
    yield "JPEG: quality", check_quality
    for lossless in True, False:
        for channels in 3, 4:
            yield f"WebP, {'lossless' if lossless else 'lossy'}, {channels} channels", check_webp, lossless, channels
    yield "WebP: refusals", check_webp_refusals
    for kind in "jpg", "tif":
        for with_profile in True, False:
            yield f"CMYK, {kind}, {'with' if with_profile else 'without'} profile", check_cmyk, kind, with_profile
    yield "CMYK: 16 bits", check_cmyk_depth
    yield "transparency", check_transparency
    yield "names", check_names
    yield "outputs", check_outputs
    for dtype in "u1", "u2", "u4", "f2", "f4", "f8":
        for channels in 1, 2, 3, 4:
            for layout in ("strips", "planes", "tiles") + (("white is 0",) if dtype[0] == "u" and channels < 3 else ()):
                yield f"TIFF, {dtype}, {channels} channels, {layout}", check_matrix, channels, dtype, layout
    for order in "little", "big":
        yield f"BigTIFF, {order}", check_big, order


def write_mask():
    Image.fromarray(np.where(MASK, 255, 0).astype("u1")).save("mask.png")


def main():
    sys.exit(run_cases(list(tests()), sys.argv[2] if len(sys.argv) > 2 else None, write_mask))


main()
