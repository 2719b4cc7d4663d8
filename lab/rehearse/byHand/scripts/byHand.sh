# shellcheck shell=bash
# Moves a product's data to another host as people do it by hand, and prints for how long the product was closed.
# WAY=plain: everything while it is closed. WAY=careful: ahead of time, and while it is closed only the difference.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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

dump() {
    export PGPASSWORD
    pg_dump -Fc "$DATABASE_URL" | on_target "sudo tee /var/tmp/by-hand.dump >/dev/null"
}

wait_for_health() {
    until curl -fsS -o /dev/null "http://localhost:$PORT$HEALTH" 2>/dev/null; do sleep 0.1; done
}

main() {
    local mount closed opened
    printf '%s\n' "$TARGET_KEY" >"$work/key"
    chmod 0600 "$work/key"
    printf '%s\n' "$TARGET_HOST_KEY" >"$work/known"
    on_target "sudo rm -rf /var/tmp/by-hand /var/tmp/by-hand.dump"
    if [ "$WAY" = careful ]; then
        for mount in $MOUNTS; do copy_by_rsync "$mount"; done
    fi
    closed=$(date +%s.%N)
    # shellcheck disable=SC2086 # units are words
    systemctl stop $UNITS
    for mount in $MOUNTS; do
        if [ "$WAY" = careful ]; then copy_by_rsync "$mount"; else copy_by_tar "$mount"; fi
    done
    dump
    opened=$(date +%s.%N)
    # shellcheck disable=SC2086
    systemctl start $UNITS
    wait_for_health
    on_target "sudo rm -rf /var/tmp/by-hand /var/tmp/by-hand.dump"
    awk -v from="$closed" -v to="$opened" 'BEGIN { printf "{\"closedSeconds\":%.3f}\n", to - from }'
}
