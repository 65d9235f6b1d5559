# SPDX-License-Identifier: GPL-3.0-or-later
"""A profile of its own for the whole of GIMP, in which neither the person's settings nor other
plug-ins take part; tools/gimp-headless makes one for gimp-console. The tests on a screen and
tools/pictures use it."""
import os
import shutil
import subprocess

GIMPRC = """(config-version "3.0.4")
(theme-color-scheme {theme})
(show-welcome-dialog no)
(check-updates no)
(save-session-info no)
(restore-session no)
(color-profile-policy keep)
"""


def make_profile(folder, build, plug_ins, theme="dark"):
    """Fills @folder: our plug-in from the build folder, and some of GIMP's own by name. Returns
    the profile's folders by name, and the environment that GIMP finds them by."""
    paths = {name: os.path.join(folder, name) for name in
             ("gimp", "home", "config", "cache", "data", "run", "tmp", "ours/heirloom", "theirs")}
    for path in paths.values():
        os.makedirs(path, mode=0o700)
    with open(os.path.join(paths["gimp"], "gimprc"), "w") as file:
        file.write(GIMPRC.format(theme=theme))
    shutil.copy(os.path.join(build, "plug-in", "gimp", "heirloom"), paths["ours/heirloom"])
    libraries = subprocess.run(["pkg-config", "--variable=gimplibdir", "gimp-3.0"], check=True,
                               capture_output=True, text=True).stdout.strip()
    for name in plug_ins:
        os.symlink(os.path.join(libraries, "plug-ins", name), os.path.join(paths["theirs"], name))
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("LC_", "XDG_")) and name != "LANGUAGE"}
    return paths, environment | {
        "GIMP3_DIRECTORY": paths["gimp"],
        "GIMP_TESTING_PLUGINDIRS": os.path.dirname(paths["ours/heirloom"]) + ":"
                                   + paths["theirs"],
        "HOME": paths["home"], "TMPDIR": paths["tmp"], "XDG_CONFIG_HOME": paths["config"],
        "XDG_CACHE_HOME": paths["cache"], "XDG_DATA_HOME": paths["data"],
        "XDG_RUNTIME_DIR": paths["run"], "LIBGL_ALWAYS_SOFTWARE": "1", "GDK_BACKEND": "x11"}
