#!/usr/bin/env bash
# Work with somebody else's rights: root never follows what people can make.
set -euo pipefail

# Does work as somebody else: without root's rights, groups, or a way back to them (setpriv, of util-linux; on Debian and RHEL alike).
# Whatever lies in folders that people can write is touched this way, so that a link of theirs leads to nothing that they could not
# reach themselves. Tests are one person only.
as_number() { # uid gid command...
    local uid=$1 gid=$2
    shift 2
    if [ "$EUID" = 0 ]; then
        setpriv --reuid="$uid" --regid="$gid" --clear-groups --no-new-privs --inh-caps=-all -- "$@"
    else
        "$@"
    fi
}

# Reads a file with no more rights than the owner of its folder has, who could put a link to anything there. In a folder of root's
# nobody else could.
read_as_folders_owner() { # file command...
    local file=$1 uid gid
    shift
    read -r uid gid < <(stat -c '%u %g' -- "$(dirname "$file")")
    if [ "$uid" = 0 ]; then "$@" -- "$file"; else as_number "$uid" "$gid" "$@" -- "$file"; fi
}
