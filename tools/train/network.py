# SPDX-License-Identifier: GPL-3.0-or-later
"""The denoiser, a bias-free residual U-Net, and the file that its weights are kept in.

It reads a picture and a map of the noise's standard deviation, and gives the picture without
the noise.  There are no biases and no normalisation, so f(a x, a sigma) = a f(x, sigma): what
it learnt at one contrast holds at any other (Mohan et al., "Robust and Interpretable Blind
Image Denoising via Bias-Free Convolutional Neural Networks", ICLR 2020).  The U of residual
blocks and the map follow DRUNet (Zhang et al., "Plug-and-Play Image Restoration with Deep
Denoiser Prior", TPAMI 2021); the pixels are first folded 2x2 into planes as in FFDNet.
The map is folded likewise, and so may differ from pixel to pixel.
The plug-in runs the same network in C; the names of the tensors are the agreement between both.
"""
import json
import math
import os
import struct
import zlib
import numpy
import torch
from torch import nn
from torch.nn import functional

FORMAT = "heirloom-denoiser-1"
FOLD = 2  # pixels a side that become planes
MULTIPLE = 8  # height and width must be multiples of it


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.b = nn.Conv2d(width, width, 3, padding=1, bias=False)

    def forward(self, x):
        return x + self.b(functional.relu(self.a(x)))


def blocks(width, count):
    return nn.Sequential(*(Block(width) for _ in range(count)))


class Denoiser(nn.Module):
    """widths: planes at 1/2, 1/4 and 1/8 of the picture's size; counts: blocks in each stage."""

    def __init__(self, widths=(48, 96, 128), counts=(1, 2, 2)):
        super().__init__()
        self.widths, self.counts = tuple(widths), tuple(counts)
        w0, w1, w2 = widths
        self.head = nn.Conv2d(4 * FOLD**2, w0, 3, padding=1, bias=False)
        self.enc0 = blocks(w0, counts[0])
        self.down0 = nn.Conv2d(w0, w1, 2, stride=2, bias=False)
        self.enc1 = blocks(w1, counts[1])
        self.down1 = nn.Conv2d(w1, w2, 2, stride=2, bias=False)
        self.mid = blocks(w2, counts[2])
        self.up1 = nn.ConvTranspose2d(w2, w1, 2, stride=2, bias=False)
        self.dec1 = blocks(w1, counts[1])
        self.up0 = nn.ConvTranspose2d(w1, w0, 2, stride=2, bias=False)
        self.dec0 = blocks(w0, counts[0])
        self.tail = nn.Conv2d(w0, 3 * FOLD**2, 3, padding=1, bias=False)
        self._start()

    def _start(self):
        """Keeps the size of the signal through the layers; each block begins near identity."""
        for name, weight in self.named_parameters():
            # An output pixel of a transposed layer reads one pixel of each of its inputs.
            fan_in = weight.shape[0] if name.startswith("up") else weight[0].numel()
            gain = 2.0 if name.endswith("a.weight") else 0.1 if name.endswith("b.weight") else 1.0
            nn.init.normal_(weight, std=math.sqrt(gain / fan_in))
        nn.init.normal_(self.tail.weight, std=1e-3)

    def noise(self, x, sigma):
        """The noise in x.

        x: (N, 3, H, W), 0..1; sigma: (N, 1, H, W), standard deviation, 0..1 of white.
        H and W must be multiples of MULTIPLE.
        """
        planes = functional.pixel_unshuffle(x, FOLD)
        level = functional.pixel_unshuffle(sigma, FOLD)
        head = self.head(torch.cat([planes, level], 1))
        fine = self.enc0(head)
        middle = self.enc1(self.down0(fine))
        deep = self.mid(self.down1(middle))
        middle = self.dec1(self.up1(deep) + middle)
        fine = self.dec0(self.up0(middle) + fine)
        return functional.pixel_shuffle(self.tail(fine + head), FOLD)

    def forward(self, x, sigma):
        # The difference in the precision of x, also where the layers run in half of it.
        return x - self.noise(x, sigma).to(x.dtype)


def denoise(network, picture, sigma):
    """One picture of any size, padded by reflection at the bottom and the right.

    picture: (3, H, W), 0..1; sigma: standard deviation, 0..1 of white.
    """
    height, width = picture.shape[1:]
    padding = (0, -width % MULTIPLE, 0, -height % MULTIPLE)
    x = functional.pad(picture[None], padding, mode="reflect")
    level = torch.full_like(x[:, :1], sigma)
    with torch.no_grad():
        return network(x, level)[0, :, :height, :width]


def write(network, path, dtype=numpy.float16):
    """Writes the weights as a safetensors file, which appears under its name when complete."""
    header, data = {}, b""
    for name, weight in network.state_dict().items():
        values = weight.cpu().contiguous().numpy().astype(numpy.dtype(dtype).newbyteorder("<"))
        if not numpy.isfinite(values).all():
            raise SystemExit(f"{name} does not fit into {numpy.dtype(dtype)}: export with --f32.")
        header[name] = {
            "dtype": {2: "F16", 4: "F32"}[values.itemsize],
            "shape": list(values.shape),
            "data_offsets": [len(data), len(data) + values.nbytes],
        }
        data += values.tobytes()
    header["__metadata__"] = {
        "format": FORMAT,
        "widths": ",".join(map(str, network.widths)),
        "blocks": ",".join(map(str, network.counts)),
        "crc32": f"{zlib.crc32(data):08x}",
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # so that the tensors begin at a multiple of 8 bytes
    with open(f"{path}.new", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
    os.replace(f"{path}.new", path)


def read(path):
    """The network in a file that write() made, in single precision."""
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    about = header.pop("__metadata__")
    if about["format"] != FORMAT or int(about["crc32"], 16) != zlib.crc32(data):
        raise SystemExit(f"{path} is damaged or of another kind: export it again.")
    network = Denoiser(*([int(n) for n in about[key].split(",")] for key in ("widths", "blocks")))
    state = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        values = numpy.frombuffer(data[first:last], {"F16": "<f2", "F32": "<f4"}[entry["dtype"]])
        state[name] = torch.from_numpy(values.astype(numpy.float32).reshape(entry["shape"]))
    network.load_state_dict(state)
    return network.eval()
