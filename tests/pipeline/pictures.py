# SPDX-License-Identifier: GPL-3.0-or-later
"""PNG and TIFF files in depths that Pillow cannot read or write, and colour profiles."""
import struct
import zlib

import numpy as np
from PIL import ImageCms


def write_png(path, pixels, chunks=()):
    """8 or 16 bits in any colour type: Pillow has no 16-bit RGB."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width, channels = pixels.shape
    bits = pixels.dtype.itemsize * 8
    header = struct.pack(">IIBBBBB", width, height, bits, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(pixels.dtype.newbyteorder(">")).tobytes() for row in pixels)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                + b"".join(chunk(*c) for c in chunks)
                + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def read_png(path):
    """The pixels as they are stored, and the other chunks."""
    data, at, chunks = open(path, "rb").read(), 8, {}
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        chunks[kind] = chunks.get(kind, b"") + data[at + 8:at + 8 + size]
        at += 12 + size
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert not interlaced
    channels = {0: 1, 4: 2, 2: 3, 6: 4}[colour]
    step = channels * bits // 8
    raw = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), "u1").reshape(height, 1 + width * step)
    lines = np.zeros((height + 1, width * step + step), int)
    for y in range(height):
        # The five filters of PNG, chapter 9.
        kind, row, above = raw[y, 0], lines[y + 1], lines[y]
        for i in range(width * step):
            a, b, c = row[i], above[i + step], above[i]
            if kind == 4:
                p = a + b - c
                guess = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            else:
                guess = (0, a, b, (a + b) // 2)[kind]
            row[i + step] = (raw[y, 1 + i] + guess) & 255
    pixels = lines[1:, step:].astype("u1").tobytes()
    return np.frombuffer(pixels, ">u%d" % (bits // 8)).reshape(height, width, channels), chunks


def write_tiff(path, pixels, tiles=None, **changes):
    """@changes are the values of tags, by name, that are not as the pixels want them.
    @tiles is their width and height where the pixels are those of one tile after another."""
    height, width, channels = pixels.shape
    pixels = pixels.astype(pixels.dtype.newbyteorder("<"))
    kind = 3 if pixels.dtype.kind == "f" else 1
    tags = {"width": width, "height": height, "bits": [pixels.dtype.itemsize * 8] * channels,
            "compression": 1, "photometric": 2 if channels > 2 else 1, "samples": channels,
            "rows": height, "planar": 1, "extra": [2] if channels in (2, 4) else None,
            "format": [kind] * channels} | changes
    numbers = {"width": (256, 4), "height": (257, 4), "bits": (258, 3), "compression": (259, 3),
               "photometric": (262, 3), "offsets": (273, 4), "samples": (277, 3), "rows": (278, 4),
               "sizes": (279, 4), "planar": (284, 3), "colours": (320, 3), "tile_width": (322, 4),
               "tile_height": (323, 4), "extra": (338, 3), "format": (339, 3),
               "subsampling": (530, 3)}
    if tiles:
        tags["tile_width"], tags["tile_height"] = tiles
        numbers |= {"offsets": (324, 4), "sizes": (325, 4)}
        pieces = [tile.tobytes() for tile in np.split(pixels, height // tiles[1])]
    elif tags["planar"] == 2:
        pieces = [pixels[..., c].tobytes() for c in range(channels)]
    else:
        pieces = [pixels.tobytes()]
    tags = {name: value for name, value in tags.items() if value is not None}
    tags["sizes"] = [len(piece) for piece in pieces]
    base = 8 + 2 + 12 * (len(tags) + 1) + 4
    room = sum(4 * len(value) for value in tags.values() if isinstance(value, list)) * 2
    tags["offsets"] = [base + room + sum(tags["sizes"][:i]) for i in range(len(pieces))]
    extra, directory = b"", b""
    for name, value in sorted(tags.items(), key=lambda item: numbers[item[0]]):
        tag, size = numbers[name]
        values = value if isinstance(value, list) else [value]
        packed = struct.pack("<%d%s" % (len(values), "HI"[size == 4]), *values)
        if len(packed) > 4:
            packed, extra = struct.pack("<I", base + len(extra)), extra + packed
        directory += struct.pack("<HHI", tag, size, len(values)) + packed.ljust(4, b"\0")
    with open(path, "wb") as f:
        f.write(b"II*\0" + struct.pack("<IH", 8, len(tags)) + directory + b"\0\0\0\0"
                + extra.ljust(room, b"\0") + b"".join(pieces))


def read_tiff(path, page=0):
    """The pixels of one page as they are stored, and its tags; uncompressed only."""
    data = open(path, "rb").read()
    order = {b"II": "<", b"MM": ">"}[data[:2]]
    big = data[2:4] in (b"\x2b\0", b"\0\x2b")
    at, = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
    for _ in range(page + 1):
        count, = struct.unpack_from(order + ("Q" if big else "H"), data, at)
        first, step, inline = (at + 8, 20, 8) if big else (at + 2, 12, 4)
        at, = struct.unpack_from(order + ("Q" if big else "I"), data, first + step * count)
    tags = {}
    for i in range(count):
        tag, kind, n = struct.unpack_from(order + ("HHQ" if big else "HHI"), data, first + step * i)
        size = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 16: 8}[kind]
        here = first + step * (i + 1) - inline
        where = here if n * size <= inline else struct.unpack_from(order + ("Q" if big else "I"), data, here)[0]
        if kind in (3, 4, 16):
            tags[tag] = struct.unpack_from("%s%d%s" % (order, n, {3: "H", 4: "I", 16: "Q"}[kind]), data, where)
        else:
            tags[tag] = data[where:where + n * size]
    assert tags.get(259, (1,)) == (1,)
    dtype = "%s%s%d" % (order, "f" if tags.get(339, (1,))[0] == 3 else "u", tags[258][0] // 8)
    height, width, channels = tags[257][0], tags[256][0], tags.get(277, (1,))[0]
    offsets, sizes = (tags[324], tags[325]) if 324 in tags else (tags[273], tags[279])
    pieces = [np.frombuffer(data[o:o + n], dtype) for o, n in zip(offsets, sizes)]
    planes = channels if tags.get(284, (1,))[0] == 2 else 1
    if 324 in tags:
        w, h = tags[322][0], tags[323][0]
        across, down = -(-width // w), -(-height // h)
        grid = np.array(pieces).reshape(planes, down, across, h, w, channels // planes)
        whole = grid.transpose(0, 1, 3, 2, 4, 5).reshape(planes, down * h, across * w, -1)[:, :height, :width]
    else:
        whole = np.concatenate(pieces).reshape(planes, height, width, -1)
    return np.concatenate(list(whole), 2), tags


def icc_text(kind, value):
    if kind == b"desc":
        return kind + b"\0" * 4 + struct.pack(">I", len(value) + 1) + value + b"\0" * 79
    return kind + b"\0" * 4 + value + b"\0"


def icc_file(kind, colours, space, tags):
    """ICC.1:2001-04, 6."""
    tags = [(b"desc", icc_text(b"desc", b"Test")), (b"cprt", icc_text(b"text", b"none")),
            (b"wtpt", b"XYZ \0\0\0\0" + struct.pack(">III", 0xf6d6, 0x10000, 0xd32d))] + tags
    tags = [(name, data + b"\0" * (-len(data) % 4)) for name, data in tags]
    at, table, body = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags:
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += data
    size = 128 + len(table) + len(body)
    header = (struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, kind, colours, space)
              + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp").ljust(68, b"\0")
    header += struct.pack(">III", 0xf6d6, 0x10000, 0xd32d)
    return header.ljust(128, b"\0") + table + body


def profile(gray):
    """A matrix profile that is not sRGB, or a gray one with a gamma of 1.8."""
    if gray:
        return icc_file(b"mntr", b"GRAY", b"XYZ ",
                        [(b"kTRC", b"curv\0\0\0\0" + struct.pack(">IH", 1, int(1.8 * 256)) + b"\0\0")])
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # Another red: the tag's XYZ values are 16.16 numbers.
    count, = struct.unpack(">I", data[128:132])
    for i in range(count):
        name, at, _ = struct.unpack(">4sII", data[132 + 12 * i:144 + 12 * i])
        if name == b"rXYZ":
            data[at + 8:at + 12] = struct.pack(">I", 0x8000)
    return bytes(data)


def cmyk_profile():
    """A printer's: a table of the colours of full inks upon each other (6.5.9)."""
    table = b""
    for inks in np.ndindex(2, 2, 2, 2):
        c, m, y, k = inks
        light = 1 - 0.9 * k
        table += bytes([int(240 * light * (1 - 0.35 * c) * (1 - 0.3 * m) * (1 - 0.1 * y)),
                        int(128 + light * (-40 * c + 70 * m - 5 * y)), int(128 + light * (-50 * c - 5 * m + 90 * y))])
    identity = struct.pack(">9i", *(65536 * np.eye(3, dtype=int)).ravel())
    return icc_file(b"prtr", b"CMYK", b"Lab ", [(b"A2B0", b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity
                                                + bytes(range(256)) * 4 + table + bytes(range(256)) * 3)])
