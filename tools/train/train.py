#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the denoiser on drawn pictures, and exports its weights for the plug-in.

    train.py --pool POOL --valid VALID --checkpoint FILE --minutes 120     trains
    train.py --pool POOL --valid VALID --checkpoint FILE --resume          goes on
    train.py --pool … --start denoiser.safetensors --rate 1e-3 …    goes on from exported weights
    train.py --checkpoint FILE --export denoiser.safetensors               exports

POOL and VALID are what tools/train/leaves writes: square pictures of 8 bits a sample, RGB
interleaved, one after the other.  No photograph is read, neither for training nor for choosing.
README.md beside this file has the whole recipe.
"""
import argparse
import csv
import math
import os
import pathlib
import signal
import statistics
import time
import numpy
import torch
from torch import nn
from torch.nn import functional
import network

WHITE = 255.0
MOST_NOISE = 50 / WHITE
MOST_GRAIN = 30 / WHITE
VALIDATION_NOISE = 25 / WHITE
VALIDATION_SIDE = 256
CHARBONNIER = 1e-3  # below this error the loss is square, above it linear
REAL = 0.3  # of the pictures have noise as film, scanners and JPEG give it
STEPPED = 0.1  # have noise that begins and ends at lines
EMA = 0.999
DECAY = 0.01
ENDS = 0.2  # of Muon's rate, for the layers that Adam teaches
CALIBRATION = 100  # steps whose speed says how many there is time for
PAUSE = 300  # seconds between two checkpoints
LOG_ROWS = 250


# ---- JPEG (ITU-T T.81, annex K; the tables as the Independent JPEG Group scales them)

LUMA = """16 11 10 16 24 40 51 61  12 12 14 19 26 58 60 55  14 13 16 24 40 57 69 56
14 17 22 29 51 87 80 62  18 22 37 56 68 109 103 77  24 35 55 64 81 104 113 92
49 64 78 87 103 121 120 101  72 92 95 98 112 100 103 99"""
CHROMA = """17 18 24 47 99 99 99 99  18 21 26 66 99 99 99 99  24 26 56 99 99 99 99 99
47 66 99 99 99 99 99 99""" + " 99" * 32
JPEG_TABLES = torch.tensor([[float(x) for x in table.split()]
                            for table in (LUMA, CHROMA, CHROMA)]).view(3, 8, 8)
DCT = torch.tensor([[math.sqrt((1 if k == 0 else 2) / 8) * math.cos(math.pi * (i + 0.5) * k / 8)
                     for i in range(8)] for k in range(8)])
YCC = torch.tensor([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])


# ---- Pictures

def pictures(path, side):
    """The file's pictures, (count, side, side, 3); they stay on disk until they are read."""
    count = os.path.getsize(path) // (side * side * 3)
    if count == 0:
        raise SystemExit(f"{path} holds no picture of {side} x {side}: give --side.")
    return torch.from_numpy(numpy.memmap(path, numpy.uint8, "c", 0, (count, side, side, 3)))


