# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel says of processes, for the tests that kill some."""
import os


def all_processes():
    """Number, name, and parent's number of each process; one that has ended and that nobody has
    asked after is none."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                name, rest = file.read().rsplit(")", 1)
        except OSError:  # it went while we looked
            continue
        state, parent = rest.split()[:2]
        if state != "Z":
            yield int(pid), name.split("(", 1)[1], int(parent)


def children(pid):
    """All processes below one, with their names."""
    found, parents = {}, {}
    for other, name, parent in all_processes():
        parents.setdefault(parent, []).append((other, name))
    left = [pid]
    while left:
        for other, name in parents.get(left.pop(), []):
            found[other] = name
            left.append(other)
    return found
