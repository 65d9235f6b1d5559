# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What the environment's scripts share: speaking to the person, and where things lie.

tools=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
repository=$(dirname "$tools")
cache=${XDG_CACHE_HOME:-${HOME:?is not set: set it to your own folder}/.cache}/heirloom

say () {
  printf 'heirloom: %s\n' "$*" >&2
}

fail () {
  say "$*"
  exit 1
}

# The names in tools/packages.
packages () {
  sed 's/#.*//' "$tools/packages" | xargs
}

# The tree that fits this list of packages and this way of making it.
tree () {
  echo "$cache/debian-13-$(cat "$tools/packages" "$tools/make-tree" | sha256sum | cut -c 1-12)"
}

# Makes what the arguments name in build/, silently unless it fails. Runs inside the
# environment. The lock is on the repository's folder, so that two runs take turns.
build () {
  local log lock
  exec {lock}<"$repository"
  flock "$lock"
  log=$(mktemp)
  if ! { { [ -e "$repository/build/build.ninja" ] ||
           meson setup "$repository/build" "$repository" -Dgimp=enabled; } &&
         ninja -C "$repository/build" "$@"; } > "$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "The build failed, see above. If it is not the code: delete $repository/build and try again."
  fi
  rm -f "$log"
  exec {lock}<&-
}
