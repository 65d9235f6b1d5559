# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries the Windows build under Wine, as far as that goes, and prints a table of it.

    try.py REPOSITORY BUILD FOLDER HEIRLOOM

BUILD holds what tools/package-windows built, FOLDER is what it packed, HEIRLOOM the same program for
this machine. The status is 1 where something failed.
"""
import atexit
import collections
import concurrent.futures
import functools
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

WINE = "/usr/lib/wine/wine64"
WINE_SERVER = "/usr/lib/wine/wineserver64"
SYSTEM = "/usr/lib/x86_64-linux-gnu/wine/x86_64-windows"
PAIRS = 6
SUITES = "unit", "gradient", "golden", "property", "pipeline"

rows = []


def add(what, good, remark):
    rows.append((what, "passed" if good else "FAILED", remark))
    print(f"{what}: {rows[-1][1]}; {remark}", file=sys.stderr)


def run_test(repository, test):
    """What a test in C said, and whether all of it passed. Not run by meson, for which nothing may
    come before the TAP: GLib's thread that lists the programs of Windows writes comments at any time."""
    try:
        done = subprocess.run([f"{repository}/tools/windows/wine", *test["cmd"]], env=os.environ | test["env"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", timeout=4 * test["timeout"])
    except subprocess.TimeoutExpired as error:
        return str(error), False
    plan = re.search(r"^1\.\.(\d+)$", done.stdout, re.M)
    passed = len(re.findall(r"^ok ", done.stdout, re.M))
    return done.stdout, done.returncode == 0 and plan and passed == int(plan[1])


def try_suites(repository, build):
    """The tests in C."""
    tests = [test for test in json.loads(subprocess.check_output(["meson", "introspect", "--tests", f"{build}/shell"]))
             if test["protocol"] == "tap" and test["cmd"][0].endswith(".exe")]
    for suite in SUITES:
        chosen = [test for test in tests if f"heirloom:{suite}" in test["suite"]]
        failed = []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for test, (said, good) in zip(chosen, pool.map(functools.partial(run_test, repository), chosen)):
                if not good:
                    failed.append(test["name"])
                    print(said, file=sys.stderr)
        add(f"{suite} tests", chosen and not failed,
            f"{len(chosen)} programs" + (", failed: " + " ".join(failed) if failed else ""))


def try_script(repository, wrapper, name):
    """A script that tests the shell's program."""
    done = subprocess.run([sys.executable, f"{repository}/tests/pipeline/{name}.py", wrapper],
                          stdout=subprocess.PIPE, text=True)
    passed = re.findall(r"^ok \d+ - ([^#\n]*)$", done.stdout, re.M)
    skipped = re.findall(r"^ok \d+ - .* # SKIP (.*)", done.stdout, re.M)
    failed = re.findall(r"^not ok \d+ - (.*)", done.stdout, re.M)
    if failed:
        print(done.stdout, file=sys.stderr)
    add(f"shell's program, {name}", passed and not failed,
        f"{len(passed)} cases" + "".join(f"; {n} not tried: {why}" for why, n in collections.Counter(skipped).items())
        + (", failed: " + ", ".join(failed) if failed else ""))


@functools.cache
def read_image(path):
    """What a program or DLL imports, by DLL, what it exports, and its subsystem."""
    text = subprocess.check_output(["x86_64-w64-mingw32ucrt-objdump", "-p", path], text=True,
                                   errors="replace")
    imports, dll = {}, None
    for line in text.split("\n"):
        if match := re.match(r"\s*DLL Name: (\S+)", line):
            dll = imports.setdefault(match[1].lower(), set())
        elif dll is not None and (match := re.match(r"\s+[0-9a-f]+\s+(?:<none>|[0-9a-f]+)\s+[0-9a-f]*\s*(\S+)$", line)):
            dll.add(match[1])
        elif dll is not None and line.startswith(("The ", "There is", "PE File")):
            dll = None
    table = text.partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0]
    exports = set(re.findall(r"\[ *\d+\].*?(\S+)$", table, re.M))
    return imports, exports, re.search(r"^Subsystem\s+\S+\s+\((.*)\)", text, re.M)[1]


def try_imports(build, folder):
    """Every DLL is in the zip, a part of Windows or, for the plug-in, of GIMP; and has every name."""
    gimp = {}
    for path in glob.glob(f"{build}/libraries/gimp/*.def"):
        name, *symbols = re.findall(r'^(?:LIBRARY "(.*)"|(?!EXPORTS)(\w\S*))', open(path).read(), re.M)
        gimp[name[0].lower()] = {symbol[1] for symbol in symbols}
    missing, count = [], 0
    for path in glob.glob(f"{folder}/**/*.[ed][xl][el]", recursive=True):
        here = os.path.dirname(path)
        for dll, names in read_image(path)[0].items():
            # The C library of Windows 10, in parts.
            real = "ucrtbase.dll" if dll.startswith("api-ms-win-crt-") else dll
            beside = [file for file in os.listdir(here) if file.lower() == dll]
            if beside:
                has = read_image(f"{here}/{beside[0]}")[1]
            elif dll in gimp and "plug-ins" in path:
                has = gimp[dll]
            elif os.path.exists(f"{SYSTEM}/{real}"):
                has = read_image(f"{SYSTEM}/{real}")[1]
            else:
                has = set()
            count += len(names)
            missing += [f"{os.path.basename(path)}: {name} of {dll}" for name in names - has]
    add("every import is there", count and not missing, f"{count} names" + "".join("; " + m for m in missing[:9]))


def try_names(wrapper):
    """A folder and files with spaces and letters beyond ASCII."""
    import numpy as np
    from PIL import Image
    pixels = np.tile(np.arange(64, dtype="u1")[:, None, None] * 3, (1, 80, 3))
    pixels[30:34, 20:60] = 255
    made = []
    for folder in "Alte Bilder", "Großmütter", "фото", "写真 1":
        os.mkdir(folder)
        for kind in "png", "jpg", "tif":
            path = f"{folder}/Oma & Opa — 1932.{kind}"
            Image.fromarray(pixels).save(path)
            done = subprocess.run([wrapper, "restore", path, f"{folder}/новое ä.{kind}"])
            made.append(done.returncode == 0 and Image.open(f"{folder}/новое ä.{kind}").size == (80, 64))
    add("names with spaces and other letters", all(made), f"{sum(made)} of {len(made)} files, PNG, JPEG and TIFF")


def try_threads(wrapper):
    import numpy as np
    from PIL import Image
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 400, 3), "u1")).save("noise.png")
    for threads in "1", "3":
        subprocess.run([wrapper, "restore", "noise.png", f"{threads}.png", "--denoise", "--threads", threads])
    add("the same result with 1 and 3 threads", open("1.png", "rb").read() == open("3.png", "rb").read(), "--denoise")


