#!/usr/bin/env bash
# Files that are written whole or not at all, with whose they are.
set -euo pipefail

# Writes stdin to PATH so that nobody ever sees half of it.
write_file() { # path [mode] [owner] [group]
    local prepared
    prepared=$(prepare_file "$@") && put_in_place "$prepared" "$1"
}

# Writes stdin beside PATH and answers where; put_in_place makes it PATH. So several files can be ready before the first one changes.
# In a folder of somebody else it is written inside a folder of our own there: nobody can put a link in its way meanwhile.
prepare_file() { # path [mode] [owner] [group]
    local target=$1 mode=${2:-0644} owner=${3:-root} group=${4:-root} folder=${1%/*} room='' file
    folder=${folder:-/}
    [ -d "$folder" ] || mkdir -p "$folder" || return 1
    (
        cd -P -- "$folder" || exit 1
        if [ ! -O . ]; then
            room=$(mktemp -d .posit.XXXXXX) && cd -P -- "$room" && [ "$(stat -c %u:%a .)" = "$EUID:700" ] || exit 1
        fi
        file=$(mktemp "${target##*/}.XXXXXX") || exit 1
        # Each step for itself: where a caller handles the failure, set -e is off, and half a file must not take the whole one's place.
        if cat >"$file" && chmod "$mode" "$file" && give_file "$file" "$owner:$group"; then
            printf '%s/%s' "${folder%/}" "${room:+$room/}$file"
        else
            rm -f "$file"
            exit 1
        fi
    )
}

put_in_place() { # prepared path
    mv -fT -- "$1" "$2" || { discard_prepared "$1"; return 1; }
    case $1 in */.posit.*/*) rmdir "${1%/*}" ;; esac
}

discard_prepared() { # prepared
    rm -f -- "$1"
    case $1 in */.posit.*/*) rmdir "${1%/*}" ;; esac
}

# Only root may; tests are nobody.
give_file() { # path owner:group
    if [ "$EUID" = 0 ]; then chown -h "$2" "$1"; fi
}
