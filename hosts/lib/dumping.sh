#!/usr/bin/env bash
# The product's database in a closed window, where it is on no snapshot of its own: dumped to the host's volume, or stopped with
# its product. Variables: DATABASE_METHOD DATABASE_PATH DATABASE_UNIT, and of a dump DATABASE_HOST DATABASE_PORT DATABASE_NAME
# DATABASE_USER DATABASE_PASSWORD DATABASE_CA.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# Everything that could fail once production is closed is tried before. Answers what is wrong, nothing when all is right.
database_findings() {
    case $DATABASE_METHOD in
        dump) dump_findings ;;
        folder)
            [ -f "$DATABASE_PATH/PG_VERSION" ] || echo "$DATABASE_PATH is no Postgres data directory; set posit:current.*.database.dataDirectory to what SHOW data_directory answers"
            systemctl cat "$DATABASE_UNIT" >/dev/null 2>&1 || echo "there is no unit $DATABASE_UNIT; set posit:current.*.database.unit to the one that runs Postgres (systemctl list-units 'postgres*')"
            ;;
    esac
}

# Dumping the schema shows that server, password, privileges and versions are right.
dump_findings() {
    local problem size free
    command -v pg_dump >/dev/null || { echo "pg_dump is missing; install the Postgres client there, at least as new as the server"; return; }
    problem=$(timeout 20 pg_dump --schema-only --dbname="$DATABASE_NAME" 2>&1 >/dev/null) || {
        echo "database $DATABASE_NAME on $DATABASE_HOST can't be dumped: ${problem//$'\n'/ }"
        return
    }
    size=$(psql -qAtX -d "$DATABASE_NAME" -c 'SELECT pg_database_size(current_database())')
    free=$(df --output=avail --block-size=1 "$(dirname "$DATABASE_PATH")" | tail -n 1)
    ((free > size)) || echo "$(dirname "$DATABASE_PATH") has $((free >> 20)) MiB free, and the database may need $((size >> 20)) MiB for its dump"
}

# Written, and read back before anybody relies on it.
write_dump() {
    local problem entries
    umask 077
    problem=$(pg_dump --format=custom --compress=1 --dbname="$DATABASE_NAME" --file="$DATABASE_PATH" 2>&1) || {
        trouble "the dump of $DATABASE_NAME failed on $HOSTNAME: ${problem//$'\n'/ }"
        return 1
    }
    entries=$(pg_restore --list "$DATABASE_PATH" | grep -vc '^;' || true)
    ((entries > 0)) || { trouble "the dump $DATABASE_PATH on $HOSTNAME holds nothing"; return 1; }
    psql -qAtX -d "$DATABASE_NAME" -c "SELECT current_setting('server_version_num')::int / 10000" >"$RUN_DIR/database-version" &&
        sync -f "$DATABASE_PATH"
}
