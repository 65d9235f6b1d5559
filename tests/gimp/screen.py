# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of GIMP on a virtual screen, worked by a script the way a person works it.

    screen.py BUILD_DIR HANDS [LOCALE [SCREENSHOT_FOLDER]]

HANDS is that script, such as window_hands.py, and uses hands.py. The locale, such as de_DE, is
made here, in a folder of its own, because the machine may have none. Without Xvfb, D-Bus or
AT-SPI there is nothing to see, and the test is skipped. Screenshots are kept in
SCREENSHOT_FOLDER, by default in BUILD_DIR/screenshots. HEIRLOOM_SCREEN is the size of the screen,
by default 1280x900, and GDK_SCALE how many of its pixels make one of the window's.
"""
import os
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
HELP = os.path.join(REPOSITORY, "data", "help")
sys.path.insert(0, os.path.join(REPOSITORY, "tools"))
from gimp_profile import make_profile

TOOLS = ("gimp", "Xvfb", "xvfb-run", "dbus-run-session", "localedef", "pkg-config")


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


def make_screen_profile(folder, build, locale):
    """A profile with the manual, a browser, the translations and the locale beside our plug-in;
    returns the environment."""
    paths, environment = make_profile(folder, build, ["python-eval", "help", "web-browser"],
                                      os.environ.get("HEIRLOOM_THEME", "dark"))
    ours, locales = paths["ours/heirloom"], os.path.join(folder, "locales")
    os.symlink(HELP, os.path.join(ours, "help"))
    make_browser(paths["data"], os.path.join(paths["tmp"], "browsed"))
    make_translations(os.path.join(ours, "locale"), build, locale.split("_")[0])
    os.makedirs(locales)
    subprocess.run(["localedef", "-i", locale, "-f", "UTF-8",
                    os.path.join(locales, locale + ".UTF-8")], check=True)
    environment = {name: value for name, value in environment.items()
                   if not name.startswith("DBUS_")
                   and name not in ("NO_AT_BRIDGE", "DISPLAY", "WAYLAND_DISPLAY")}
    return environment | {"LOCPATH": locales, "LANG": locale + ".UTF-8",
                          "PYTHONDONTWRITEBYTECODE": "1", "HEIRLOOM_EXCHANGE": paths["tmp"]}


def main():
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print("1..0 # SKIP", ", ".join(missing), "not found")
        return 0
    build, hands = map(os.path.abspath, sys.argv[1:3])
    locale = sys.argv[3] if len(sys.argv) > 3 else "en_GB"
    size = os.environ.get("HEIRLOOM_SCREEN", "1280x900")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        environment = make_screen_profile(folder, build, locale)
        environment["HEIRLOOM_SCREENSHOTS"] = os.path.abspath(
            sys.argv[4] if len(sys.argv) > 4 else os.path.join(build, "screenshots"))
        os.makedirs(environment["HEIRLOOM_SCREENSHOTS"], exist_ok=True)
        command = ["dbus-run-session", "--", "xvfb-run", "--auto-servernum",
                   f"--server-args=-screen 0 {size}x24", sys.executable, hands]
        with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace") as process:
            # The desktop's services print on the same output.
            for line in process.stdout:
                is_tap = line.startswith(("ok ", "not ok ", "1..", "#"))
                print(line if is_tap else "# " + line, end="", flush=True)
    return process.returncode


sys.exit(main())
