#!/usr/bin/env bash
# Whose the data is.
set -euo pipefail

# Lines "name uid gid home" of people whose home lies on a data volume (the operator's does not) and of the product's own account.
data_accounts() {
    local name uid gid home
    while IFS=: read -r name _ uid gid _ home _; do
        if { ((uid >= 1000)) && ((uid < 59990)) && below_data_mount "$home"; } || [ "$name" = "$ACCOUNT" ]; then
            printf '%s %s %s %s\n' "$name" "$uid" "$gid" "$home"
        fi
    done < <(getent passwd)
}

below_data_mount() { # path
    local mount
    for mount in "${DATA_MOUNTS[@]}"; do
        case $1 in "$mount"/*) return 0 ;; esac
    done
    return 1
}
