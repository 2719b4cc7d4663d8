#!/usr/bin/env bash
# Where a dump of the closed window lies: a folder on the volume that only root can enter. Needs marker.
set -euo pipefail

# A folder on the volume that only root can enter, entered in a way that nobody can turn elsewhere between look and use: the folder above
# it belongs to the product's account. Run in a subshell.
enter_dump_folder() { # folder
    [ ! -L "$1" ] && cd -P -- "$1" && [ "$(stat -c '%u %a' .)" = "$EUID 700" ]
}

# Each on a line of the fact: whatever becomes of it, it is found again.
note_dump() { # path
    local noted
    noted=$(fact_of dumpPath)
    fact dumpPath "${noted:+$noted$'\n'}$1"
}

# A dump is in the capture by now, or of no use; it holds everything the database does.
remove_dump() {
    local dump
    while IFS= read -r dump; do
        if [ -n "$dump" ]; then remove_one_dump "$dump"; fi
    done <<<"$(fact_of dumpPath)"
}

remove_one_dump() { # path
    (enter_dump_folder "$(dirname "$1")" 2>/dev/null && rm -f -- "$(basename "$1")" dump.* && cd / && rmdir -- "$(dirname "$1")") 2>/dev/null || true
}
