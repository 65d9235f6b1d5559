# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs a folder so that the same files make the same bytes: in one order, at one time.

    zip.py FOLDER FILE.zip
"""
import os
import sys
import zipfile


def main(folder, path):
    parent = os.path.dirname(folder)
    names = sorted(os.path.join(at, name) for at, _, files in os.walk(folder) for name in files)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name in names:
            entry = zipfile.ZipInfo(os.path.relpath(name, parent), (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            with open(name, "rb") as file:
                packed.writestr(entry, file.read())


main(*sys.argv[1:])
