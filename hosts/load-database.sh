#!/usr/bin/env bash
# Loads a product's database from its restored volume into this environment's server, whole or not at all: from what its kind left there
# (hosts/databases/).
# Variables: KIND SOURCE ENGINE_VERSION DATABASE_HOST DATABASE_PORT DATABASE_NAME DATABASE_USER DATABASE_PASSWORD DATABASE_CA.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# A day: a big database takes its time, and work that hangs must end.
PATIENCE=86400

# A number that no account has: the one that talks to the server.
LOADER=65533

main() {
    os_need pg_dump
    run_as_unit "load-$DATABASE_NAME" "$PATIENCE" load
}

# What was loaded is taken from the copy (the capture keeps it), once the database is proved to hold it; so a run that was cut short
# goes on where it was.
load() {
    work_room
    to_target
    wait_for 60 target_answers ||
        fail "database $DATABASE_NAME on $DATABASE_HOST can't be reached as $DATABASE_USER from $HOSTNAME: $(ask_target 'SELECT 1' 2>&1 | tail -n 1)"
    if database_word "$KIND" is_there; then database_word "$KIND" load; fi
    count_tables
    database_word "$KIND" take_away
    rm -rf -- "$WORK"
}

# Where the client and the old server find what they need, and others nothing.
work_room() {
    rm -rf -- "${HOST_ROOT:-}"/run/posit-load.*
    WORK=$(mktemp -d "${HOST_ROOT:-}/run/posit-load.XXXXXX")
    chmod 0711 "$WORK"
    install -d -m 0700 "$WORK/loader" "$WORK/server"
    give_file "$WORK/loader" "$LOADER:$LOADER"
    give_file "$WORK/server" "$OLD_SERVER:$OLD_SERVER"
}

to_target() {
    postgres_target "$DATABASE_HOST" "$DATABASE_PORT" "$DATABASE_USER" "$DATABASE_PASSWORD" "$DATABASE_CA"
    # libpq looks for certificates at home, and takes "not yours" for an error.
    export HOME=$WORK/loader
    if [ -n "$DATABASE_CA" ]; then
        cp "$PGSSLROOTCERT" "$WORK/ca.pem"
        chmod 0644 "$WORK/ca.pem"
        export PGSSLROOTCERT=$WORK/ca.pem
    fi
}

# Everything that reads what came from production's database, or from the server, has no rights of root's: a dump is a program.
as_loader() { as_number "$LOADER" "$LOADER" "$@"; }

ask_target() { as_loader psql -qAtX -d "$DATABASE_NAME" -c "$1" </dev/null; }
target_answers() { ask_target 'SELECT 1' >/dev/null 2>&1; }

# ---- into this environment's server ----

# A dump from stdin, in one transaction, and over what an earlier try may have left.
restore_into_target() {
    local options=(--clean --if-exists --no-owner --no-privileges)
    if target_knows_all_settings; then
        as_loader pg_restore "${options[@]}" --single-transaction --exit-on-error -d "$DATABASE_NAME"
    else
        # What pg_restore would set itself the older server refuses; as text it can be left out.
        as_loader pg_restore "${options[@]}" --file=- | sed '1,40{/^SET transaction_timeout/d}' |
            as_loader psql -qX -v ON_ERROR_STOP=1 --single-transaction -d "$DATABASE_NAME" >/dev/null
    fi || fail "the database can't be loaded into $DATABASE_NAME on $DATABASE_HOST; the lines above say why. Nothing of it was kept."
}

# pg_restore sets transaction_timeout from version 17 on, which servers before it don't know.
target_knows_all_settings() {
    local client
    client=$(pg_restore --version | grep -oE '[0-9]+' | head -n 1)
    ((client < 17)) || [ "$(ask_target "SELECT count(*) FROM pg_settings WHERE name = 'transaction_timeout'")" = 1 ]
}

count_tables() {
    local tables
    tables=$(ask_target "SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
    ((tables > 0)) || fail "database $DATABASE_NAME holds no table of $DATABASE_USER, and $SOURCE is not on the restored volume of $HOSTNAME; restore a capture that has it."
    json_object database "$DATABASE_NAME" tables: "$tables"
    echo
}
