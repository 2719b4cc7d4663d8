#!/usr/bin/env bash
# The table of mounts, and homes that other hosts share.
set -euo pipefail

# What one host mounts comes and goes side by side, so each waits for its turn at the table.
set_fstab_line() { # mount-point line; empty takes the mount's line away
    install -d -m 0700 "$RUN_DIR"
    (
        flock -w 60 6
        sed -i "\\| $1 |d" /etc/fstab
        if [ -n "$2" ]; then printf '%s\n' "$2" >>/etc/fstab; fi
    ) 6>"$RUN_DIR/fstab.lock"
}

# Shared homes are this host's to write only while it serves; fstab remembers it for the next boot.
remount_shared_homes() { # rw or ro
    local mount options
    while read -r mount options; do
        sed -i "/x-posit-shared-homes/ s/ r[ow],/ $1,/" /etc/fstab
        # A bind mount's flag is its own; without "bind" the file system below would change, for everybody.
        case ,$options, in
            *,bind,*) options=remount,bind,$1 ;;
            *) options=remount,$1 ;;
        esac
        mount -o "$options" "$mount" || fail "the shared homes at $mount can't be mounted $1 on $HOSTNAME; is their server there?"
    done < <(awk '$4 ~ /x-posit-shared-homes/ { print $2, $4 }' /etc/fstab)
}
