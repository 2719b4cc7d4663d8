#!/usr/bin/env bash
# The table of mounts, and homes that other hosts share.
set -euo pipefail

FSTAB=${HOST_ROOT:-}/etc/fstab

# The path itself, or a failure: mount and mkdir follow links, and folders on the way may be people's (a volume below another's).
no_link_on_the_way() { # path
    local real
    real=$(readlink -m -- "$1")
    [ "$real" = "$1" ] || fail "$1 on $HOSTNAME leads to $real, through a link: nothing is mounted there. Name the place itself in posit:current.*.dataVolumes, or replace the link on the old host by a folder and take a new capture."
}

# What one host mounts comes and goes side by side, so each waits for its turn at the table.
set_fstab_line() { # mount-point line; empty takes the mount's line away
    install -d -m 0700 "$RUN_DIR"
    (
        flock -w 60 6
        if [ -e "$FSTAB" ]; then sed -i "\\| $1 |d" "$FSTAB"; fi
        if [ -n "$2" ]; then printf '%s\n' "$2" >>"$FSTAB"; fi
    ) 6>"$RUN_DIR/fstab.lock"
}

# Shared homes are this host's to write only while it serves; fstab remembers it for the next boot.
remount_shared_homes() { # rw or ro
    local mount options
    [ -e "$FSTAB" ] || return 0
    while read -r mount options; do
        sed -i "/x-posit-shared-homes/ s/ r[ow],/ $1,/" "$FSTAB"
        # A bind mount's flag is its own; without "bind" the file system below would change, for everybody.
        case ,$options, in
            *,bind,*) options=remount,bind,$1 ;;
            *) options=remount,$1 ;;
        esac
        mount -o "$options" "$mount" || fail "the shared homes at $mount can't be mounted $1 on $HOSTNAME; is their server there?"
    done < <(awk '$4 ~ /x-posit-shared-homes/ { print $2, $4 }' "$FSTAB")
}
