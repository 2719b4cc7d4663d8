#!/usr/bin/env bash
# Dumps a product's databases to nowhere while everything serves, to see whether and how fast that goes. Reads only; the dump is the one that a
# closed window would write. What was found is kept here and said again for KEEP_SECONDS, with its age, as long as server, programs and (by a
# fifth) size are the same: production is not read whole at every look. FOLDER is on the volume where dumps would go, PATIENCE is in seconds, of all.
# Variables: DATABASES [{role, host, port, name, user, password, ca?}] FOLDER PATIENCE KEEP_SECONDS.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

KEPT_DIR=$STATE_DIR/dry-runs

main() {
    local i began tries=''
    install -d -m 0700 "$RUN_DIR" "$KEPT_DIR"
    # A second run at the same time waits for what the first one finds, and says that.
    exec 7>"$RUN_DIR/dry-run.lock"
    flock -w "$PATIENCE" 7 || fail "another dry run goes on on $HOSTNAME; wait for its end."
    began=$(date +%s%3N)
    for ((i = 0; i < DATABASES_count; i++)); do
        tries+=${tries:+,}$(try_dump "$i" "$began")
    done
    json_object databases: "[$tries]" free: "$(df --output=avail --block-size=1 "${HOST_ROOT:-}$FOLDER" | tail -n 1)"
    echo
}

# Never fails: what is wrong is said of this database, and the next one is tried.
try_dump() { # i began
    local i=$1 name=${DATABASES_name[$1]} problems told=() key file bytes left began status=0
    command -v pg_dump >/dev/null || { not_dumped "$i" "pg_dump is missing on $HOSTNAME; install the Postgres client there, at least as new as the server"; return; }
    postgres_target "${DATABASES_host[$i]}" "${DATABASES_port[$i]}" "${DATABASES_user[$i]}" "${DATABASES_password[$i]}" "${DATABASES_ca[$i]}"
    problems=$(mktemp) || return
    # Its size, and its server's version.
    mapfile -t told < <(timeout 20 psql -qAtX -d "$name" -c "$SIZE_QUERY" -c 'SHOW server_version_num' 2>"$problems")
    key="${DATABASES_user[$i]}@$PGHOST:$PGPORT/$name ${told[1]:-} ${DUMP_OPTIONS[*]} $(pg_dump --version 2>/dev/null || true)"
    file=$KEPT_DIR/$(printf '%s' "$PGHOST:$PGPORT/$name" | sha256sum | cut -d ' ' -f 1)
    if ((${#told[@]} < 2)); then
        status=1
    elif say_kept "$file" "$key" "${told[0]}"; then
        rm -f -- "$problems"
        return
    fi
    began=$(date +%s%3N)
    left=$((PATIENCE - (began - $2) / 1000))
    if ((status == 0 && left > 0)); then
        bytes=$(dump_to_stdout "$name" "$left" 2>"$problems" | wc -c) || status=$?
    fi
    if ((status == 124 || left <= 0)); then
        not_dumped "$i" "a dump of $name to nowhere took longer than $PATIENCE s" | kept_as "$file" "$key" "${told[0]:-0}"
    elif ((status != 0)); then
        # Mended in a moment, perhaps, and asked again then; it has read little.
        not_dumped "$i" "database $name on ${DATABASES_host[$i]} can't be dumped from $HOSTNAME: $(tr '\n' ' ' <"$problems")"
    else
        json_object role "${DATABASES_role[$i]}" databaseBytes: "${told[0]}" dumpBytes: "$bytes" milliseconds: "$(($(date +%s%3N) - began))" |
            kept_as "$file" "$key" "${told[0]}"
    fi
    rm -f -- "$problems"
}

not_dumped() { json_object role "${DATABASES_role[$1]}" problem "$2"; } # i problem

dump_to_stdout() { timeout "$2" pg_dump "${DUMP_OPTIONS[@]}" --dbname="$1"; } # name seconds

# ---- what was found before: three lines, of which the first says of what ----

kept_as() { # file key bytes; stdin is the answer
    local answer
    answer=$(cat)
    printf '%s\n' "$2" "$(date +%s) $3" "$answer" | write_file "$1" 0600 || true
    printf '%s' "$answer"
}

# With its age; fails where nothing is kept that holds.
say_kept() { # file key bytes
    local kept=() at bytes age
    [ -f "$1" ] && mapfile -t kept <"$1" || return 1
    [[ ${#kept[@]} -eq 3 && ${kept[0]} == "$2" && ${kept[1]} =~ ^([0-9]+)\ ([0-9]+)$ && ${kept[2]} == \{*\} ]] || return 1
    at=${BASH_REMATCH[1]} bytes=${BASH_REMATCH[2]}
    age=$(($(date +%s) - at))
    ((age >= 0 && age < KEEP_SECONDS && $3 <= bytes + bytes / 5 && $3 >= bytes - bytes / 5)) || return 1
    printf '%s,"age":%s}' "${kept[2]%\}}" "$age"
}
