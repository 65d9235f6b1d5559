# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of GIMP on a virtual screen, worked by a script the way a person works it.

    screen.py BUILD_DIR HANDS [LOCALE [SCREENSHOT_FOLDER]]

HANDS is that script, such as window_hands.py, and uses hands.py. The locale, such as de_DE, is
made here, in a folder of its own, because the machine may have none. Without Xvfb, D-Bus or
AT-SPI there is nothing to see, and the test is skipped. Screenshots are kept in
SCREENSHOT_FOLDER, by default in BUILD_DIR/screenshots.
"""
import os
import shutil
import subprocess
import sys
import tempfile

HELP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "help")
TOOLS = ("gimp", "Xvfb", "xvfb-run", "dbus-run-session", "localedef", "pkg-config")

GIMPRC = """(config-version "3.0.4")
(theme-color-scheme {theme})
(show-welcome-dialog no)
(check-updates no)
(save-session-info no)
(restore-session no)
(color-profile-policy keep)
"""


def make_browser(data, record):
    """A web browser that only notes the address that it was asked for."""
    applications = os.path.join(data, "applications")
    program = os.path.join(data, "browser")
    os.makedirs(applications)
    with open(program, "w") as file:
        file.write(f'#!/bin/sh\necho "$1" > "{record}.new" && mv "{record}.new" "{record}"\n')
    os.chmod(program, 0o755)
    with open(os.path.join(applications, "browser.desktop"), "w") as file:
        file.write(f"[Desktop Entry]\nType=Application\nName=Browser\nExec={program} %u\n"
                   "MimeType=text/html;x-scheme-handler/file;\n")
    with open(os.path.join(applications, "mimeapps.list"), "w") as file:
        file.write("[Default Applications]\ntext/html=browser.desktop\n"
                   "x-scheme-handler/file=browser.desktop\n")


def make_translations(folder, build, language):
    """What was built, and nothing at all for a language without a translation: GLib asks for one
    before GTK may mirror the window of a language that is read from the right."""
    shutil.copytree(os.path.join(build, "po"), folder)
    path = os.path.join(folder, language, "LC_MESSAGES", "heirloom.mo")
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path))
        subprocess.run(["msgfmt", "-o", path, "-"], check=True, text=True,
                       input='msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')


def make_profile(folder, build, locale):
    """A profile of its own with our plug-in and the interpreter, as tools/gimp-headless
    makes one for gimp-console; returns the environment."""
    paths = {name: os.path.join(folder, name) for name in
             ("gimp", "home", "config", "cache", "data", "run", "tmp", "ours/heirloom",
              "theirs", "locales")}
    for path in paths.values():
        os.makedirs(path, mode=0o700)
    with open(os.path.join(paths["gimp"], "gimprc"), "w") as file:
        file.write(GIMPRC.format(theme=os.environ.get("HEIRLOOM_THEME", "dark")))
    shutil.copy(os.path.join(build, "plug-in", "heirloom"), paths["ours/heirloom"])
    make_translations(os.path.join(paths["ours/heirloom"], "locale"), build,
                      locale.split("_")[0])
    libraries = subprocess.run(["pkg-config", "--variable=gimplibdir", "gimp-3.0"], check=True,
                               capture_output=True, text=True).stdout.strip()
    for name in "python-eval", "help", "web-browser":
        os.symlink(os.path.join(libraries, "plug-ins", name), os.path.join(paths["theirs"], name))
    os.symlink(HELP, os.path.join(paths["ours/heirloom"], "help"))
    make_browser(paths["data"], os.path.join(paths["tmp"], "browsed"))
    subprocess.run(["localedef", "-i", locale, "-f", "UTF-8",
                    os.path.join(paths["locales"], locale + ".UTF-8")], check=True)

    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(("LC_", "XDG_", "DBUS_"))
                   and name not in ("LANGUAGE", "NO_AT_BRIDGE", "DISPLAY", "WAYLAND_DISPLAY")}
    return environment | {
        "GIMP3_DIRECTORY": paths["gimp"],
        "GIMP_TESTING_PLUGINDIRS": os.path.dirname(paths["ours/heirloom"]) + ":"
                                   + paths["theirs"],
        "HOME": paths["home"], "TMPDIR": paths["tmp"], "XDG_CONFIG_HOME": paths["config"],
        "XDG_CACHE_HOME": paths["cache"], "XDG_DATA_HOME": paths["data"],
        "XDG_RUNTIME_DIR": paths["run"], "LOCPATH": paths["locales"], "LANG": locale + ".UTF-8",
        "LIBGL_ALWAYS_SOFTWARE": "1", "GDK_BACKEND": "x11", "PYTHONDONTWRITEBYTECODE": "1",
        "HEIRLOOM_EXCHANGE": paths["tmp"]}


def main():
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print("1..0 # SKIP", ", ".join(missing), "not found")
        return 0
    build, hands = map(os.path.abspath, sys.argv[1:3])
    locale = sys.argv[3] if len(sys.argv) > 3 else "en_GB"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        environment = make_profile(folder, build, locale)
        environment["HEIRLOOM_SCREENSHOTS"] = os.path.abspath(
            sys.argv[4] if len(sys.argv) > 4 else os.path.join(build, "screenshots"))
        os.makedirs(environment["HEIRLOOM_SCREENSHOTS"], exist_ok=True)
        command = ["dbus-run-session", "--", "xvfb-run", "--auto-servernum",
                   "--server-args=-screen 0 1280x900x24", sys.executable, hands]
        with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace") as process:
            # The desktop's services print on the same output.
            for line in process.stdout:
                is_tap = line.startswith(("ok ", "not ok ", "1..", "#"))
                print(line if is_tap else "# " + line, end="", flush=True)
    return process.returncode


sys.exit(main())
