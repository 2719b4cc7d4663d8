# shellcheck shell=bash
# Moves a product's data to another host as people do it by hand, and prints for how long the product was closed.
# WAY=plain: everything over the network while it is closed. WAY=careful: files ahead of time, and while it is closed only their difference, and
# the database aside on the host's own disk; that goes over and is loaded when the product is open again.

work=$(mktemp -d)
# The host's own disk, beside the data's volumes.
aside=$(mktemp -d /var/tmp/by-hand.XXXXXX)
trap 'rm -rf "$work" "$aside"' EXIT

ssh_options() {
    echo "-i $work/key -o UserKnownHostsFile=$work/known -o StrictHostKeyChecking=yes -o BatchMode=yes"
}

on_target() {
    # shellcheck disable=SC2046,SC2029 # options are words; commands are written to be expanded here
    ssh $(ssh_options) "$TARGET" "$@"
}

copy_by_tar() { # folder
    tar -C "$1" --numeric-owner -cf - . | on_target "sudo mkdir -p '/var/tmp/by-hand$1' && sudo tar -C '/var/tmp/by-hand$1' --numeric-owner -xf -"
}

copy_by_rsync() { # folder
    on_target "sudo mkdir -p '/var/tmp/by-hand$1'"
    rsync -aHAX --numeric-ids --delete -e "ssh $(ssh_options)" --rsync-path="sudo rsync" "$1/" "$TARGET:/var/tmp/by-hand$1/"
}

# A stream is one file, so nothing of it can be done side by side; gzip's usual 6 would be slower than any network.
dump_over_the_network() {
    pg_dump -Fc -Z1 "$DATABASE_URL" | on_target "sudo tee /var/tmp/by-hand.dump >/dev/null"
}

# Nothing is between but a disk: what is not compressed is written in less time than gzip needs to read it.
dump_aside() { pg_dump -Fd -j2 --compress=0 -f "$aside/database" "$DATABASE_URL"; }

# Into a database of its own on the same server, since a new one is made days ahead.
load() {
    PGPASSWORD=$LOADER_PASSWORD pg_restore -j2 --no-owner --no-privileges -d "$LOAD_URL" "$aside/database"
}

as_loader() { PGPASSWORD=$LOADER_PASSWORD psql -qX -v ON_ERROR_STOP=1 "$LOADER_URL" -c "$1"; }

wait_for_health() {
    until curl -fsS -o /dev/null "http://localhost:$PORT$HEALTH" 2>/dev/null; do sleep 0.1; done
}

now() { date +%s.%N; }

prepare() {
    printf '%s\n' "$TARGET_KEY" >"$work/key"
    chmod 0600 "$work/key"
    printf '%s\n' "$TARGET_HOST_KEY" >"$work/known"
    export PGPASSWORD
    clean_target
    if [ "$WAY" = careful ]; then
        for mount in $MOUNTS; do copy_by_rsync "$mount"; done
        as_loader 'DROP DATABASE IF EXISTS by_hand'
        as_loader 'CREATE DATABASE by_hand'
    fi
}

clean_target() { on_target "sudo rm -rf /var/tmp/by-hand /var/tmp/by-hand.dump"; }

while_closed() {
    for mount in $MOUNTS; do
        if [ "$WAY" = careful ]; then copy_by_rsync "$mount"; else copy_by_tar "$mount"; fi
    done
    dumping=$(now)
    if [ "$WAY" = careful ]; then dump_aside; else dump_over_the_network; fi
}

main() {
    local mount closed dumping opened loading loaded
    prepare
    closed=$(now)
    # shellcheck disable=SC2086 # units are words
    systemctl stop $UNITS
    while_closed
    opened=$(now)
    # shellcheck disable=SC2086
    systemctl start $UNITS
    wait_for_health
    loading=$(now)
    if [ "$WAY" = careful ]; then
        tar -C "$aside" -cf - database | on_target "sudo tee /var/tmp/by-hand.dump >/dev/null"
        load
        loaded=$(now)
        as_loader 'DROP DATABASE by_hand'
    fi
    clean_target
    awk -v closed="$closed" -v dumping="$dumping" -v opened="$opened" -v loading="$loading" -v loaded="${loaded:-}" 'BEGIN {
        printf "{\"closedSeconds\":%.3f,\"dumpSeconds\":%.3f", opened - closed, opened - dumping
        if (loaded != "") printf ",\"loadSeconds\":%.3f", loaded - loading
        print "}"
    }'
}
