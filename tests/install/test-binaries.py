# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the programs were built so that an error in them ends them, and whether they call
nothing that reaches the network, runs other programs (but for those that `allowed` is for) or makes
files with guessable names.

    test-binaries.py fortified|plain PROGRAM…
"""
import platform
import re
import subprocess
import sys

# Names in the C library and in GLib, as patterns. GIO's files are looked at below.
FORBIDDEN = {
    "reaches no network": r"socket|connect|bind|listen|accept4?|send(to|msg)?|getaddrinfo"
                          r"|gethostby.*|g_socket_.*|g_network_.*|g_resolver_.*|g_tls_.*|soup_.*"
                          r"|curl_.*|g_file_new_for_uri|g_file_new_for_commandline_arg.*"
                          r"|g_app_info_launch.*",
    "runs no other program": r"system|popen|exec[lv]p?e?|execveat|fexecve|fork|vfork|posix_spawnp?"
                             r"|g_spawn_.*|g_subprocess_.*|dlopen|g_module_open.*",
    "makes no file with a guessable name": r"mktemp|tmpnam(_r)?|tempnam|tmpfile(64)?|g_mktemp",
    "copies no text without a bound": r"gets|strcpy|strcat|sprintf|vsprintf|scanf|__isoc\d+_scanf",
}

ENDBR64 = b"\xf3\x0f\x1e\xfa"  # where a jump may land
NOT_ASKED = "not asked"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def calls(program):
    """The functions of other libraries that the program uses, without their versions."""
    table = output("readelf", "--wide", "--dyn-syms", program)
    return {line.split()[7].split("@")[0] for line in table.splitlines()
            if len(line.split()) > 7 and " UND " in line}


def checks(program, fortified):
    """Pairs of a name and whether it holds, or NOT_ASKED."""
    header = output("readelf", "--wide", "--file-header", program)
    segments = output("readelf", "--wide", "--segments", program)
    dynamic = output("readelf", "--wide", "--dynamic", program)
    used = calls(program)
    x86 = platform.machine() == "x86_64"

    yield "lies at a random place", re.search(r"Type:\s+DYN", header) and "PIE" in dynamic
    yield "its tables are read-only", "GNU_RELRO" in segments and re.search(r"\bNOW\b", dynamic)
    yield "its stack runs no code", re.search(r"GNU_STACK .* RW +0x", segments)
    yield "nothing is written and run", not re.search(r"LOAD .* RWE ", segments)
    yield "guards its stack", "__stack_chk_fail" in used
    yield "checks its calls of the C library", (
        any(re.fullmatch(r"__\w+_chk", name) for name in used - {"__stack_chk_fail"})
        if fortified else NOT_ASKED)
    # The note that says so is missing where the C library's own beginning was built without.
    yield "jumps are checked", open(program, "rb").read().count(ENDBR64) > 100 if x86 else NOT_ASKED
    # Of formats that it can't read the shell's program asks ImageMagick or vips (cli/other.c).
    allowed = r"g_subprocess_(newv|communicate|get_successful)" if "/cli/" in program else ""
    for name, pattern in FORBIDDEN.items():
        found = sorted(call for call in used
                       if re.fullmatch(pattern, call) and not re.fullmatch(allowed, call))
        yield name + (f": {', '.join(found)}" if found else ""), not found


number = 0
for path in sys.argv[2:]:
    for name, holds in checks(path, sys.argv[1] == "fortified"):
        number += 1
        skip = " # SKIP not asked of this build" if holds is NOT_ASKED else ""
        print(f"{'ok' if holds or skip else 'not ok'} {number} - {path}: {name}{skip}")
print(f"1..{number}")
