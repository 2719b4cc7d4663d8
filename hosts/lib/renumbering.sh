#!/usr/bin/env bash
# Gives files of accounts whose numbers are others here to the new numbers.
# Variables: TOKEN ACCOUNTS [{name, uid, gid}].
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# No account has these; files lie under them while numbers change places.
ASIDE=2000000000

# A service account whose number was taken here owns its files again.
give_to_new_numbers() {
    local i name uid gid users=() groups=()
    for ((i = 0; i < ${ACCOUNTS_count:-0}; i++)); do
        name=${ACCOUNTS_name[i]}
        uid=$(getent passwd "$name" | cut -d : -f 3 || true)
        gid=$(getent group "$name" | cut -d : -f 3 || true)
        if [ -n "$uid" ] && [ "$uid" != "${ACCOUNTS_uid[i]}" ]; then users+=("${ACCOUNTS_uid[i]}:$uid"); fi
        if [ -n "$gid" ] && [ "$gid" != "${ACCOUNTS_gid[i]}" ]; then groups+=("${ACCOUNTS_gid[i]}:$gid"); fi
    done
    move_numbers uid ${users[@]+"${users[@]}"}
    move_numbers gid ${groups[@]+"${groups[@]}"}
}

# Where one account's new number is another's old one, all files are put aside before any arrives, so that none is moved twice; what
# is done already is on record, since a second run could not tell who of the two a file belongs to.
move_numbers() { # uid|gid old:new...
    local kind=$1 record=$STATE_DIR/renumbered-$1 pair stage='' wanted
    shift
    (($# > 0)) || return 0
    if ! change_places "$@"; then
        for pair in "$@"; do change_number "$kind" "${pair%:*}" "${pair#*:}"; done
        return
    fi
    wanted="$TOKEN $*"
    if [ -f "$record" ] && [ "$(sed -n '1s/ .*//p' "$record")" = "$TOKEN" ]; then
        [ "$(sed -n 1p "$record")" = "$wanted" ] ||
            fail "files on $HOSTNAME were given to other numbers already, for other accounts ($(sed -n '1s/^[^ ]* //p' "$record"), now $*); put posit:accounts back as it was, or restore a new capture."
        stage=$(sed -n 2p "$record")
    fi
    if [ -z "$stage" ]; then
        for pair in "$@"; do change_number "$kind" "${pair%:*}" "$((ASIDE + ${pair%:*}))"; done
        stage=aside
        printf '%s\n%s\n' "$wanted" "$stage" | write_file "$record" 0600
    fi
    if [ "$stage" = aside ]; then
        for pair in "$@"; do change_number "$kind" "$((ASIDE + ${pair%:*}))" "${pair#*:}"; done
        printf '%s\ndone\n' "$wanted" | write_file "$record" 0600
    fi
}

# Is a new number of one pair the old one of another?
change_places() { # old:new...
    local one other
    for one in "$@"; do
        for other in "$@"; do if [ "${one#*:}" = "${other%:*}" ]; then return 0; fi; done
    done
    return 1
}

# From within each file's own folder, never through a link, and only files that are that number's at that very moment: what somebody
# links or renames meanwhile is not followed.
change_number() { # uid|gid old new
    case $2 in 0 | *[!0-9]*) fail "files of number $2 are given to nobody; correct posit:accounts." ;; esac
    case $1 in
        uid) find "${DATA_MOUNTS[@]}" -xdev -uid "$2" -execdir chown -h --from="$2" "$3" '{}' + ;;
        gid) find "${DATA_MOUNTS[@]}" -xdev -gid "$2" -execdir chown -h --from=":$2" ":$3" '{}' + ;;
    esac
}
