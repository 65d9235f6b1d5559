#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second hand for the tests: an extension of GIMP that starts with it, and does what the file
"do" in the folder HEIRLOOM_EXCHANGE says, in Python, as soon as our plug-in is at work."""
import os
import sys
import time

import gi
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib

NAME = "extension-heirloom-hand"


def is_at_work():
    """Whether the plug-in's own thread is running: it has read the image by then."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as command, open(f"/proc/{pid}/stat") as file:
                parts, parent = command.read().split(b"\0"), file.read().rsplit(")", 1)[1].split()[1]
            if int(parent) != os.getppid() or not parts[0].endswith(b"/heirloom"):
                continue
            names = [open(f"/proc/{pid}/task/{task}/comm").read().strip()
                     for task in os.listdir(f"/proc/{pid}/task")]
            if "heirloom-work" in names:
                return True
        except OSError:
            continue
    return False


class Hand(Gimp.PlugIn):
    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return [NAME]

    def do_create_procedure(self, name):
        return Gimp.Procedure.new(self, name, Gimp.PDBProcType.PERSISTENT, self.run, None)

    def run(self, procedure, config, data):
        gimp, path = os.getppid(), os.path.join(os.environ["HEIRLOOM_EXCHANGE"], "do")
        procedure.persistent_ready()
        while os.getppid() == gimp:
            time.sleep(0.05)
            if os.path.exists(path) and is_at_work():
                with open(path) as file:
                    what = file.read()
                exec(what)
                os.rename(path, path + "ne")
        return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, GLib.Error())


Gimp.main(Hand.__gtype__, sys.argv)
