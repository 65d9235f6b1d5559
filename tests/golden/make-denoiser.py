#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden vectors for tests/golden/test-denoiser-golden.c, from the network that is
trained (tools/train/network.py), in double precision.

    tests/golden/make-denoiser.py          (needs python3-torch)

Writes beside itself denoiser.safetensors, random weights of a small network, some of them in
16 and some in 32 bits; and denoiser.bin, the results, little-endian floats one case after the
other, of which large cases keep every eleventh. The pictures and the levels of the noise are
a formula that the test has too.
"""
import json
import pathlib
import struct
import sys
import zlib
import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools" / "train"))
from network import Denoiser

WIDTHS, BLOCKS = (8, 12, 10), (1, 2, 1)
# channels, height, width, the level of the noise or None for a map, every how many kept
CASES = [(3, 150, 170, None, 11), (1, 13, 21, 0.1, 1), (3, 1, 9, None, 1), (1, 1, 1, 0.2, 1)]


def scatter(n, seed):
    """0..1, different at every place."""
    index = numpy.arange(n, dtype=numpy.uint32) + numpy.uint32(seed)
    return (index * numpy.uint32(2654435761) >> numpy.uint32(8)).astype(numpy.float64) / 2**24


def make_weights():
    shapes = {"head": (WIDTHS[0], 16, 3, 3), "tail": (12, WIDTHS[0], 3, 3)}
    for s in range(2):
        shapes[f"down{s}"] = WIDTHS[s + 1], WIDTHS[s], 2, 2
        shapes[f"up{s}"] = WIDTHS[s + 1], WIDTHS[s], 2, 2
    for name, s in (("enc0", 0), ("enc1", 1), ("mid", 2), ("dec1", 1), ("dec0", 0)):
        for i in range(BLOCKS[s]):
            for layer in "ab":
                shapes[f"{name}.{i}.{layer}"] = WIDTHS[s], WIDTHS[s], 3, 3
    weights = {}
    for number, (name, shape) in enumerate(shapes.items()):
        kind = "<f4" if name in ("head", "up1", "mid.0.a") else "<f2"
        reads = shape[1] * shape[2] * shape[3] if name[:2] != "up" else shape[0]
        drawn = torch.randn(shape).numpy() * (1.2 / reads**0.5)
        weights[name + ".weight"] = drawn.astype(kind)
    return weights


def write_safetensors(path, weights):
    data = b"".join(w.tobytes() for w in weights.values())
    header = {"__metadata__": {"format": "heirloom-denoiser-1",
                               "widths": ",".join(map(str, WIDTHS)),
                               "blocks": ",".join(map(str, BLOCKS)),
                               "crc32": f"{zlib.crc32(data):08x}"}}
    at = 0
    for name, w in weights.items():
        header[name] = {"dtype": "F32" if w.itemsize == 4 else "F16", "shape": w.shape,
                        "data_offsets": [at, at + w.nbytes]}
        at += w.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def reflected(n):
    """0..n - 1 and on, reflected, to a multiple of 8."""
    period = max(2 * n - 2, 1)
    return [min(i % period, (period - i) % period) for i in range((n + 7) // 8 * 8)]


torch.manual_seed(4)
torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__).parent
weights = make_weights()
write_safetensors(here / "denoiser.safetensors", weights)
weights = {name: torch.from_numpy(w.astype(numpy.float64)) for name, w in weights.items()}
network = Denoiser(WIDTHS, BLOCKS)
network.load_state_dict(weights)
network.requires_grad_(False)
out = []
for channels, height, width, level, step in CASES:
    x = scatter(channels * height * width, 1).reshape(channels, height, width)
    sigma = scatter(height * width, 7).reshape(height, width) * 0.2 if level is None else \
        numpy.full((height, width), level)
    place = numpy.ix_(reflected(height), reflected(width))
    full = torch.from_numpy(numpy.stack([plane[place] for plane in x])).expand(3, -1, -1)[None]
    y = network(full, torch.from_numpy(sigma[place])[None, None])[0, :, :height, :width]
    y = y.mean(0, keepdim=True) if channels == 1 else y
    out.append(y.reshape(-1)[::step].float().numpy().astype("<f4").tobytes())
(here / "denoiser.bin").write_bytes(b"".join(out))
print("largest change", float((full - network(full, full[:, :1]))[0].abs().max()),
      [len(part) // 4 for part in out], "floats")
