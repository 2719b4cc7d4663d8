#!/usr/bin/env bash
# Postgres as a client: how to reach a server.
# shellcheck disable=SC2034,SC2154 # variables come from the renderer
set -euo pipefail

# For psql, pg_dump and pg_restore. The password is in the environment only, where no process list shows it.
postgres_target() { # host port user password ca
    export PGHOST=$1 PGPORT=$2 PGUSER=$3 PGPASSWORD=$4 PGCONNECT_TIMEOUT=15 PGAPPNAME=posit-upgrade
    if [ -n "$5" ]; then
        printf '%s\n' "$5" | write_file "$STATE_DIR/database-ca.pem"
        export PGSSLMODE=verify-full PGSSLROOTCERT=$STATE_DIR/database-ca.pem
    else
        export PGSSLMODE=require
    fi
}

# Compressed as little as it is worth: what a dump writes to a volume is copied from there at a tenth of that speed (decision 31).
DUMP_OPTIONS=(--format=custom --compress=1)

SIZE_QUERY='SELECT pg_database_size(current_database())'

# How the database that is asked sorts, as JSON, by any version: columns that only newer ones have are looked for by name.
LOCALE_QUERY="SELECT json_build_object('encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
    'provider', coalesce(to_json(d) ->> 'datlocprovider', 'c'), 'locale', coalesce(to_json(d) ->> 'datlocale', to_json(d) ->> 'daticulocale', ''))
    FROM pg_database d WHERE datname = current_database()"
