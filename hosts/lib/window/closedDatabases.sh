#!/usr/bin/env bash
# The product's databases in a closed window, those that are on no snapshot of their own. Needs databases, postgres, dumpFolder, marker.
# Variables: DATABASES [{role, kind, path, unit?, host?, port?, name?, user?, password?, ca?, room?}].
# shellcheck disable=SC2034,SC2154 # variables come from the renderer
set -euo pipefail

# Of all that were dumped.
DUMPED_BYTES=0
# What all dumps together need on the volume.
DUMP_ROOM=0
# By row, as its server said before anything was closed; absent where nobody could ask.
DATABASE_BYTES=()

# Everything that could fail once production is closed is tried before.
meet_the_databases() {
    local i found findings=''
    for ((i = 0; i < DATABASES_count; i++)); do
        database_word "${DATABASES_kind[i]}" reach "$i"
        # In this very shell: they also keep what they have asked.
        database_word "${DATABASES_kind[i]}" findings "$i" >"$RUN_DIR/findings"
        found=$(<"$RUN_DIR/findings")
        findings+=${findings:+${found:+$'\n'}}$found
    done
    [ -z "$findings" ] || refuse "$HOSTNAME, nothing was touched: ${findings//$'\n'/; }"
}

note_closed_databases() {
    local i
    for ((i = 0; i < DATABASES_count; i++)); do database_word "${DATABASES_kind[i]}" closed "$i"; done
}

dump_databases() {
    local i
    for ((i = 0; i < DATABASES_count; i++)); do
        # Another one may have been reached last.
        if ((DATABASES_count > 1)); then database_word "${DATABASES_kind[i]}" reach "$i"; fi
        database_word "${DATABASES_kind[i]}" dump "$i" || return
    done
}

note_database() { # i method major-version locale bytes
    local noted
    noted=$(fact_of databases)
    fact databases "${noted:+$noted,}$(json_object role "${DATABASES_role[$1]}" method "$2" path "${DATABASES_path[$1]}" engineVersion "$3" ${4:+locale: "$4"} ${5:+bytes: "$5"})"
}
