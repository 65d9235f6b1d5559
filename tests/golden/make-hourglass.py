#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Golden vectors for tests/golden/test-hourglass-golden.c, from PyTorch in double precision.

    tests/golden/make-hourglass.py          (needs python3-torch)

Writes hourglass-N.bin beside itself, little-endian floats one after the other: parameters,
input, target, known, output, loss, gradients, parameters after three steps of Adam.  The
order of the parameters is that of hl_hourglass_get_parameters().
"""
import pathlib
import torch
from torch import nn

CASES = [
    dict(scales=3, width=[6, 9, 5], skip=[4, 2, 3], down=3, up=3, cin=4, cout=3,
         mode="bilinear", pointwise=True, height=21, width_px=27),
    dict(scales=2, width=[8, 12], skip=[0, 4], down=5, up=3, cin=3, cout=1,
         mode="nearest", pointwise=False, height=18, width_px=13),
]


class Unit(nn.Module):
    def __init__(self, cin, cout, kernel, stride=1):
        super().__init__()
        self.pad = nn.ReflectionPad2d(kernel // 2)
        self.conv = nn.Conv2d(cin, cout, kernel, stride, bias=False)
        self.norm = nn.BatchNorm2d(cout)

    def forward(self, x):
        return nn.functional.leaky_relu(self.norm(self.conv(self.pad(x))), 0.2)


class Scale(nn.Module):
    """Modules in the order in which the parameters are stored, depth after depth."""

    def __init__(self, case, s, cin):
        super().__init__()
        width = case["width"][s]
        deepest = s + 1 == case["scales"]
        deep = width if deepest else case["width"][s + 1]
        skip = case["skip"][s]
        self.mode = case["mode"]
        self.skip = Unit(cin, skip, 1) if skip else None
        self.down = Unit(cin, width, case["down"], 2)
        self.deeper = Unit(width, width, case["down"])
        self.norm = nn.BatchNorm2d(skip + deep)
        self.up = Unit(skip + deep, width, case["up"])
        self.mix = Unit(width, width, 1) if case["pointwise"] else None
        self.inner = None if deepest else Scale(case, s + 1, width)

    def forward(self, x):
        deep = self.deeper(self.down(x))
        if self.inner:
            deep = self.inner(deep)
        deep = nn.functional.interpolate(deep, scale_factor=2, mode=self.mode)
        deep = deep[:, :, :x.shape[2], :x.shape[3]]
        x = self.norm(torch.cat([self.skip(x), deep], 1) if self.skip else deep)
        x = self.up(x)
        return self.mix(x) if self.mix else x

    def ordered(self):
        own = [m for m in (self.skip, self.down, self.deeper, self.norm, self.up, self.mix) if m]
        yield from (p for m in own for p in m.parameters())
        if self.inner:
            yield from self.inner.ordered()


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors])


for number, case in enumerate(CASES):
    torch.manual_seed(number)
    torch.set_default_dtype(torch.float64)
    net = Scale(case, 0, case["cin"])
    last = nn.Conv2d(case["width"][0], case["cout"], 1)
    parameters = [*net.ordered(), *last.parameters()]
    shape = (1, -1, case["height"], case["width_px"])
    pixels = case["height"] * case["width_px"]
    z = 0.1 * torch.rand(case["cin"] * pixels).reshape(shape)
    target = torch.rand(case["cout"] * pixels).reshape(shape)
    known = torch.rand(pixels).sub(0.3).clamp(min=0).reshape(shape)
    with torch.no_grad():
        for p in parameters:
            p.add_(0.2 * torch.rand_like(p) - 0.1)
            p.copy_(p.float().double())
        z, target, known = (t.float().double() for t in (z, target, known))
    out = [flat(parameters), flat([z, target, known])]
    adam = torch.optim.Adam(parameters, lr=0.01)
    for step in range(3):
        picture = torch.sigmoid(last(net(z)))
        loss = (known * (picture - target) ** 2).sum() / (case["cout"] * known.sum())
        adam.zero_grad()
        loss.backward()
        if step == 0:
            out += [flat([picture]), loss.detach().reshape(1), flat(p.grad for p in parameters)]
        adam.step()
    out.append(flat(parameters))
    path = pathlib.Path(__file__).with_name(f"hourglass-{number}.bin")
    path.write_bytes(torch.cat(out).float().numpy().astype("<f4").tobytes())
    print(path, sum(len(o) for o in out), "floats,", len(out[0]), "parameters")
