#!/usr/bin/env bash
# Mends what came with restored volumes and belongs to the old host, before the first start: licence files, pid files, markers, caches
# and libraries of another operating system, owners whose numbers changed. Counts what is there; nothing of users is deleted.
# Variables: TOKEN OLD_CODENAME ACCOUNTS [{name, uid, gid}].
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# Homes and the like that could not be mended, and why.
LEFT_ALONE=()

main() {
    local own strangers left
    while IFS= read -r own; do
        if [ -d "$own" ]; then remove_old_hosts "$own"; fi
    done < <(product_own_data)
    give_to_new_numbers
    product_repair >&2
    strangers=$(owners_unknown)
    [ -z "$strangers" ] || fail "files on $HOSTNAME belong to numbers that no account has: $strangers. Add those accounts of production to posit:accounts."
    left=$(printf '%s\n' ${LEFT_ALONE[@]+"${LEFT_ALONE[@]}"} | json_lines)
    json_object token "$TOKEN" counts: "$(product_restored_counts)" leftAlone: "$left"
    echo
}

# Only of the product's own folder: people have licence files and sockets too.
remove_old_hosts() { # folder
    find "$1" -xdev -maxdepth 2 \( -type s -o -type f \( -name '*.lic' -o -name '*.pid' \) \) -delete
}

leave_alone() { # what and why
    LEFT_ALONE+=("$(printf '%q' "$1")")
    say "could not be mended, look at it by hand: ${LEFT_ALONE[-1]}"
}

# Numbers of owners without a name, with a file of each.
owners_unknown() {
    find "${DATA_MOUNTS[@]}" -xdev \( -nouser -o -nogroup \) -printf '%U:%G (%p)\0' 2>/dev/null | tr '\n\0' '?\n' |
        sort -u -t ' ' -k 1,1 | head -n 5 | tr '\n' ';' || true
}
