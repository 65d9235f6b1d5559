# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds a copy of the source outside git, and installs it for one user and for everybody: what
lies where then, and that nothing is left once it is uninstalled.

    test-install.py SOURCE_ROOT GIMPLIBDIR GIMP_VERSION
"""
import os
import shutil
import subprocess
import sys
import tempfile

source, gimplibdir, gimp_version = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3]
languages = open(os.path.join(source, "po", "LINGUAS")).read().split()
# The plug-in finds its translations and its manual beside itself.
PLUG_IN = ["heirloom/heirloom"] + [f"heirloom/locale/{language}/LC_MESSAGES/heirloom.mo"
                                   for language in languages]
DATA = os.path.join(source, "data")
PLUG_IN += [os.path.join("heirloom", os.path.relpath(place, DATA), name)
            for place, _, names in os.walk(os.path.join(DATA, "help")) for name in names]
SYSTEM = ["/usr/bin/heirloom", "/usr/share/man/man1/heirloom.1",
          "/usr/share/metainfo/org.gimp.GIMP.Plugin.Heirloom.metainfo.xml"]
number = 0


def report(passed, name, *details):
    global number
    number += 1
    print("ok" if passed else "not ok", number, "-", name, flush=True)
    for line in details if not passed else ():
        print("#", line)


def run(*command, **variables):
    """Whether the command succeeded; what it said is shown where it did not."""
    ended = subprocess.run(command, env=os.environ | variables, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if ended.returncode:
        for line in ended.stdout.splitlines()[-40:]:
            print("#", line)
    return ended.returncode == 0


def copy_source(folder):
    """The files that are in git or would be; of a release archive, all."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", source, "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"], capture_output=True, text=True)
    if listed.returncode:
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("build*"))
        return
    for name in listed.stdout.rstrip("\0").split("\0"):
        if os.path.exists(os.path.join(source, name)):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            shutil.copy(os.path.join(source, name), os.path.join(folder, name))


def below(folder):
    """All files under the folder, and its empty folders, as paths within it."""
    for place, folders, names in os.walk(folder):
        for name in names or ([] if folders else [""]):
            yield "/" + os.path.relpath(os.path.join(place, name), folder)


def check(name, build, root, wanted, **variables):
    """Installs under @root, which holds one file of somebody else's, and uninstalls."""
    others = os.path.join(root, os.path.dirname(wanted[0]).lstrip("/"), "..", "other", "other")
    os.makedirs(os.path.dirname(os.path.normpath(others)))
    open(os.path.normpath(others), "w").close()
    before = sorted(below(root))

    report(run("meson", "install", "-C", build, **variables), f"{name}: installs")
    found = sorted(set(below(root)) - set(before))
    report(found == sorted(wanted), f"{name}: each file in its place",
           *("missing: " + path for path in sorted(set(wanted) - set(found))),
           *("too much: " + path for path in sorted(set(found) - set(wanted))))
    programs = [path for path in wanted if os.path.basename(path) == "heirloom"]
    report(all(os.access(root + path, os.X_OK) for path in programs),
           f"{name}: the programs can be run")
    report(run("ninja", "-C", build, "uninstall", **variables)
           and sorted(below(root)) == before,
           f"{name}: uninstalled, nothing is left, and what was there before is", *below(root))


with tempfile.TemporaryDirectory() as work:
    copy, build, home, system = (os.path.join(work, name)
                                 for name in ("heirloom", "build", "home", "system"))
    copy_source(copy)
    config = os.path.join(home, ".config")
    built = run("meson", "setup", build, copy, "--prefix=/usr", "--buildtype=plain",
                "-Dtests=false", "-Dcli=false", "-Dgimp=enabled", "-Dinstall_for=user",
                XDG_CONFIG_HOME=config) and run("ninja", "-C", build)
    report(built, "builds outside git")
    if built:
        folder = f"/.config/GIMP/{gimp_version}/plug-ins/"
        check("for one user", build, home, [folder + path for path in PLUG_IN])
        # Where the plug-in goes is not compiled into it.
        report(run("meson", "configure", build, "-Dcli=true", "-Dinstall_for=system")
               and run("ninja", "-C", build), "builds for everybody")
        check("for everybody", build, system,
              [f"{gimplibdir}/plug-ins/{path}" for path in PLUG_IN] + SYSTEM, DESTDIR=system)
print(f"1..{number}")
