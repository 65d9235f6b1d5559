# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is lost, whoever is killed when.

    lost.py BUILD_DIR [TIMES]

Kills the plug-in TIMES times at random moments of its work, 10 unless said otherwise, then GIMP
itself a tenth as often, at least once: no process remains then, and the file that was open is
whole.  Prints TAP.
"""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

from PIL import Image

from processes import all_processes, children

HERE = os.path.dirname(os.path.abspath(__file__))
HEADLESS = os.path.join(HERE, "..", "..", "tools", "gimp-headless")

# Works for minutes, unless it is ended.
LONG_RUN = """
import sys; sys.path.insert(0, {here!r})
from inside import call, select
from gi.repository import Gimp, Gio
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({photo!r}))
select(image, 40, 30, 60, 50)
call(image, image.get_layers(), method="deep", fill="cautious", iterations=20000)
"""


def works(processes):
    """Whether the plug-in is among them, not asked what it offers, but at work."""
    for pid, name in processes.items():
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if name == "heirloom" and b"-run" in file.read().split(b"\0"):
                    return True
        except OSError:
            pass
    return False


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def alive(pids):
    return [pid for pid, name, parent in all_processes() if pid in pids]


def kill_gimp(number, build, folder):
    photo = os.path.join(folder, "photo.png")
    Image.radial_gradient("L").save(photo)
    with open(photo, "rb") as file:
        before = file.read()
    started = subprocess.Popen(
        [HEADLESS, build, "-i", "-d", "--batch-interpreter=python-fu-eval", "-b",
         LONG_RUN.format(here=HERE, photo=photo), "--quit"],
        env=os.environ | {"HEIRLOOM_TAP": os.devnull, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    below = {}
    try:
        wait_for(lambda: works(children(started.pid)), 120, "GIMP did not start")
        time.sleep(random.Random(number).uniform(0, 1.5))
        below = children(started.pid)
        gimp = [pid for pid, name in below.items() if name.startswith("gimp-console")]
        assert gimp and works(below), below
        os.kill(gimp[0], signal.SIGKILL)
        wait_for(lambda: not alive(below), 20, "some of these remain: %s" % below)
    finally:
        for pid in alive([*below, *children(started.pid)]):
            os.kill(pid, signal.SIGKILL)
        started.wait(60)
    with open(photo, "rb") as file:
        assert file.read() == before, "the file changed"


def main():
    build, times = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10
    print("1..2", flush=True)
    ended = subprocess.run([sys.executable, os.path.join(HERE, "run.py"), build,
                            os.path.join(HERE, "lost_inside.py")],
                           env=os.environ | {"HEIRLOOM_KILLS": str(times)},
                           stdout=subprocess.PIPE, text=True)
    failed = ended.returncode != 0
    # Of each kill GIMP says a lot; only where something is wrong is it worth reading.
    for line in ended.stdout.splitlines():
        if failed or " kills within " in line:
            print("#", line.lstrip("# "))
    print("not ok" if failed else "ok", "1 - the plug-in killed %d times" % times, flush=True)
    try:
        for number in range(max(times // 10, 1)):
            with tempfile.TemporaryDirectory() as folder:
                kill_gimp(number, build, folder)
        print("ok 2 - GIMP killed %d times" % max(times // 10, 1))
    except AssertionError as error:
        failed = True
        print("not ok 2 - GIMP killed\n#", error)
    return failed


sys.exit(main())
