#!/usr/bin/env bash
# Loads a product's database from its restored volume into this environment's server, whole or not at all: from a dump, or from the
# data directory of a Postgres that ran on the old host.
# Variables: METHOD=dump|folder SOURCE ENGINE_VERSION DATABASE_HOST DATABASE_PORT DATABASE_NAME DATABASE_USER DATABASE_PASSWORD DATABASE_CA.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# A day: a big database takes its time, and work that hangs must end.
PATIENCE=86400

# Numbers that no account has: the one that talks to the server, and the one that the old server runs as here.
LOADER=65533
OLD_SERVER=65532

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
    if source_is_there; then "load_$METHOD"; fi
    count_tables
    "remove_$METHOD"
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

source_is_there() {
    case $METHOD in
        dump) [ -e "$SOURCE" ] || [ -L "$SOURCE" ] ;;
        folder) [ -f "$SOURCE/PG_VERSION" ] ;;
    esac
}

# ---- from a dump ----

# The window writes it as root, where only root can go; a file of somebody else in its place is none of ours.
load_dump() {
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

remove_dump() {
    rm -f -- "$SOURCE"
    case ${SOURCE%/*} in */.posit-capture) rmdir --ignore-fail-on-non-empty -- "${SOURCE%/*}" 2>/dev/null || true ;; esac
}

# ---- from the data directory of a server that was closed with its product ----

load_folder() {
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
    [ ! -L "$SOURCE" ] || fail "$SOURCE on $HOSTNAME is a link; set posit:current.*.database.dataDirectory to where it leads, and take a new capture."
    elsewhere=$(find "$SOURCE/pg_wal" "$SOURCE/pg_tblspc" -maxdepth 1 -type l -printf '%p leads to %l; ' 2>/dev/null || true)
    [ -z "$elsewhere" ] || fail "part of the database at $SOURCE lies elsewhere (${elsewhere%; }), which can't be loaded; dissolve that tablespace or link on the old host and take a new capture."
}

# Its number may be an account's here, which then could reach into it; and afterwards nothing may look like a forgotten person's.
take_from_foreign_number() {
    local owner group
    owner=$(stat -c %u "$SOURCE")
    group=$(stat -c %g "$SOURCE")
    [ "$owner" != 0 ] || fail "$SOURCE on $HOSTNAME belongs to root, as no Postgres server's directory does; set posit:current.*.database.dataDirectory to what SHOW data_directory answers, and take a new capture."
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
remove_folder() {
    [ -d "$SOURCE" ] || return 0
    rm -f -- "$SOURCE/PG_VERSION"
    find "$SOURCE" -xdev -mindepth 1 ! -path "$SOURCE/lost+found" ! -path "$SOURCE/lost+found/*" -delete || true
    mountpoint -q "$SOURCE" || rmdir -- "$SOURCE" || true
    if [ "$EUID" = 0 ] && [ -d "$(volume_of_source)" ]; then
        find "$(volume_of_source)" -xdev -uid "$OLD_SERVER" -execdir chown -h --from="$OLD_SERVER" 0 '{}' +
        find "$(volume_of_source)" -xdev -gid "$OLD_SERVER" -execdir chown -h --from=":$OLD_SERVER" :0 '{}' +
    fi
}

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
