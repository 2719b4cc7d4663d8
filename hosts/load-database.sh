#!/usr/bin/env bash
# Loads a product's database from its restored volume into this environment's server, whole or not at all: from a dump, or from the
# data directory of a Postgres that ran on the old host.
# Variables: METHOD (dump, folder) SOURCE ENGINE_VERSION DATABASE_HOST DATABASE_PORT DATABASE_NAME DATABASE_USER DATABASE_PASSWORD DATABASE_CA.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# A day: a big database takes its time, and work that hangs must end.
PATIENCE=86400

main() {
    postgres_client
    run_as_unit "load-$DATABASE_NAME" "$PATIENCE" load
}

# What was loaded is taken from the copy (the capture keeps it), so a run that was cut short goes on where it was.
load() {
    to_target
    if [ -e "$SOURCE" ]; then
        "load_$METHOD"
        rm -rf "$SOURCE"
    fi
    count_tables
}

load_dump() { restore_into_target "$SOURCE"; }

load_folder() {
    local programs work owner group
    [ -n "$(postgres_programs)" ] || install_postgres
    programs=$(postgres_programs)
    work=$(mktemp -d "$RUN_DIR/postgres.XXXXXX")
    owner=$(stat -c %u "$SOURCE")
    group=$(stat -c %g "$SOURCE")
    chmod 0711 "$RUN_DIR"
    chown "$owner:$group" "$work"
    # The old host's own settings don't count here: nobody but this script may connect, by a socket.
    printf 'local all all trust\n' >"$work/hba.conf"
    : >"$work/empty.conf"
    as_owner() { setpriv --reuid="$owner" --regid="$group" --clear-groups -- "$@"; }
    rm -f "$SOURCE/postmaster.pid"
    as_owner "$programs/postgres" -D "$SOURCE" -c config_file="$work/empty.conf" -c hba_file="$work/hba.conf" \
        -c ident_file="$work/empty.conf" -c listen_addresses= -c unix_socket_directories="$work" >"$work/log" 2>&1 &
    # A server that was not stopped cleanly reads its log first.
    wait_for 3600 as_owner env PGHOST="$work" PGUSER="$DATABASE_USER" psql -qAtX -d "$DATABASE_NAME" -c 'SELECT 1' >/dev/null 2>&1 ||
        fail "the old Postgres $ENGINE_VERSION does not start from $SOURCE on $HOSTNAME: $(tail -n 3 "$work/log" | tr '\n' ' ')"
    env -i PATH="$PATH" PGHOST="$work" PGUSER="$DATABASE_USER" pg_dump --format=custom --dbname="$DATABASE_NAME" --file="$work/copy.dump"
    as_owner "$programs/pg_ctl" stop -D "$SOURCE" -m fast >/dev/null
    restore_into_target "$work/copy.dump"
    rm -rf "$work"
    # Nobody here has the old server's number; what is left of it must not look like a forgotten person's files.
    find "$(findmnt -n -o TARGET --target "$SOURCE")" -xdev \( -uid "$owner" -o -gid "$group" \) -exec chown -h root:root {} +
}

to_target() { postgres_target "$DATABASE_HOST" "$DATABASE_PORT" "$DATABASE_USER" "$DATABASE_PASSWORD" "$DATABASE_CA"; }

# In one transaction, and over what an earlier try may have left.
restore_into_target() { # dump
    wait_for 60 psql -qAtX -d "$DATABASE_NAME" -c 'SELECT 1' >/dev/null 2>&1 ||
        fail "database $DATABASE_NAME on $DATABASE_HOST can't be reached as $DATABASE_USER from $HOSTNAME: $(psql -qAtX -d "$DATABASE_NAME" -c 'SELECT 1' 2>&1 | tail -n 1)"
    # Of a newer client's settings the server may not know all, and needs none.
    pg_restore --clean --if-exists --no-owner --no-privileges --file=- "$1" | sed '1,40{/^SET transaction_timeout/d}' |
        psql -qX -v ON_ERROR_STOP=1 --single-transaction -d "$DATABASE_NAME" >/dev/null ||
        fail "the database can't be loaded into $DATABASE_NAME on $DATABASE_HOST; the lines above say why. Nothing of it was kept."
}

count_tables() {
    local tables
    tables=$(psql -qAtX -d "$DATABASE_NAME" -c "SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
    ((tables > 0)) || fail "database $DATABASE_NAME holds no table of $DATABASE_USER, and $SOURCE is not on the restored volume of $HOSTNAME; restore a capture that has it."
    json_object database "$DATABASE_NAME" tables: "$tables"
    echo
}

postgres_programs() {
    local folder
    for folder in "/usr/lib/postgresql/$ENGINE_VERSION/bin" "/usr/pgsql-$ENGINE_VERSION/bin"; do
        if [ -x "$folder/postgres" ]; then
            echo "$folder"
            return
        fi
    done
}

# Only the same major version reads a data directory. No server of its own is to run here.
install_postgres() {
    printf 'create_main_cluster = false\n' | write_file /etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "postgresql-$ENGINE_VERSION" >&2 || true
    [ -n "$(postgres_programs)" ] ||
        fail "Postgres $ENGINE_VERSION is not on $HOSTNAME, and only that version reads $SOURCE: put the package postgresql-$ENGINE_VERSION into the image or its package repository (apt.postgresql.org has all), or move the database to a server of its own before the capture."
}