def processor_time(command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, command
    return used.ru_utime + used.ru_stime


def measure_speed(wrapper, native):
    """What a larger picture takes more than a smaller one: the start, which is slow under Wine, is in
    both. Processor time, by turns and the least of several, as other programs disturb."""
    import numpy as np
    from PIL import Image
    taken = {}
    for height in 300, 900:
        Image.fromarray(np.random.default_rng(1).integers(0, 255, (height, 400, 3), "u1")).save(f"{height}.png")
    for _ in range(PAIRS):
        for height in 300, 900:
            for program in wrapper, native:
                taken.setdefault((program, height), []).append(processor_time(
                    [program, "restore", f"{height}.png", "out.png", "--denoise", "--threads", "1"]))
    more = [min(taken[program, 900]) - min(taken[program, 300]) for program in (wrapper, native)]
    rows.append(("time of the denoiser", "measured", f"{more[0] / more[1]:.2f} times that of the build for this machine, "
                 f"the least of {PAIRS} pairs"))


def main(repository, build, folder, native):
    os.environ.update(WINEPREFIX=f"{build}/wine", WINEDEBUG="-all", WINEPATH=f"{folder}/program",
                      WINEDLLOVERRIDES="mscoree,mshtml,winewayland.drv=;explorer.exe=d",
                      LC_ALL="C.UTF-8", HEIRLOOM_ON_WINDOWS="1")
    wrapper = f"{build}/heirloom"
    with open(wrapper, "w") as file:
        file.write(f'#!/bin/sh\nexec {repository}/tools/windows/wine {folder}/program/heirloom.exe "$@"\n')
    os.chmod(wrapper, 0o755)
    # One server for all of it: to start one takes longer than most of what is tried. What it starts
    # must not hold what this program writes to, hence no explorer.exe, whose desktop nobody needs.
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    os.makedirs(f"{build}/wine", exist_ok=True)
    subprocess.run([WINE_SERVER, "-p"], check=True, **quiet)
    atexit.register(subprocess.run, [WINE_SERVER, "-k"], **quiet)
    subprocess.run([WINE, "wineboot"], check=True, **quiet)

    try_imports(build, folder)
    add("no console window in GIMP", read_image(f"{folder}/plug-ins/heirloom/heirloom.exe")[2] == "Windows GUI",
        "the plug-in's subsystem")
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        try_names(wrapper)
        try_threads(wrapper)
        measure_speed(wrapper, native)
        os.chdir(build)
    try_suites(repository, build)
    for name in "test-cli", "test-files", "test-album":
        try_script(repository, wrapper, name)
    rows.append(("the plug-in in GIMP for Windows", "not tried",
                 "Debian has no GIMP for Windows: its start, windows, translations, and its end with GIMP's pipe"))

    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    for what, result, remark in rows:
        print(f"{what:{widths[0]}}  {result:{widths[1]}}  {remark}")
    return any(row[1] == "FAILED" for row in rows)


sys.exit(main(*map(os.path.abspath, sys.argv[1:])))
