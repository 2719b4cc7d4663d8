#!/usr/bin/env bash
# Postgres on the product's own host: stopped with it, and loaded from its data directory by a server of its version. Needs what the script
# that it is part of has: window, or load-database.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# A number that no account has: the one that the old server runs as on a new host.
OLD_SERVER=65532

local_provider() { printf postgres; }

# ---- in a closed window ----

# By row, asked while the server still runs; a server that lets nobody ask keeps nothing up.
LOCAL_LOCALES=()

local_reach() { # i
    local locale bytes
    [ -z "${LOCAL_LOCALES[$1]:-}" ] || return 0
    locale=$(ask_local "$1" "$LOCALE_QUERY" 2>/dev/null) || locale=''
    bytes=$(ask_local "$1" "$SIZE_QUERY" 2>/dev/null) || bytes=''
    case $locale in \{*\}) LOCAL_LOCALES[$1]=$locale ;; esac
    case $bytes in '' | *[!0-9]*) ;; *) DATABASE_BYTES[$1]=$bytes ;; esac
}

# As whoever it runs as, by its socket: the last lines of its pid file say where that is (Postgres documentation, postmaster.pid).
ask_local() { # i question
    local place=() path=${DATABASES_path[$1]} owner group
    mapfile -t place <"$path/postmaster.pid"
    read -r owner group < <(stat -c '%u %g' "$path")
    as_number "$owner" "$group" timeout 10 env -i PATH="$PATH" LC_ALL=C HOME=/nonexistent \
        psql -qAtX -h "${place[4]}" -p "${place[3]}" -U "$(id -nu "$owner")" -d "${DATABASES_name[$1]}" -c "$2" </dev/null
}

local_findings() { # i
    local path=${DATABASES_path[$1]} unit=${DATABASES_unit[$1]}
    [ -f "$path/PG_VERSION" ] || echo "$path is no Postgres data directory; set posit:current.*.databases[].dataDirectory to what SHOW data_directory answers"
    systemctl cat "$unit" >/dev/null 2>&1 || echo "there is no unit $unit; set posit:current.*.databases[].unit to the one that runs Postgres (systemctl list-units 'postgres*')"
}

local_closed() { note_database "$1" folder "$(<"${DATABASES_path[$1]}/PG_VERSION")" "${LOCAL_LOCALES[$1]:-}" "${DATABASE_BYTES[$1]:-}"; } # i
local_dump() { :; } # i

# ---- on a restored volume ----

local_is_there() { [ -f "$SOURCE/PG_VERSION" ]; }

