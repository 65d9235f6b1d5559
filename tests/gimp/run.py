# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a script inside the headless GIMP and passes on the TAP lines it wrote.

    run.py BUILD_DIR SCRIPT

GIMP and its plug-ins print freely on standard output, so the script writes its TAP to the
file that HEIRLOOM_TAP names. A script that dies leaves no plan ("1..N") behind, which the
reader of TAP counts as a failure.
"""
import os
import subprocess
import sys
import tempfile

build, script = map(os.path.abspath, sys.argv[1:3])
here = os.path.dirname(os.path.abspath(__file__))
headless = os.path.join(here, "..", "..", "tools", "gimp-headless")

if script.endswith(".scm"):
    interpreter = "plug-in-script-fu-eval"
    command = f'(load "{script}")'
else:
    interpreter = "python-fu-eval"
    command = (f'import sys; sys.path.insert(0, {here!r}); '
               f'exec(compile(open({script!r}).read(), {script!r}, "exec"))')

with tempfile.TemporaryDirectory() as folder:
    more = {"HEIRLOOM_EXCHANGE": folder, "HEIRLOOM_SCRIPT": script,
            "HEIRLOOM_CLI": os.path.join(build, "plug-in", "cli", "heirloom")}
    if script.endswith("meanwhile.py"):
        more["HEIRLOOM_MORE_PLUG_IN"] = os.path.join(here, "hand.py")
    tap = os.path.join(folder, "tap")
    ended = subprocess.run(
        [headless, build, "-i", "-d", "--batch-interpreter=" + interpreter,
         "-b", command, "--quit"],
        env=os.environ | more | {"HEIRLOOM_TAP": tap, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace")
    lines = open(tap).read() if os.path.exists(tap) else ""

print(lines, end="")
if "\n1.." not in "\n" + lines or "not ok" in lines or ended.returncode != 0:
    print("# GIMP ended with status", ended.returncode, "and said:")
    for line in ended.stdout.splitlines():
        print("#", line)
    sys.exit(ended.returncode or 1)
