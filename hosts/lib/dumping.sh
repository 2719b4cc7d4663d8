#!/usr/bin/env bash
# The product's database in a closed window, where it is on no snapshot of its own: dumped to the host's volume, or stopped with
# its product.
# Variables: DATABASE_METHOD=dump|folder| DATABASE_PATH, and for a dump DATABASE_HOST DATABASE_NAME.
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
    local problem size free folder above
    folder=$(dirname "$DATABASE_PATH")
    above=$(dirname "$folder")
    if [ -e "$folder" ] || [ -L "$folder" ]; then
        (enter_dump_folder "$folder" 2>/dev/null) ||
            echo "$folder, where the dump goes, is there already and is no folder that only root can enter; look who made it, and remove it"
    fi
    command -v pg_dump >/dev/null || { echo "pg_dump is missing; install the Postgres client there, at least as new as the server"; return; }
    problem=$(timeout 20 pg_dump --schema-only --dbname="$DATABASE_NAME" 2>&1 >/dev/null) || {
        echo "database $DATABASE_NAME on $DATABASE_HOST can't be dumped: ${problem//$'\n'/ }"
        return
    }
    size=$(timeout 20 psql -qAtX -d "$DATABASE_NAME" -c 'SELECT pg_database_size(current_database())')
    free=$(df --output=avail --block-size=1 "$above" | tail -n 1)
    ((free > size)) || echo "$above has $((free >> 20)) MiB free, and the database may need $((size >> 20)) MiB for its dump"
}

# Written where only root can go, and read back before anybody relies on it. Run in the background, so in a shell of its own.
write_dump() {
    local problem entries folder temporary
    umask 077
    folder=$(dirname "$DATABASE_PATH")
    # Nobody of the product runs now, and whoever made it before: it is entered once, looked at from inside, and not left again.
    mkdir -m 0700 -- "$folder" 2>/dev/null || true
    enter_dump_folder "$folder" || { trouble "$folder on $HOSTNAME is no folder that only root can enter"; return 1; }
    temporary=$(mktemp ./dump.XXXXXX) || { trouble "no dump can be written below $folder on $HOSTNAME"; return 1; }
    problem=$(pg_dump --format=custom --compress=1 --dbname="$DATABASE_NAME" --file="$temporary" 2>&1) || {
        trouble "the dump of $DATABASE_NAME failed on $HOSTNAME: ${problem//$'\n'/ }"
        return 1
    }
    entries=$(pg_restore --list "$temporary" | grep -vc '^;' || true)
    ((entries > 0)) || { trouble "the dump $DATABASE_PATH on $HOSTNAME holds nothing"; return 1; }
    timeout 60 psql -qAtX -d "$DATABASE_NAME" -c "SELECT current_setting('server_version_num')::int / 10000" >"$RUN_DIR/database-version" &&
        mv -fT -- "$temporary" "$(basename "$DATABASE_PATH")" && sync -f .
}
