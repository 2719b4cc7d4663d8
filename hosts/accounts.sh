#!/usr/bin/env bash
# Users and service accounts with production's numbers, before packages are installed that would take others.
# Variables: ACCOUNTS_JSON [{name, uid, gid, home, groups}].
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local i made=0
    for ((i = 0; i < ${ACCOUNTS_count:-0}; i++)); do
        ensure_group "${ACCOUNTS_name[i]}" "${ACCOUNTS_gid[i]}"
        if ensure_user "$i"; then made=$((made + 1)); fi
    done
    say "accounts: $made made, $((${ACCOUNTS_count:-0} - made)) there already"
    json_object accounts: "${ACCOUNTS_count:-0}"
    echo
}

ensure_group() { # name gid
    local found
    found=$(getent group "$1" | cut -d : -f 3 || true)
    if [ -z "$found" ]; then
        if getent group "$2" >/dev/null; then return 0; fi # the number is there under another name
        groupadd --gid "$2" "$1"
    elif [ "$found" != "$2" ]; then
        groupmod --gid "$2" "$1" || fail "group $1 has number $found on $HOSTNAME and $2 in production; free $2 or declare the group otherwise."
    fi
}

# Succeeds when it made the account.
ensure_user() { # index
    local name=${ACCOUNTS_name[$1]} uid=${ACCOUNTS_uid[$1]} gid=${ACCOUNTS_gid[$1]} found other home shell
    found=$(getent passwd "$name" | cut -d : -f 3 || true)
    if [ -n "$found" ]; then
        if [ "$found" != "$uid" ]; then
            usermod --uid "$uid" --gid "$gid" "$name" || fail "user $name has number $found on $HOSTNAME and $uid in production; free $uid or declare the account otherwise."
        fi
        return 1
    fi
    other=$(getent passwd "$uid" | cut -d : -f 1 || true)
    [ -z "$other" ] || fail "user $name needs number $uid as in production, but $other has it on $HOSTNAME; use an image without $other or give it another number."
    home=${ACCOUNTS_home[$1]:-/home/$name}
    shell=/bin/bash
    if ((uid < 1000)); then shell=/usr/sbin/nologin; fi
    # Homes come with the restored volume; an empty one must not be in its way.
    useradd --uid "$uid" --gid "$gid" --home-dir "$home" --no-create-home --shell "$shell" "$name"
}
