#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the finder of damage on drawn damage, and exports its weights for the plug-in.

    find.py --damage PROGRAM --pool POOL --checkpoint FILE --minutes 60    trains
    find.py … --resume                                                     goes on
    find.py --checkpoint FILE --export finder.safetensors                  exports

PROGRAM is what damage.c becomes; it runs beside and draws each sample once.  POOL is what
tools/train/leaves writes.  No photograph is read.  README.md beside this file has the recipe.

The network, the optimisers and the loop are the denoiser's (network.py, train.py).  The map of
the noise is the constant 1, and so stands in for biases; the noise that the network would take
out is read as three planes of logits: damage, wide loss, see-through stain.
"""
import argparse
import os
import pathlib
import signal
import subprocess
import numpy
import torch
from torch.nn import functional
import network
import train

SIDE = 192  # pixels a side of a sample
PIXELS = SIDE * SIDE
RECORD = 7 * PIXELS  # damaged and sound in RGB, and the label
VALIDATION_SEED = 1000003
VALIDATION = 96  # samples
RECALL = 0.4
SOUND, DAMAGED, UNKNOWN = 0, 1, 2


class Source:
    """Batches of samples, each drawn damaged and sound, as the program writes them.

    A label has two bits for each plane: sound, damaged, or not known.
    """

    def __init__(self, options, seed, first=0):
        self.options, self.seed, self.done, self.program = options, seed, first, None

    def read(self, count):
        if not self.program:
            self.program = subprocess.Popen(
                [self.options.damage, "--pool", self.options.pool, "--seed", str(self.seed),
                 "--first", str(self.done)], stdout=subprocess.PIPE, bufsize=4 * RECORD,
                # Ctrl-C is for the trainer, which saves; the program then ends with its pipe.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        data = bytearray(self.program.stdout.read(count * RECORD))
        if len(data) != count * RECORD:
            raise SystemExit(f"{self.options.damage} stopped: see what it wrote above.")
        self.done += count
        return torch.frombuffer(data, dtype=torch.uint8).view(count, RECORD)

    def next(self, count=None):
        """Pictures (N, 3, SIDE, SIDE), 0..1, the first half damaged, and that half's labels."""
        count = count or self.options.batch
        record = self.read(count)
        x = record[:, :6 * PIXELS].view(count, 2, SIDE, SIDE, 3).permute(1, 0, 4, 2, 3)
        x = x.reshape(2 * count, 3, SIDE, SIDE).to(torch.float32) / 255
        label = record[:, 6 * PIXELS:].view(count, 1, SIDE, SIDE)
        label = torch.cat([(label >> shift) & 3 for shift in (0, 2, 4)], 1)
        return x.contiguous(memory_format=torch.channels_last), label

    def stop(self):
        if self.program:
            self.program.kill()
            self.program.wait()
            self.program = None

    def state(self):
        return self.done

    def go_on(self, state):
        self.stop()
        self.done = state


def logits(net, x):
    with train.autocast(x.device):
        return net.noise(x, torch.ones_like(x[:, :1])).float()


