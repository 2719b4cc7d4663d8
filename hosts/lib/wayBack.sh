#!/usr/bin/env bash
# What a host that goes down for good notes of itself on its disk, for root only: how it differs from its product's description (databases
# on the host itself, its port, the places of its data), and the timetables that ran. Whoever brings it back may know none of it: a hosts
# file that somebody wrote by hand, on the day on which nothing else works. Needs marker, deadman, quarantine.
# shellcheck disable=SC2034 # what is recalled is used by the scripts that are rendered after it
set -euo pipefail

WAY_BACK=$STATE_DIR/way-back
TIMETABLES=()

# Whoever retires a host knows it, so what was noted before only adds: a database that nobody speaks of now, and timetables, which
# run no longer at the second time.
note_way_back() {
    local port=$PORT mounts=("${DATA_MOUNTS[@]}") unit
    recall_way_back
    PORT=$port
    DATA_MOUNTS=("${mounts[@]}")
    for unit in $(timetables_here); do
        case " ${TIMETABLES[*]-} " in *" $unit "*) ;; *) TIMETABLES+=("$unit") ;; esac
    done
    {
        printf 'DATABASE_UNITS=(%s)\nPORT=%q\nDATA_MOUNTS=(%s)\n' "${DATABASE_UNITS[*]@Q}" "$PORT" "${DATA_MOUNTS[*]@Q}"
        printf 'TIMETABLES=(%s)\n' "${TIMETABLES[*]-}"
    } | write_file "$WAY_BACK" 0600
    sync -f "$WAY_BACK"
}

# From here on this script knows the host as it knew itself: by what it noted, or by what its window did.
recall_way_back() {
    local given=(${DATABASE_UNITS[@]+"${DATABASE_UNITS[@]}"}) noted=()
    if [ -e "$WAY_BACK" ] || [ -L "$WAY_BACK" ]; then
        prove_way_back
        # An older version noted all units in the order of starting, and none of them by name.
        CLOSED_UNITS=()
        DATABASE_UNITS=()
        # shellcheck source=/dev/null # written above
        . "$WAY_BACK"
        noted=(${DATABASE_UNITS[@]+"${DATABASE_UNITS[@]}"} ${CLOSED_UNITS[@]+"${CLOSED_UNITS[@]}"})
    elif [ -d "$FACTS_DIR" ]; then
        read -ra noted <<<"$(fact_of activeUnits)"
    fi
    # Somebody may name another unit than the one that holds the data (postgresql of postgresql@15-main), so both are brought back.
    mapfile -t DATABASE_UNITS < <(beside_the_product ${noted[@]+"${noted[@]}"} ${given[@]+"${given[@]}"})
    CLOSED_UNITS=(${DATABASE_UNITS[@]+"${DATABASE_UNITS[@]}"} "${UNITS[@]}")
    MASKED_UNITS=("${CLOSED_UNITS[@]}")
}

# It is run as root.
prove_way_back() {
    [ ! -L "$WAY_BACK" ] && [ "$(stat -c '%F:%u:%a' "$WAY_BACK")" = "regular file:$EUID:600" ] && [ -O "$STATE_DIR" ] ||
        fail "$WAY_BACK on $HOSTNAME is not root's alone, so it is not followed: look who changed it. Without it, whatever this host needs beside ${UNITS[*]} (a database of its own) has to be unmasked and started by hand: systemctl unmask UNIT"
}

# Those of these units that are none of the product's: its databases, each once.
beside_the_product() { # units...
    local unit seen=" ${UNITS[*]} "
    for unit in "$@"; do
        case $unit,$seen in ,* | *" $unit "*) continue ;; esac
        seen+="$unit "
        printf '%s\n' "$unit"
    done
}

# ---- users' timetables ----

# What users have set up runs on the side that serves; here it would run a second time, from the next reboot on. Those that the window
# stopped, and those that run.
timetables_here() {
    [ -n "$SESSION_PATTERN" ] || return 0
    {
        if [ -d "$FACTS_DIR" ]; then fact_of timetables | tr ' ' '\n'; fi
        running_timetables
    } | sed '/^$/d' | sort -u
}

mask_timetables() {
    local unit
    for unit in ${TIMETABLES[@]+"${TIMETABLES[@]}"}; do
        systemctl mask --quiet "$unit" 2>/dev/null || true
        systemctl stop "$unit" || true
    done
}

unmask_timetables() {
    local unit
    for unit in ${TIMETABLES[@]+"${TIMETABLES[@]}"}; do
        systemctl unmask --quiet "$unit" 2>/dev/null || true
        systemctl start --no-block "$unit" || true
    done
}
