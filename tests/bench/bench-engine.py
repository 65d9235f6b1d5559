#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One table of how fast the engine is on this machine, and where the time goes.

    bench-engine.py PROGRAM [--network NAME --side PIXELS] [--all]

PROGRAM is bench-engine, started anew for each figure. --network and --side choose what is
shown layer by layer; --all adds the largest pictures of the network `paper` and the peer at
every size. The peer is the script that the environment variable HEIRLOOM_BENCH_PEER names,
run as `python3 SCRIPT time --net NAME --size PIXELS --threads N [--channels-last]`, which
prints "… S s per iteration"; without it, or without PyTorch, that part is left out.

GFLOP/s are the operations of direct convolutions over the time, whatever was really
computed; percent is of a large product of matrices by OpenBLAS on as many threads.
Nothing here fails for being slow.
"""
import argparse, json, os, re, subprocess, sys

THREADS = (1, 2)
SIDES = (128, 256, 512, 1024)
PEER_CASES = (("tiny", 256), ("small", 256), ("small", 512))


def child(*command):
    """What a command prints, and its peak of memory in bytes."""
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with status {process.returncode}, see above.")
    return output, usage.ru_maxrss * 1024


class Clock:
    """Runs the program, and remembers each iteration so that it is measured once."""

    def __init__(self, program):
        self.program, self.seen = program, {}

    def run(self, *arguments):
        print("measuring", *arguments, file=sys.stderr, flush=True)
        output, peak = child(self.program, *arguments)
        return [json.loads(line) for line in output.splitlines()], peak

    def iteration(self, network, side, threads):
        key = network, side, threads
        if key not in self.seen:
            (row,), peak = self.run("iteration", *key)
            parts = dict(zip(("draw", "forward", "backward", "step", "seconds"), row["seconds"]))
            self.seen[key] = row | parts | {"peak": peak}
        return self.seen[key]

    def sgemm(self):
        return {threads: self.run("sgemm", threads)[0][0] for threads in THREADS}


def count(threads):
    return f"{threads} thread{'s' * (threads > 1)}"


def rate(operations, seconds, sgemm):
    if not seconds:
        return f"{'-':>8}{'':>7}{'':>5}"
    return f"{seconds * 1e3:8.2f}{operations / seconds / 1e9:7.1f}{operations / seconds / sgemm:5.0%}"


def shape(layer):
    stride = "/2" if layer["stride"] == 2 else ""
    return (f"{layer['scale']} {layer['name']:6} {layer['in']:3}>{layer['out']:<3} "
            f"{layer['kernel']}x{layer['kernel']}{stride:2} {layer['side']:4}")


def check_operations(layers, whole):
    found = sum(layer["operations"] * (2 if layer["first"] else 3) for layer in layers)
    if found != whole["operations"]:
        sys.exit(f"The layers in bench-engine.c make {found:.0f} operations, the network "
                 f"{whole['operations']:.0f}: bring measure_layers() up to date with nn/hourglass.c.")


def show_layers(title, layers, whole, sgemm):
    """Each convolution's three products, then everything else by kind."""
    between, products = {}, 0

    def note(kind, forward, backward):
        old = between.get(kind, (0, 0))
        between[kind] = old[0] + forward, old[1] + backward

    print(f"\n{title}: each layer by itself, ms, GFLOP/s, percent of sgemm")
    print(f"{'scale, layer, shape, side':26}{'forward':>20}{'data gradient':>20}{'weight gradient':>20}")
    for layer in layers:
        seconds, operations = layer["seconds"], layer["operations"]
        if layer["name"] == "join":
            note("skips, stored", seconds[0], seconds[5])
            note("upsampling", seconds[1], seconds[4])
            note("normalisation where skip and deep meet", seconds[2], seconds[3])
            continue
        print(shape(layer).ljust(26) + rate(operations, seconds[1], sgemm)
              + rate(0 if layer["first"] else operations, 0 if layer["first"] else seconds[4], sgemm)
              + rate(operations, seconds[3], sgemm))
        products += seconds[1] + seconds[3] + (0 if layer["first"] else seconds[4])
        note("weights, packed (on one thread here)", seconds[0], 0)
        note("loss" if layer["name"] == "last" else "normalisation of the convolutions", 0, seconds[2])
    note("noise of the input", whole["draw"], 0)
    note("Adam", 0, whole["step"])
    print(f"{'the layers between, ms':42}{'forward':>8}{'backward':>10}{'of iteration':>14}")
    rest = sum(map(sum, between.values()))
    for kind, (forward, backward) in between.items():
        print(f"{kind:42}{forward * 1e3:8.2f}{backward * 1e3:10.2f}"
              f"{(forward + backward) / whole['seconds']:14.1%}")
    print(f"all between {rest * 1e3:.1f} ms ({rest / whole['seconds']:.0%} of the iteration), convolutions "
          f"{products * 1e3:.1f} ms ({products / whole['seconds']:.0%}); the iteration itself "
          f"{whole['seconds'] * 1e3:.1f} ms")


