#!/usr/bin/env bash
# Dumps a product's databases to nowhere while everything serves, to see whether and how fast that goes. Reads only; the dump is the one that a
# closed window would write. FOLDER is on the volume where it would go, PATIENCE is in seconds, of all.
# Variables: DATABASES [{role, host, port, name, user, password, ca?}] FOLDER PATIENCE.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local i began tries=''
    began=$(date +%s%3N)
    for ((i = 0; i < DATABASES_count; i++)); do
        tries+=${tries:+,}$(try_dump "$i" "$began")
    done
    json_object databases: "[$tries]" free: "$(df --output=avail --block-size=1 "${HOST_ROOT:-}$FOLDER" | tail -n 1)"
    echo
}

# Never fails: what is wrong is said of this database, and the next one is tried.
try_dump() { # i began
    local i=$1 name=${DATABASES_name[$1]} problems size bytes left began status=0
    command -v pg_dump >/dev/null || { not_dumped "$i" "pg_dump is missing on $HOSTNAME; install the Postgres client there, at least as new as the server"; return; }
    postgres_target "${DATABASES_host[$i]}" "${DATABASES_port[$i]}" "${DATABASES_user[$i]}" "${DATABASES_password[$i]}" "${DATABASES_ca[$i]}"
    problems=$(mktemp) || return
    size=$(timeout 20 psql -qAtX -d "$name" -c 'SELECT pg_database_size(current_database())' 2>"$problems") || status=$?
    began=$(date +%s%3N)
    left=$((PATIENCE - (began - $2) / 1000))
    if ((status == 0 && left > 0)); then
        bytes=$(dump_to_stdout "$name" "$left" 2>"$problems" | wc -c) || status=$?
    fi
    if ((status == 124 || left <= 0)); then
        not_dumped "$i" "a dump of $name to nowhere took longer than $PATIENCE s"
    elif ((status != 0)); then
        not_dumped "$i" "database $name on ${DATABASES_host[$i]} can't be dumped from $HOSTNAME: $(tr '\n' ' ' <"$problems")"
    else
        json_object role "${DATABASES_role[$i]}" databaseBytes: "$size" dumpBytes: "$bytes" milliseconds: "$(($(date +%s%3N) - began))"
    fi
    rm -f -- "$problems"
}

not_dumped() { json_object role "${DATABASES_role[$1]}" problem "$2"; } # i problem

dump_to_stdout() { timeout "$2" pg_dump "${DUMP_OPTIONS[@]}" --dbname="$1"; } # name seconds
