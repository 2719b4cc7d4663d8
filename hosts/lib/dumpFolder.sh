#!/usr/bin/env bash
# Where a dump of the closed window lies: a folder on the volume that only root can enter. Needs marker.
set -euo pipefail

# A folder on the volume that only root can enter, entered in a way that nobody can turn elsewhere between look and use: the folder above
# it belongs to the product's account. Run in a subshell.
enter_dump_folder() { # folder
    [ ! -L "$1" ] && cd -P -- "$1" && [ "$(stat -c '%u %a' .)" = "$EUID 700" ]
}

# A dump is in the capture by now, or of no use; it holds everything the database does.
remove_dump() {
    local dump
    dump=$(fact_of dumpPath)
    [ -n "$dump" ] || return 0
    (enter_dump_folder "$(dirname "$dump")" 2>/dev/null && rm -f -- "$(basename "$dump")" dump.* && cd / && rmdir -- "$(dirname "$dump")") 2>/dev/null || true
}