def show_iterations(clock, cases, sgemm):
    print("\nwhole iterations: noise, forward, backward, Adam")
    print(f"{'network':8}{'side':>5}{'threads':>8}{'seconds':>10}{'GFLOP/s':>9}{'sgemm':>7}"
          f"{'ns/pixel':>10}{'arena B/pixel':>15}{'process MB':>12}")
    for network, side in cases:
        for threads in THREADS:
            row = clock.iteration(network, side, threads)
            speed = row["operations"] / row["seconds"]
            print(f"{network:8}{side:5}{threads:8}{row['seconds']:10.4f}{speed / 1e9:9.1f}"
                  f"{speed / sgemm[threads]:7.0%}{row['seconds'] / side ** 2 * 1e9:10.0f}"
                  f"{row['memory'] / side ** 2:15.0f}{row['peak'] / 1e6:12.0f}")


def peer_times(script, network, side):
    """Seconds, peak and setting of each way in which the peer can be run, each tried twice at
    some distance, so that a busy moment of the machine does not speak against it."""
    for threads in THREADS * 2:
        for layout in ([], ["--channels-last"]):
            print("measuring the peer", network, side, threads, *layout, file=sys.stderr, flush=True)
            output, peak = child("python3", script, "time", "--net", network, "--size", side,
                                 "--threads", threads, *layout)
            seconds = float(re.search(r"([0-9.]+) s per iteration", output)[1])
            yield seconds, peak, " ".join([count(threads), *layout])


def show_denoiser(rows, sgemm):
    print("\nthe learned denoiser, one pass, colour, weights of the default sizes")
    print(f"{'side':>4}{'threads':>8}{'pieces':>7}{'seconds':>10}{'GFLOP/s':>9}{'sgemm':>7}{'arena MB':>10}")
    for (side, threads), row in rows.items():
        speed = row["operations"] / row["seconds"][0]
        print(f"{side:4}{threads:8}{row['pieces']:7}{row['seconds'][0]:10.4f}{speed / 1e9:9.1f}"
              f"{speed / sgemm[threads]:7.0%}{row['memory'] / 1e6:10.0f}")


def measure_peer(clock, script, cases):
    _, empty = child("python3", "-c", "import torch")
    lines = ["", f"the peer {os.path.basename(script)} at its best setting (PyTorch alone, before any "
             f"work: {empty / 1e6:.0f} MB)",
             f"{'network':8}{'side':>5}{'its s':>9}{'our s':>9}{'faster':>8}{'its MB':>9}{'our MB':>8}"
             f"{'share':>7}  its setting"]
    for network, side in cases:
        seconds, peak, setting = min(peer_times(script, network, side))
        ours = min((clock.iteration(network, side, n) for n in THREADS), key=lambda row: row["seconds"])
        lines.append(f"{network:8}{side:5}{seconds:9.4f}{ours['seconds']:9.4f}"
                     f"{seconds / ours['seconds']:7.1f}x{peak / 1e6:9.0f}{ours['peak'] / 1e6:8.0f}"
                     f"{ours['peak'] / peak:7.0%}  {setting}")
    return lines


def wanted_peer():
    script = os.environ.get("HEIRLOOM_BENCH_PEER")
    if not script:
        return None, "No peer: HEIRLOOM_BENCH_PEER names no script."
    if not os.path.exists(script):
        sys.exit(f"HEIRLOOM_BENCH_PEER names {script}, which does not exist here.")
    if subprocess.run(["python3", "-c", "import torch"], stderr=subprocess.DEVNULL).returncode:
        return None, "No peer: python3 has no PyTorch (Debian: python3-torch)."
    return script, ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--network", default="small", choices=("tiny", "small", "paper"))
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    cases = [(network, side) for network in ("tiny", "small", "paper") for side in SIDES
             if options.all or network != "paper" or side <= 512]
    clock, (script, no_peer) = Clock(options.program), wanted_peer()

    start, load = clock.sgemm(), os.getloadavg()[0]
    layers = {n: clock.run("layers", options.network, options.side, n)[0] for n in THREADS}
    for n in THREADS:
        check_operations(layers[n], clock.iteration(options.network, options.side, n))
    for case in cases:
        for n in THREADS:
            clock.iteration(*case, n)
    denoiser = {(side, n): clock.run("denoiser", side, n)[0][0] for side in (512, 1024)
                for n in THREADS}
    peer = measure_peer(clock, script, cases if options.all else PEER_CASES) if script else ["", no_peer]
    end = clock.sgemm()
    sgemm = {n: max(start[n]["rate"], end[n]["rate"]) for n in THREADS}

    print(f"\nsgemm 2048x2048x2048, GFLOP/s (load of the machine at the start {load:.1f}; the "
          f"engine's kernels: {start[1]['simd']})")
    for n in THREADS:
        print(f"{count(n)}: start {start[n]['rate'] / 1e9:.1f}, end {end[n]['rate'] / 1e9:.1f}, "
              f"best {sgemm[n] / 1e9:.1f}")
    for n in THREADS:
        show_layers(f"{options.network} {options.side}x{options.side}, {count(n)}", layers[n],
                    clock.iteration(options.network, options.side, n), sgemm[n])
    show_iterations(clock, cases, sgemm)
    show_denoiser(denoiser, sgemm)
    print("\n".join(peer))


main()
