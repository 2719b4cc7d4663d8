#!/usr/bin/env bash
# Users and service accounts with production's numbers, before packages are installed that would take others.
# Variables: ACCOUNTS [{name, uid, gid, home?}] MEMBERSHIPS [{account, group}] TEAMS [{name, gid}] (groups that are nobody's own, with
# production's numbers).
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local i made=0
    for ((i = 0; i < ${TEAMS_count:-0}; i++)); do
        ensure_group "${TEAMS_name[i]}" "${TEAMS_gid[i]}" "${TEAMS_gid[i]}"
    done
    for ((i = 0; i < ${ACCOUNTS_count:-0}; i++)); do
        ensure_group "${ACCOUNTS_name[i]}" "${ACCOUNTS_gid[i]}" "${ACCOUNTS_uid[i]}"
        if ensure_user "$i"; then made=$((made + 1)); fi
    done
    for ((i = 0; i < ${MEMBERSHIPS_count:-0}; i++)); do
        ensure_member "${MEMBERSHIPS_account[i]}" "${MEMBERSHIPS_group[i]}"
    done
    say "accounts: $made made, $((${ACCOUNTS_count:-0} - made)) there already"
    json_object accounts: "${ACCOUNTS_count:-0}"
    echo
}

# Service accounts may get another number where theirs is taken: repair.sh gives restored files to the new one. People may not.
is_service() { (($1 < 1000)); } # uid

ensure_group() { # name gid uid
    local found
    found=$(getent group "$1" | cut -d : -f 3 || true)
    if [ "$found" = "$2" ]; then return; fi
    if [ -n "$found" ]; then
        if ! getent group "$2" >/dev/null; then
            groupmod --gid "$2" "$1"
        elif ! is_service "$3"; then
            fail "group $1 has number $found on $HOSTNAME and $2 in production, where $(getent group "$2" | cut -d : -f 1) is here; use an image without that group."
        fi
    elif ! getent group "$2" >/dev/null; then
        groupadd --gid "$2" "$1"
    elif is_service "$3"; then
        groupadd --system "$1"
    else
        fail "group $1 needs number $2 as in production, but $(getent group "$2" | cut -d : -f 1) has it on $HOSTNAME; use an image without that group."
    fi
}

# A group that production has no number of, or that belongs to the system, keeps what it gets or has here.
ensure_member() { # account group
    getent group "$2" >/dev/null || groupadd "$2" || fail "group $2 of $1 can't be made on $HOSTNAME; the line above says why."
    case " $(id -nG "$1") " in *" $2 "*) return ;; esac
    # Also for people whom only a directory service knows, which usermod refuses.
    gpasswd --add "$1" "$2" >/dev/null || fail "$1 can't become a member of group $2 on $HOSTNAME; the line above says why."
}

# Succeeds when it made the account.
ensure_user() { # index
    local name=${ACCOUNTS_name[$1]} uid=${ACCOUNTS_uid[$1]} found other
    found=$(getent passwd "$name" | cut -d : -f 3 || true)
    if [ -n "$found" ]; then
        if [ "$found" != "$uid" ] && ! is_service "$uid"; then
            usermod --uid "$uid" "$name" || fail "user $name has number $found on $HOSTNAME and $uid in production; free $uid or declare the account otherwise."
        fi
        return 1
    fi
    other=$(getent passwd "$uid" | cut -d : -f 1 || true)
    if [ -z "$other" ]; then
        make_user "$1" --uid "$uid"
    elif is_service "$uid"; then
        make_user "$1" --system
    else
        fail "user $name needs number $uid as in production, but $other has it on $HOSTNAME; use an image without $other or give it another number."
    fi
}

make_user() { # index number-option...
    local name=${ACCOUNTS_name[$1]} uid=${ACCOUNTS_uid[$1]} home shell=/bin/bash
    home=${ACCOUNTS_home[$1]:-/home/$name}
    if is_service "$uid"; then shell=/usr/sbin/nologin; fi
    shift
    # Homes come with the restored volume; an empty one must not be in its way.
    useradd "$@" --gid "$name" --home-dir "$home" --no-create-home --shell "$shell" "$name" 2>/dev/null ||
        fail "user $name can't be made on $HOSTNAME: $(useradd "$@" --gid "$name" --home-dir "$home" --no-create-home "$name" 2>&1 | tail -n 1)"
}
