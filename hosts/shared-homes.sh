#!/usr/bin/env bash
# Mounts the homes that production has on a file system of the network, read-only; hosts/serve.sh makes them writable when this host
# serves.
# Variables: SOURCE TYPE OPTIONS MOUNT.
# Actions: mount | unmount.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    case ${2:-mount} in
        mount) mount_homes ;;
        unmount) unmount_homes ;;
        *) fail "shared-homes.sh knows mount and unmount only." ;;
    esac
    json_object mount "$MOUNT" source "$SOURCE"
    echo
}

mount_homes() {
    local unit
    case $TYPE in nfs*) os_need mount.nfs4 ;; esac
    stop_product
    no_link_on_the_way "$MOUNT"
    mkdir -p "$MOUNT"
    # A boot without the file server must end in a host that answers (nofail), and never in a product without its homes.
    set_fstab_line "$MOUNT" "$SOURCE $MOUNT $TYPE ro,nofail,_netdev,x-posit-shared-homes${OPTIONS:+,$OPTIONS} 0 0"
    for unit in "${UNITS[@]}"; do
        printf '[Unit]\nRequiresMountsFor=%s\n' "$MOUNT" | write_file "$UNIT_DIR/$unit.service.d/40-posit-mount${MOUNT//\//-}.conf"
    done
    systemctl daemon-reload
    if ! mountpoint -q "$MOUNT"; then
        timeout 60 mount "$MOUNT" || fail "the shared homes $SOURCE can't be mounted on $HOSTNAME: may this host reach their server (posit:network.storageCidrs), and does it export to this network?"
    fi
    remount_shared_homes ro
}

unmount_homes() {
    stop_product
    if mountpoint -q "$MOUNT"; then umount "$MOUNT" || fail "the shared homes at $MOUNT can't be unmounted on $HOSTNAME: $(fuser -vm "$MOUNT" 2>&1 | tail -n +2 | head -n 3 | tr '\n' ';')"; fi
    set_fstab_line "$MOUNT" ''
    systemctl daemon-reload
}