class Finder(train.Trainer):
    """The denoiser's trainer with another aim."""

    measure = "validation_wrong_percent"

    def __init__(self, options, device, source):
        super().__init__(options, device, source)
        self.teacher = network.read(options.teacher).to(device) if options.teacher else None

    def loss(self):
        x, label = self.source.next()
        x, label = x.to(self.device), label.to(self.device)
        z = logits(self.net, x)
        half = len(label)
        truth = torch.cat([label == DAMAGED, torch.zeros_like(label, dtype=torch.bool)]).float()
        known = torch.cat([label != UNKNOWN, torch.ones_like(label, dtype=torch.bool)]).float()
        if self.teacher:
            # Its answer where damage is, or may be; nothing where it is not.
            with torch.no_grad():
                found = torch.sigmoid(logits(self.teacher, x[:half])[:, 0])
            own = self.options.own * truth[:half, 0] + (1 - self.options.own) * found
            truth[:half, 0] = torch.where(label[:, 0] == DAMAGED, own,
                                          found * (label[:, 0] == UNKNOWN))
            known[:half, 0] = 1
        entropy = functional.binary_cross_entropy_with_logits(z, truth, reduction="none")
        entropy = ((entropy * known).sum((0, 2, 3)) / known.sum((0, 2, 3)))
        share = torch.tensor([1.0, self.options.wide, self.options.stain], device=self.device)
        return (entropy * share).sum()

    @torch.no_grad()
    def validate(self, _):
        """What is wrongly selected of the sound twins, in percent, at the level that finds RECALL.

        On samples that are drawn with another seed.  It does not depend on how sure the network
        says it is, which a teacher or other shares of damage change.
        """
        source = Source(self.options, VALIDATION_SEED)
        damaged, sound = [], []
        for _ in range(VALIDATION // 8):
            x, label = source.next(8)
            z = logits(self.mean, x.to(self.device))[:, 0].cpu()
            damaged.append(z[:8][label[:, 0] == DAMAGED])
            sound.append(z[8:].flatten())
        source.stop()
        level = numpy.quantile(torch.cat(damaged).numpy(), 1 - RECALL)
        return 100 * (torch.cat(sound) > level).float().mean().item()


def options():
    def sizes(text):
        return [int(number) for number in text.split(",")]

    parser = argparse.ArgumentParser(description="Trains the finder of damage; see README.md.")
    add = parser.add_argument
    add("--damage", help="the program that draws the samples, from damage.c")
    add("--pool", help="pictures from leaves, 320 pixels a side")
    add("--checkpoint", default="finder.pt", help="the state, kept every five minutes")
    add("--resume", action="store_true", help="go on from the checkpoint")
    add("--start", metavar="FILE", help="begin with these weights; the sizes are the file's")
    add("--teacher", metavar="FILE", help="weights whose answer on damage is kept to; what is "
        "sound is still learnt from the labels")
    add("--own", type=float, default=0.3, help="weight of the labels of damage beside the teacher")
    add("--export", metavar="FILE", help="write the checkpoint's averaged weights, and end")
    add("--f32", action="store_true", help="export in single precision instead of half")
    add("--log", default=str(pathlib.Path(__file__).with_name("log-find.csv")))
    add("--minutes", type=float, help="how long to train from now on, stops not counted")
    add("--steps", type=int, help="how many steps to take in all")
    add("--batch", type=int, default=2, help="scenes in a step; each counts damaged and sound")
    add("--rate", type=float, default=2e-3, help="the highest learning rate")
    add("--warmup", type=int, default=100, help="steps until the highest rate")
    add("--clip", type=float, default=1.0, help="the largest norm of a gradient")
    add("--wide", type=float, default=0.5, help="weight of the plane of wide loss")
    add("--stain", type=float, default=0.25, help="weight of the plane of see-through stains")
    add("--widths", type=sizes, default=[32, 64, 96])
    add("--blocks", type=sizes, default=[1, 2, 4])
    add("--seed", type=int, default=1)
    add("--threads", type=int, default=os.cpu_count())
    add("--device", default="cpu", help="cpu or cuda")
    return parser.parse_args()


def main():
    wanted = options()
    torch.set_num_threads(wanted.threads)
    device = torch.device(wanted.device)
    state = None
    if wanted.resume or wanted.export:
        state = torch.load(wanted.checkpoint, map_location=device, weights_only=True)
        wanted.widths, wanted.blocks = state["widths"], state["blocks"]
    if wanted.export:
        net = network.Denoiser(wanted.widths, wanted.blocks)
        net.load_state_dict(state["mean"])
        network.write(net, wanted.export, numpy.float32 if wanted.f32 else numpy.float16)
        return
    if not (wanted.damage and wanted.pool and (wanted.steps or wanted.minutes or wanted.resume)):
        raise SystemExit("Give --damage, --pool, and --minutes or --steps; README.md has examples.")
    if wanted.start:
        start = network.read(wanted.start)
        wanted.widths, wanted.blocks = start.widths, start.counts
    source = Source(wanted, wanted.seed)
    trainer = Finder(wanted, device, source)
    if state:
        trainer.load(state)
    train.train(trainer, None, wanted)
    source.stop()


if __name__ == "__main__":
    main()