class Source:
    """Draws batches: crops of the pool, turned, recoloured, and made noisy.

    Everything is drawn from one generator on the device, so a seed and a pool that stays as it is
    give one sequence.
    """

    def __init__(self, path, side, batch, crop, device, seed):
        self.path, self.side, self.batch, self.size, self.device = path, side, batch, crop, device
        self.pool = pictures(path, side).to(device)
        self.generator = torch.Generator(device).manual_seed(seed)

    def uniform(self, *shape, low=0.0, high=1.0):
        values = torch.rand(*shape, generator=self.generator, device=self.device)
        return low + (high - low) * values

    def chance(self, probability, count):
        return self.uniform(count, 1, 1, 1) < probability

    def cut(self, count, size):
        """Crops in one of the eight positions that turning and mirroring give.

        An index runs over the crop's rows and columns; turning changes the order in which it
        runs, so that the pixels are copied once.
        """
        side = self.pool.shape[1]
        which = (self.uniform(count, 1, 1) * self.pool.shape[0]).long()
        y, x = (self.uniform(2, count, 1, 1) * (side - size + 1)).long()
        run = torch.arange(size, device=self.device)
        row, column = run[None, :, None], run[None, None, :]
        mirror_y, mirror_x, turn = self.uniform(3, count, 1, 1) < 0.5
        row = torch.where(mirror_y, size - 1 - row, row)
        column = torch.where(mirror_x, size - 1 - column, column)
        row, column = torch.where(turn, column, row), torch.where(turn, row, column)
        crops = self.pool[which, y + row, x + column].permute(0, 3, 1, 2)
        return crops.to(torch.float32) / WHITE

    def clean(self):
        """(batch, 3, size, size), 0..1, and which of them are gray, (batch, 1, 1, 1)."""
        # A quarter is seen from twice as far.
        far = self.batch // 4
        x = torch.cat([functional.avg_pool2d(self.cut(far, 2 * self.size), 2),
                       self.cut(self.batch - far, self.size)])
        n = self.batch
        order = self.uniform(n, 3).argsort(1)
        x = x[torch.arange(n, device=self.device)[:, None], order]
        contrast = self.uniform(n, 1, 1, 1, low=0.7, high=1.2)
        brightness = self.uniform(n, 1, 1, 1, low=-0.1, high=0.1)
        gamma = self.uniform(n, 1, 1, 1, low=0.8, high=1.25)
        bent = (((x - 0.5) * contrast + 0.5 + brightness).clamp(0, 1)) ** gamma
        x = torch.where(self.chance(0.5, n), bent, x)
        gray = self.chance(0.25, n)
        luma = torch.tensor([0.299, 0.587, 0.114], device=self.device)[None, :, None, None]
        return torch.where(gray, (x * luma).sum(1, keepdim=True), x), gray

    def field(self, cells):
        """A smooth map of random numbers, (batch, 1, size, size), 0..1, of cells x cells values."""
        return functional.interpolate(self.uniform(self.batch, 1, cells, cells),
                                      size=(self.size, self.size), mode="bilinear",
                                      align_corners=True)

    def level(self):
        """The noise's standard deviation, (batch, 1, size, size).

        Mostly it is the same everywhere; of some it varies smoothly, and of some it has steps, as
        splitting needs: none or little where pixels are known, much in lines and blotches.
        """
        n = self.batch
        flat = self.uniform(n, 1, 1, 1, high=MOST_NOISE)
        varied = MOST_NOISE * self.field(3)
        known = self.chance(0.5, n) * self.uniform(n, 1, 1, 1, high=MOST_NOISE / 5)
        distance = (self.field(7) - self.uniform(n, 1, 1, 1, low=0.3, high=0.7)).abs()
        missing = distance < self.uniform(n, 1, 1, 1, low=0.01, high=0.15)
        level = torch.where(self.chance(0.15, n), varied, flat)
        return torch.where(self.chance(STEPPED, n), torch.where(missing, flat, known), level)

    def normal(self, like):
        return torch.empty_like(like).normal_(generator=self.generator)

    def grain(self, clean, gray):
        """Noise as film and scanners give it, of deviation 1 in the mean over each picture.

        Correlated over 1 to 3 pixels, some of it by resampling; from nearly alike in all three
        colours to none alike; and with a strength that follows the brightness: as light falls
        (Poisson), bent by a gamma, or strongest in the middle tones as on film.
        """
        n, device = self.batch, self.device
        noise = self.normal(clean)
        fine = int(self.size / self.uniform(1, low=1.0, high=2.2).item())
        resampled = functional.interpolate(noise[:, :, :fine, :fine], size=(self.size, self.size),
                                           mode="bicubic", align_corners=False)
        noise = torch.where(self.chance(0.25, n), resampled, noise)
        reach = self.uniform(n, 1, low=0.2, high=1.3)
        tap = torch.arange(-4, 5, device=device)[None] / reach
        taps = torch.exp(-0.5 * tap * tap).repeat_interleave(3, 0)
        planes = functional.pad(noise.view(1, -1, self.size, self.size), (4, 4, 4, 4), "reflect")
        planes = functional.conv2d(planes, taps[:, None, None, :], groups=3 * n)
        planes = functional.conv2d(planes, taps[:, None, :, None], groups=3 * n)
        noise = planes.view_as(noise)
        alike = self.uniform(n, 1, 1, 1)
        noise = alike * noise[:, :1] + (1 - alike) * noise * self.uniform(n, 3, 1, 1, low=0.5)
        noise = torch.where(gray, noise[:, :1], noise)
        exponent = self.uniform(n, 1, 1, 1, low=-1.0, high=1.0)
        bent = torch.where(exponent > 0, clean + 0.02, 1.02 - clean) ** exponent.abs()
        middle = 4 * clean * (1 - clean) + 0.1
        strength = torch.where(self.chance(0.3, n), middle, bent)
        noise = noise * torch.where(self.chance(0.2, n), torch.ones_like(strength), strength)
        return noise / (noise.square().mean((1, 2, 3), keepdim=True).sqrt() + 1e-6)

    def compressed(self, x, gray):
        """What JPEG at quality 50 to 98 makes of it, half of it with colours of half the size."""
        n, size = self.batch, self.size
        quality = self.uniform(n, 1, 1, 1, 1, 1, low=50.0, high=98.0)
        table = JPEG_TABLES.to(self.device)[None, :, None, None] * (2 - quality / 50)
        table = table.round().clamp(min=1)
        dct = DCT.to(self.device)
        dy, dx = (self.uniform(2) * 8).long().tolist()
        ycc = torch.einsum("dc,nchw->ndhw", YCC.to(self.device), x.clamp(0, 1))
        small = functional.interpolate(functional.avg_pool2d(ycc[:, 1:], 2), scale_factor=2.0,
                                       mode="bilinear", align_corners=False)
        colours = torch.where(self.chance(0.5, n), small, ycc[:, 1:])
        ycc = torch.cat([ycc[:, :1], colours], 1).roll((dy, dx), (2, 3))
        blocks = ycc.view(n, 3, size // 8, 8, size // 8, 8).transpose(3, 4)
        waves = dct @ (blocks * WHITE) @ dct.T
        waves = (waves / table).round() * table
        ycc = (dct.T @ waves @ dct) / WHITE
        ycc = ycc.transpose(3, 4).reshape(n, 3, size, size).roll((-dy, -dx), (2, 3))
        back = torch.einsum("dc,nchw->ndhw", YCC.to(self.device).inverse(), ycc)
        back = torch.where(gray, ycc[:, :1], back)
        return (back.clamp(0, 1) * WHITE).round() / WHITE

    def next(self):
        """Noisy pictures, which are not clipped; their noise's level; the clean ones.

        Where the noise is no white one, its level is what measuring a whole photograph would give:
        the mean over the picture. It is exact, since what is nearly white would else teach that the
        level of white noise is not to be trusted, which costs 1 dB in fine textures.
        """
        n = self.batch
        if self.device.type == "cpu":
            self.pool = pictures(self.path, self.side)  # leaves may still be adding to it
        clean, gray = self.clean()
        level = self.level()
        noise = self.normal(clean)
        noisy = clean + level * torch.where(gray, noise[:, :1], noise)
        size = self.uniform(n, 1, 1, 1) ** 2 * MOST_GRAIN
        real = clean + size * self.grain(clean, gray)
        real = torch.where(self.chance(0.35, n), self.compressed(real, gray), real)
        found = (real - clean).square().mean((1, 2, 3), keepdim=True).sqrt()
        is_real = self.chance(REAL, n)
        return (torch.where(is_real, real, noisy),
                torch.where(is_real, found.clamp(max=MOST_NOISE), level), clean)

    def state(self):
        return self.generator.get_state()

    def go_on(self, state):
        self.generator.set_state(state.cpu())


# ---- Learning

def orthogonalised(matrices):
    """The nearest matrices with singular values near 1, (n, rows, columns).

    Five steps of the Newton-Schulz iteration with the coefficients of Jordan et al., "Muon: An
    optimizer for hidden layers in neural networks" (2024).
    """
    x = matrices.to(torch.bfloat16)
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    x = x / (x.float().norm(dim=(1, 2), keepdim=True).to(x.dtype) + 1e-7)
    for _ in range(5):
        a = x @ x.mT
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return (x.mT if tall else x).to(torch.float32)


class Muon(torch.optim.Optimizer):
    """Momentum, made orthogonal per layer; the weights of a layer as (out, in * taps)."""

    def __init__(self, parameters, lr, momentum=0.95, decay=0.0):
        super().__init__(parameters, dict(lr=lr, momentum=momentum, decay=decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for weight in group["params"]:
                shapes.setdefault(weight.flatten(1).shape, []).append(weight)
            for (rows, columns), weights in shapes.items():
                ahead = []
                for weight in weights:
                    state = self.state[weight]
                    if not state:
                        state["mean"] = torch.zeros_like(weight)
                    state["mean"].lerp_(weight.grad, 1 - group["momentum"])
                    ahead.append(weight.grad.lerp(state["mean"], group["momentum"]).flatten(1))
                # As large as Adam's steps are by experience, so that both take one rate.
                size = group["lr"] * 0.2 * math.sqrt(max(rows, columns))
                for weight, update in zip(weights, orthogonalised(torch.stack(ahead))):
                    weight.mul_(1 - group["lr"] * group["decay"])
                    weight.add_(update.view(weight.shape), alpha=-size)


def autocast(device):
    """The layers run in bfloat16, which both kinds of device multiply faster than float."""
    return torch.autocast(device.type, dtype=torch.bfloat16)


class Trainer:
    """The network, its averaged twin, the optimisers and the place in the schedule."""

    measure = "validation_db"  # what validate() gives

    def __init__(self, options, device, source):
        self.options, self.device, self.source = options, device, source
        self.done, self.total = 0, 0
        torch.manual_seed(options.seed)
        self.net = network.Denoiser(options.widths, options.blocks).to(
            device, memory_format=torch.channels_last)
        self.mean = network.Denoiser(options.widths, options.blocks).to(
            device, memory_format=torch.channels_last)
        if options.start:
            self.net.load_state_dict(network.read(options.start).state_dict())
        self.mean.load_state_dict(self.net.state_dict())
        ends = [self.net.head.weight, self.net.tail.weight]
        inner = [p for p in self.net.parameters() if all(p is not e for e in ends)]
        # The layers that touch the pixels learn by Adam, as Jordan et al. advise.
        # Adam's steps do not shrink as those weights come to rest, hence its lower rate; and
        # without a decay Muon's make the weights ever larger, until it diverges.
        self.optimisers = [Muon(inner, options.rate, decay=DECAY),
                           torch.optim.Adam(ends, options.rate * ENDS)]
        for optimiser, share in zip(self.optimisers, (1.0, ENDS)):
            optimiser.param_groups[0]["share"] = share

    def rate(self):
        """Up in a straight line, then down along half a cosine."""
        warm = min(1.0, (self.done + 1) / self.options.warmup)
        # The total is not known yet while the first steps are timed.
        place = self.done / self.total if self.total else 0.0
        return self.options.rate * warm * (0.5 + 0.5 * math.cos(math.pi * place))

    def loss(self):
        """Of the next batch."""
        noisy, level, clean = self.source.next()
        noisy = noisy.to(memory_format=torch.channels_last)
        with autocast(self.device):
            result = self.net(noisy, level)
        error = result - clean
        return (error * error + CHARBONNIER**2).sqrt().mean()

    def step(self):
        loss = self.loss()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), self.options.clip)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self.rate() * group["share"]
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self.done += 1
        # At first the average must not remember where the weights began.
        keep = min(EMA, (1 + self.done) / (10 + self.done))
        with torch.no_grad():
            for mean, weight in zip(self.mean.parameters(), self.net.parameters()):
                mean.lerp_(weight, 1 - keep)
        return loss.detach()

    @torch.no_grad()
    def validate(self, valid):
        """The mean PSNR over held-out drawings, the noise always the same, in dB."""
        generator = torch.Generator().manual_seed(1)
        total = 0.0
        for picture in valid:
            clean = picture[None, :VALIDATION_SIDE, :VALIDATION_SIDE].permute(0, 3, 1, 2) / WHITE
            noise = torch.empty_like(clean).normal_(generator=generator)
            x = clean + VALIDATION_NOISE * noise
            x = x.to(self.device, memory_format=torch.channels_last)
            with autocast(self.device):
                result = self.mean(x, torch.full_like(x[:, :1], VALIDATION_NOISE))
            error = (result.clamp(0, 1).cpu() - clean).square().mean().item()
            total += -10 * math.log10(max(error, 1e-10))
        return total / len(valid)

    def save(self):
        state = dict(net=self.net.state_dict(), mean=self.mean.state_dict(), done=self.done,
                     total=self.total, widths=self.options.widths, blocks=self.options.blocks,
                     optimisers=[o.state_dict() for o in self.optimisers],
                     generator=self.source.state())
        torch.save(state, f"{self.options.checkpoint}.new")
        os.replace(f"{self.options.checkpoint}.new", self.options.checkpoint)

    def load(self, state):
        self.net.load_state_dict(state["net"])
        self.mean.load_state_dict(state["mean"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"]):
            optimiser.load_state_dict(saved)
        self.source.go_on(state["generator"])
        self.done, self.total = state["done"], state["total"]


# ---- The run

class Log:
    """A table of step, loss (mean since the row before), rate and validation."""

    def __init__(self, path, done, validation):
        self.path, self.validation, self.rows = pathlib.Path(path), validation, []
        if done and self.path.exists():
            # What was logged after the checkpoint will be learnt, and logged, again.
            rows = list(csv.reader(self.path.open()))[1:]
            self.rows = [row for row in rows if int(row[0]) <= done]

    def add(self, step, loss, rate, validation):
        shown = "" if validation is None else f"{validation:.3f}"
        self.rows.append([step, f"{loss:.6f}", f"{rate:.3e}", shown])
        with self.path.open("w", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(["step", "loss", "rate", self.validation])
            table.writerows(self.rows)
        print(f"step {step}  loss {loss:.6f}  rate {rate:.3e}  {shown}", flush=True)


def plan(trainer, options):
    """Sets the number of steps; for --minutes it takes the first ones to measure the speed.

    The median, since the process may have been stopped or disturbed for a while. It is set anew at
    each row of the log, since other work comes and goes.
    """
    if options.minutes:
        times = []
        for _ in range(CALIBRATION):
            start = time.monotonic()
            trainer.step().item()
            times.append(time.monotonic() - start)
        trainer.total = trainer.done + int(options.minutes * 60 / statistics.median(times))
    elif options.steps:
        trainer.total = options.steps
    print(f"{trainer.total} steps, of which {trainer.done} are done", flush=True)


def train(trainer, valid, options):
    """To the last step, or to a signal, after which --resume goes on where this stopped."""
    stopped = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.append(True))
    start, begun = time.monotonic(), trainer.done
    log = Log(options.log, trainer.done, trainer.measure)
    plan(trainer, options)
    every = max(1, trainer.total // LOG_ROWS)
    loss, count, saved = 0.0, 0, time.monotonic()
    while trainer.done < trainer.total and not stopped:
        rate = trainer.rate()
        loss, count = loss + trainer.step(), count + 1
        last = trainer.done == trainer.total
        if count < every and not last:
            continue
        mean = (loss / count).item()
        if not math.isfinite(mean):
            raise SystemExit("The training diverged: --resume with a lower --rate.")
        due = last or time.monotonic() - saved > PAUSE
        log.add(trainer.done, mean, rate, trainer.validate(valid) if due else None)
        loss, count = 0.0, 0
        if due:
            trainer.save()
            saved = time.monotonic()
        if options.minutes and not last:
            spent = time.monotonic() - start
            left = (60 * options.minutes - spent) * (trainer.done - begun) / spent
            trainer.total = trainer.done + max(1, int(left))
    trainer.save()


def options():
    def sizes(text):
        return [int(number) for number in text.split(",")]

    parser = argparse.ArgumentParser(description="Trains the denoiser; see README.md.")
    add = parser.add_argument
    add("--pool", help="pictures to learn from, from leaves")
    add("--valid", help="pictures to validate with, from leaves with another seed")
    add("--side", type=int, default=320, help="pixels a side of these pictures")
    add("--checkpoint", default="checkpoint.pt", help="the state, kept every five minutes")
    add("--resume", action="store_true", help="go on from the checkpoint")
    add("--start", metavar="FILE", help="begin with the weights of that safetensors file")
    add("--export", metavar="FILE", help="write the checkpoint's averaged weights, and end")
    add("--f32", action="store_true", help="export in single precision instead of half")
    add("--log", default=str(pathlib.Path(__file__).with_name("log.csv")))
    add("--minutes", type=float, help="how long to train from now on, stops not counted")
    add("--steps", type=int, help="how many steps to take in all")
    add("--batch", type=int, default=6)
    add("--crop", type=int, default=128, help="pixels a side, a multiple of 8")
    add("--rate", type=float, default=2e-3, help="the highest learning rate")
    add("--warmup", type=int, default=200, help="steps until the highest rate")
    add("--clip", type=float, default=1.0, help="the largest norm of a gradient")
    add("--widths", type=sizes, default=[48, 96, 128])
    add("--blocks", type=sizes, default=[1, 2, 2])
    add("--seed", type=int, default=1)
    add("--threads", type=int, default=os.cpu_count())
    add("--device", default="cpu", help="cpu or cuda")
    return parser.parse_args()


def main():
    wanted = options()
    torch.set_num_threads(wanted.threads)
    device = torch.device(wanted.device)
    state = None
    if wanted.start:
        start = network.read(wanted.start)
        wanted.widths, wanted.blocks = start.widths, start.counts
    if wanted.resume or wanted.export:
        state = torch.load(wanted.checkpoint, map_location=device, weights_only=True)
        wanted.widths, wanted.blocks = state["widths"], state["blocks"]
    if wanted.export:
        net = network.Denoiser(wanted.widths, wanted.blocks)
        net.load_state_dict(state["mean"])
        network.write(net, wanted.export, numpy.float32 if wanted.f32 else numpy.float16)
        return
    if not wanted.pool or not wanted.valid or not (wanted.steps or wanted.minutes or wanted.resume):
        raise SystemExit("Give --pool, --valid, and --minutes or --steps; README.md has examples.")
    source = Source(wanted.pool, wanted.side, wanted.batch, wanted.crop, device, wanted.seed)
    trainer = Trainer(wanted, device, source)
    if state:
        trainer.load(state)
    train(trainer, pictures(wanted.valid, wanted.side), wanted)


if __name__ == "__main__":
    main()
