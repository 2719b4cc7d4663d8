#!/usr/bin/env bash
# A Postgres server elsewhere: dumped to its product's volume while everything is closed, and loaded from there. Needs what the script that it
# is part of has: window (postgres, dumpFolder, window.sh), or load-database.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

external_provider() { printf postgres; }

# ---- in a closed window ----

external_reach() { # i
    postgres_target "${DATABASES_host[$1]}" "${DATABASES_port[$1]}" "${DATABASES_user[$1]}" "${DATABASES_password[$1]}" "${DATABASES_ca[$1]}"
}

# Dumping the schema shows that server, password, privileges and versions are right.
external_findings() { # i
    local problem room free folder above name=${DATABASES_name[$1]}
    folder=$(dirname "${DATABASES_path[$1]}")
    above=$(dirname "$folder")
    if [ -e "$folder" ] || [ -L "$folder" ]; then
        (enter_dump_folder "$folder" 2>/dev/null) ||
            echo "$folder, where the dump goes, is there already and is no folder that only root can enter; look who made it, and remove it"
    fi
    command -v pg_dump >/dev/null || { echo "pg_dump is missing; install the Postgres client there, at least as new as the server"; return; }
    problem=$(timeout 20 pg_dump --schema-only --dbname="$name" 2>&1 >/dev/null) || {
        echo "database $name on ${DATABASES_host[$1]} can't be dumped: ${problem//$'\n'/ }"
        return
    }
    DATABASE_BYTES[$1]=$(timeout 20 psql -qAtX -d "$name" -c "$SIZE_QUERY")
    # A dry run has measured what a dump needs; without one it is taken to be as big as the database.
    DUMP_ROOM=$((DUMP_ROOM + ${DATABASES_room[$1]:-${DATABASE_BYTES[$1]}}))
    room=$DUMP_ROOM
    free=$(df --output=avail --block-size=1 "$above" | tail -n 1)
    ((free >= room)) || echo "$above has $((free >> 20)) MiB free, and dumps there need $(((room >> 20) + 1)) MiB"
}

external_closed() { :; } # i

# The database of a server elsewhere, on the volume that is captured next. Read back before anybody relies on it.
external_dump() { # i
    note_dump "${DATABASES_path[$1]}"
    finish_while_listening write_dump "$1" || return
    note_database "$1" dump "$(<"$RUN_DIR/database-version")" "$(<"$RUN_DIR/database-locale")" "${DATABASE_BYTES[$1]:-}"
    DUMPED_BYTES=$((DUMPED_BYTES + $(stat -c %s "${DATABASES_path[$1]}")))
}

# Written where only root can go, and read back before anybody relies on it. Run in the background, so in a shell of its own.
write_dump() { # i
    local problem entries folder temporary name=${DATABASES_name[$1]} path=${DATABASES_path[$1]}
    umask 077
    folder=$(dirname "$path")
    # Nobody of the product runs now, and whoever made it before: it is entered once, looked at from inside, and not left again.
    mkdir -m 0700 -- "$folder" 2>/dev/null || true
    enter_dump_folder "$folder" || { trouble "$folder on $HOSTNAME is no folder that only root can enter"; return 1; }
    temporary=$(mktemp ./dump.XXXXXX) || { trouble "no dump can be written below $folder on $HOSTNAME"; return 1; }
    # In the group of this shell, which is ended as one; and should nobody be left to end it, it ends when the host opens.
    problem=$(timeout --foreground "$MAX_CLOSED_SECONDS" pg_dump "${DUMP_OPTIONS[@]}" --dbname="$name" --file="$temporary" 2>&1) || {
        trouble "the dump of $name failed on $HOSTNAME: ${problem//$'\n'/ }"
        return 1
    }
    entries=$(pg_restore --list "$temporary" | grep -vc '^;' || true)
    ((entries > 0)) || { trouble "the dump $path on $HOSTNAME holds nothing"; return 1; }
    timeout --foreground 60 psql -qAtX -d "$name" -c "SELECT current_setting('server_version_num')::int / 10000" >"$RUN_DIR/database-version" &&
        { timeout --foreground 60 psql -qAtX -d "$name" -c "$LOCALE_QUERY" || true; } >"$RUN_DIR/database-locale" &&
        mv -fT -- "$temporary" "$(basename "$path")" && sync -f .
}

# ---- on a restored volume ----

external_is_there() { [ -e "$SOURCE" ] || [ -L "$SOURCE" ]; }

# The window writes it as root, where only root can go; a file of somebody else in its place is none of ours.
external_load() {
    local folder=${SOURCE%/*}
    [ ! -L "$SOURCE" ] && [ -f "$SOURCE" ] || fail "$SOURCE on $HOSTNAME is no regular file, so not the dump that the window wrote; $(another_capture)"
    case $folder in
        */.posit-capture)
            [ ! -L "$folder" ] && [ "$(stat -c %u:%a "$folder")" = "$EUID:700" ] ||
                fail "$folder on $HOSTNAME is not root's alone; $(another_capture)"
            ;;
    esac
    exec 4<"$SOURCE"
    # Asked of what is open now, whatever the name may lead to by now.
    [ "$(stat -L -c '%F:%u:%h' /proc/self/fd/4)" = "regular file:$EUID:1" ] ||
        fail "$SOURCE on $HOSTNAME is not root's own, or has another name somewhere; $(another_capture)"
    restore_into_target <&4
    exec 4<&-
}

another_capture() { printf 'take a new capture and restore that one.'; }

external_take_away() {
    rm -f -- "$SOURCE"
    case ${SOURCE%/*} in */.posit-capture) rmdir --ignore-fail-on-non-empty -- "${SOURCE%/*}" 2>/dev/null || true ;; esac
}
