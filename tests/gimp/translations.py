# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether po/heirloom.pot holds what the source says, and each translation is complete.

    translations.py SOURCE_ROOT
"""
import os
import re
import subprocess
import sys
import tempfile

root = os.path.abspath(sys.argv[1])
po = os.path.join(root, "po")
languages = open(os.path.join(po, "LINGUAS")).read().split()
number = 0


def report(passed, name, *details):
    global number
    number += 1
    print("ok" if passed else "not ok", number, "-", name)
    for line in details:
        print("#", line)


def messages(path):
    """The msgids of a catalogue, plurals too, each on one line."""
    text = subprocess.run(["msgcat", "--no-wrap", "--no-location", "--sort-output", path],
                          check=True, capture_output=True, text=True).stdout
    return set(re.findall(r'^msgid(?:_plural)? "(.+)"$', text, re.MULTILINE))


def marked_sources():
    """Source files with a translatable message, as POTFILES.in should list them."""
    for folder, _, names in os.walk(os.path.join(root, "plug-in")):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(".c") and re.search(r'\b_ ?\("', open(path).read()):
                yield os.path.relpath(path, root)


listed = open(os.path.join(po, "POTFILES.in")).read().split()
missing = sorted(set(marked_sources()) - set(listed))
report(not missing, "POTFILES.in lists every file with messages", *missing)

with tempfile.TemporaryDirectory() as folder:
    fresh = os.path.join(folder, "heirloom.pot")
    subprocess.run(["xgettext", "--directory=" + root, "--from-code=UTF-8", "--keyword=_", "--keyword=N_",
                    "--keyword=ngettext:1,2", "--files-from=" + os.path.join(po, "POTFILES.in"),
                    "--output=" + fresh], check=True)
    wanted, there = messages(fresh), messages(os.path.join(po, "heirloom.pot"))
    report(len(wanted) > 40 and wanted == there, "heirloom.pot is up to date",
           *("missing: " + text for text in sorted(wanted - there)),
           *("left over: " + text for text in sorted(there - wanted)))

for language in languages:
    path = os.path.join(po, language + ".po")
    checked = subprocess.run(["msgfmt", "--check", "--statistics", "--output-file=/dev/null",
                              path], capture_output=True, text=True)
    complete = re.fullmatch(r"\d+ translated messages?\.\s*", checked.stderr)
    report(checked.returncode == 0 and complete, language + ".po is complete",
           *checked.stderr.splitlines())
    same = messages(path) == wanted
    report(same, language + ".po has the messages of the source",
           *sorted(wanted ^ messages(path)))
print(f"1..{number}")
