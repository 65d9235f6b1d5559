# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the environment's scripts share: speaking to the person, and where things lie.

tools=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
repository=$(dirname "$tools")
cache=${XDG_CACHE_HOME:-${HOME:?is not set: set it to your own folder}/.cache}/heirloom
package_list=$(realpath "${HEIRLOOM_PACKAGES:-$tools/packages}")

say () {
  printf 'heirloom: %s\n' "$*" >&2
}

fail () {
  say "$*"
  exit 1
}

# HEIRLOOM_DEBIAN asks for one Debian, and with it for one GIMP.
debian=${HEIRLOOM_DEBIAN:-13}
case $debian in
  13) suite=trixie gimp=3.0 build_folder=$repository/build ;;
  14) suite=forky gimp=3.2 build_folder=$repository/build-14 ;;
  *) fail "HEIRLOOM_DEBIAN is 13 (with GIMP 3.0, as without it) or 14 (with GIMP 3.2), not $debian." ;;
esac

# The names in tools/packages, or in the file that HEIRLOOM_PACKAGES names.
packages () {
  sed 's/#.*//' "$package_list" | xargs
}

# The tree that fits this list of packages and this way of making it.
tree () {
  echo "$cache/debian-$debian-$(cat "$package_list" "$tools/make-tree" | sha256sum | cut -c 1-12)"
}

# Makes what the arguments name in the build folder, silently unless it fails. Runs inside the
# environment. The lock is on the repository's folder, so that two runs take turns.
build () {
  local log lock
  exec {lock}<"$repository"
  flock "$lock"
  log=$(mktemp)
  if ! { { [ -e "$build_folder/build.ninja" ] ||
           meson setup "$build_folder" "$repository" -Dgimp=enabled; } &&
         ninja -C "$build_folder" "$@"; } > "$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "The build failed, see above. If it is not the code: delete $build_folder and try again."
  fi
  rm -f "$log"
  exec {lock}<&-
}
