# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether po/heirloom.pot holds what the source says, and each translation is complete, the manual's
too.

    translations.py SOURCE_ROOT
"""
import gettext
import html.parser
import io
import os
import re
import subprocess
import sys
import tempfile

root = os.path.abspath(sys.argv[1])
po = os.path.join(root, "po")
manual = os.path.join(root, "data", "help")
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


class Page(html.parser.HTMLParser):
    """A page of the manual: what it is made of, in its order, but for the words that stand in it; and
    those that name something in the window."""

    NAMING = ("b", "dt", "h2")

    def __init__(self, path):
        super().__init__()
        self.parts, self.names, self.inside = [], [], 0
        self.feed(open(path, encoding="utf-8").read())
        self.names = {" ".join(name.split()).rstrip("…") for name in self.names}

    def handle_starttag(self, tag, attributes):
        kept = [(name, value) for name, value in attributes if name not in ("alt", "lang")]
        # Within a sentence the order is another one in every language.
        if tag not in ("b", "kbd", "a"):
            self.parts.append((tag, kept))
        if tag in self.NAMING:
            self.names.append("")
            self.inside += 1

    def handle_endtag(self, tag):
        self.inside -= tag in self.NAMING

    def handle_data(self, text):
        if self.inside:
            self.names[-1] += text


def plain(label):
    """A label without its mnemonic and without the unit in brackets."""
    return re.sub(r"\s*\((_.|[^()]*)\)$", "", re.sub(r"\s*\(_.\)", "", label).rstrip("…")).replace("_", "")


def labels(language):
    """Those that a catalogue translates, and into what."""
    compiled = subprocess.run(["msgfmt", "--output-file=-", os.path.join(po, language + ".po")],
                              check=True, capture_output=True).stdout
    catalogue = gettext.GNUTranslations(io.BytesIO(compiled))._catalog
    return {plain(text): (plain(other), other.replace("_", "")) for text, other in catalogue.items()
            if isinstance(text, str)}


def check_manual(language, english):
    """It has every part of the English one, and calls what is in the window by its name there."""
    folder = os.path.join(manual, language)
    page, known = Page(os.path.join(folder, "index.html")), labels(language)
    report(page.parts == english.parts, f"the manual in {language} has all parts of the English one",
           *(f"{one} instead of {other}" for one, other in zip(page.parts, english.parts) if one != other))
    wanted = {known[name] for name in english.names if name in known}
    missing = [name for name, whole in sorted(wanted) if not {name, whole} & page.names]
    report(len(wanted) > 30 and not missing, f"the manual in {language} says what the window says", *missing)
    index, of_english = (open(os.path.join(manual, which, "gimp-help.xml"), encoding="utf-8").read()
                         for which in (language, "en"))
    for title in re.findall('title="(.*)"', of_english):
        of_english = of_english.replace(f'"{title}"', f'"{known[title][0]}"')
    report(index == of_english, f"GIMP finds the manual in {language}")


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

english = Page(os.path.join(manual, "en", "index.html"))
for language in languages:
    check_manual(language, english)
print(f"1..{number}")