local_load() {
    local programs
    # Only the same major version reads a data directory.
    os_need postgres "$ENGINE_VERSION" "only that version reads $SOURCE. Or move the database to a server of its own before the capture"
    programs=${OS_COMMAND%/*}
    all_in_one_place
    take_from_foreign_number
    rm -f "$SOURCE/postmaster.pid"
    start_old_server "$programs"
    # Piped, since no place here need be big enough for a copy.
    as_old_server pg_dump --format=custom --compress=0 --dbname="$DATABASE_NAME" | restore_into_target
    as_old_server "$programs/pg_ctl" stop -D "$SOURCE" -m fast >/dev/null
}

# Root follows none of the old server's links, and another place might be anybody's.
all_in_one_place() {
    local elsewhere
    [ ! -L "$SOURCE" ] || fail "$SOURCE on $HOSTNAME is a link; set posit:current.*.databases[].dataDirectory to where it leads, and take a new capture."
    elsewhere=$(find "$SOURCE/pg_wal" "$SOURCE/pg_tblspc" -maxdepth 1 -type l -printf '%p leads to %l; ' 2>/dev/null || true)
    [ -z "$elsewhere" ] || fail "part of the database at $SOURCE lies elsewhere (${elsewhere%; }), which can't be loaded; dissolve that tablespace or link on the old host and take a new capture."
}

# Its number may be an account's here, which then could reach into it; and afterwards nothing may look like a forgotten person's.
take_from_foreign_number() {
    local owner group
    owner=$(stat -c %u "$SOURCE")
    group=$(stat -c %g "$SOURCE")
    [ "$owner" != 0 ] || fail "$SOURCE on $HOSTNAME belongs to root, as no Postgres server's directory does; set posit:current.*.databases[].dataDirectory to what SHOW data_directory answers, and take a new capture."
    [ "$owner" != "$OLD_SERVER" ] || return 0
    if [ "$EUID" != 0 ]; then return 0; fi
    if ! getent passwd "$owner" >/dev/null; then
        find "$(volume_of_source)" -xdev -depth -uid "$owner" ! -path "$SOURCE" -execdir chown -h --from="$owner" "$OLD_SERVER" '{}' +
    fi
    if ! getent group "$group" >/dev/null; then
        find "$(volume_of_source)" -xdev -gid "$group" -execdir chown -h --from=":$group" ":$OLD_SERVER" '{}' +
    fi
    # The directory itself comes last: a run that was cut short does all of it again.
    find "$SOURCE" -xdev -depth -uid "$owner" -execdir chown -h --from="$owner" "$OLD_SERVER:$OLD_SERVER" '{}' +
}

# The data mount that it lies on.
volume_of_source() {
    local mount longest=$SOURCE
    for mount in "${DATA_MOUNTS[@]}"; do
        case $SOURCE/ in
            "$mount"/*) if [ "$longest" = "$SOURCE" ] || ((${#mount} > ${#longest})); then longest=$mount; fi ;;
        esac
    done
    printf '%s' "$longest"
}

# The old host's own settings don't count here: nobody but this script may connect, by a socket.
start_old_server() { # programs
    local room=$WORK/server server
    printf 'local all all trust\n' >"$WORK/hba.conf"
    : >"$WORK/empty.conf"
    chmod 0644 "$WORK/hba.conf" "$WORK/empty.conf"
    as_old_server "$1/postgres" -D "$SOURCE" -c config_file="$WORK/empty.conf" -c hba_file="$WORK/hba.conf" \
        -c ident_file="$WORK/empty.conf" -c listen_addresses= -c port=5432 -c unix_socket_directories="$room" >"$WORK/log" 2>&1 &
    server=$!
    # A server that was not stopped cleanly reads its log first.
    wait_for 3600 answers_or_ended "$server"
    old_server_answers ||
        fail "the old Postgres $ENGINE_VERSION does not start from $SOURCE on $HOSTNAME: $({ grep -E 'FATAL|PANIC' "$WORK/log" || tail -n 3 "$WORK/log"; } | tail -n 3 | tr '\n' ' ')"
}

# Of the environment it sees nothing: the other server's password is there.
as_old_server() {
    as_number "$OLD_SERVER" "$OLD_SERVER" env -i PATH="$PATH" LC_ALL=C HOME="$WORK/server" PGHOST="$WORK/server" PGUSER="$DATABASE_USER" "$@"
}

old_server_answers() { as_old_server psql -qAtX -d "$DATABASE_NAME" -c 'SELECT 1' >/dev/null 2>&1; }
answers_or_ended() { old_server_answers || ! kill -0 "$1" 2>/dev/null; } # pid

# Its content, and the directory unless a volume is mounted there.
local_take_away() {
    [ -d "$SOURCE" ] || return 0
    rm -f -- "$SOURCE/PG_VERSION"
    find "$SOURCE" -xdev -mindepth 1 ! -path "$SOURCE/lost+found" ! -path "$SOURCE/lost+found/*" -delete || true
    mountpoint -q "$SOURCE" || rmdir -- "$SOURCE" || true
    if [ "$EUID" = 0 ] && [ -d "$(volume_of_source)" ]; then
        find "$(volume_of_source)" -xdev -uid "$OLD_SERVER" -execdir chown -h --from="$OLD_SERVER" 0 '{}' +
        find "$(volume_of_source)" -xdev -gid "$OLD_SERVER" -execdir chown -h --from=":$OLD_SERVER" :0 '{}' +
    fi
}
