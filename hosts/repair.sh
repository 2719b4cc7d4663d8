#!/usr/bin/env bash
# Mends what came with restored volumes and belongs to the old host, before the first start: licence files, pid files, markers, caches
# and libraries of another operating system, owners whose numbers changed. Counts what is there; nothing of users is deleted.
# Variables: TOKEN OLD_CODENAME CODENAME ACCOUNTS_JSON.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local mount strangers i
    for mount in "${DATA_MOUNTS[@]}"; do
        find "$mount" -xdev -maxdepth 2 \( -name '*.lic' -o -name '*.pid' -o -type s \) -delete
    done
    for ((i = 0; i < ${ACCOUNTS_count:-0}; i++)); do
        give_to_new_numbers "${ACCOUNTS_name[i]}" "${ACCOUNTS_uid[i]}" "${ACCOUNTS_gid[i]}"
    done
    product_repair >&2
    strangers=$(owners_unknown)
    [ -z "$strangers" ] || fail "files on $HOSTNAME belong to numbers that no account has: $strangers. Add those accounts of production to posit:accounts."
    json_object token "$TOKEN" counts: "$(product_restored_counts)"
    echo
}

# A service account whose number was taken here owns its files again.
give_to_new_numbers() { # name uid gid in production
    local uid gid
    uid=$(id -u "$1")
    gid=$(getent group "$1" | cut -d : -f 3)
    if [ "$uid" != "$2" ]; then find "${DATA_MOUNTS[@]}" -xdev -uid "$2" -exec chown -h "$uid" {} +; fi
    if [ -n "$gid" ] && [ "$gid" != "$3" ]; then find "${DATA_MOUNTS[@]}" -xdev -gid "$3" -exec chgrp -h "$gid" {} +; fi
}

# Numbers of owners without a name, with a file of each.
owners_unknown() {
    find "${DATA_MOUNTS[@]}" -xdev \( -nouser -o -nogroup \) -printf '%U:%G (%p)\n' 2>/dev/null | sort -u -t ' ' -k 1,1 | head -n 5 | tr '\n' ';' || true
}
