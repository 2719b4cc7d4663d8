#!/usr/bin/env bash
# Mounts a data volume where the product expects it, now and after every boot; or stops the product and lets go of the volume.
# Variables: VOLUME_ID MOUNT FILESYSTEM FRESH; action: mount | unmount.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# As EBS volumes are named on Nitro: by id, since the order of devices is not fixed.
DEVICE=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME_ID//-/}

main() {
    case ${2:-${ACTION:-mount}} in
        mount) mount_volume ;;
        unmount) unmount_volume ;;
        *) fail "mount.sh knows mount and unmount only." ;;
    esac
    json_object mount "$MOUNT" volume "$VOLUME_ID"
    echo
}

mount_volume() {
    local unit
    wait_for 60 test -b "$DEVICE" || fail "volume $VOLUME_ID did not appear on $HOSTNAME as $DEVICE within 60 s; is it attached?"
    if [ "$FRESH" = true ] && [ -z "$(blkid -s TYPE -o value "$DEVICE" || true)" ]; then
        "mkfs.$FILESYSTEM" -q "$DEVICE"
    fi
    [ -n "$(blkid -s TYPE -o value "$DEVICE" || true)" ] || fail "volume $VOLUME_ID holds no file system, although a restored one should."
    stop_product
    mkdir -p "$MOUNT"
    # A boot without the volume must end in a host that answers (nofail), and never in a product that begins anew on an empty folder.
    set_fstab_line "$DEVICE $MOUNT auto defaults,nofail 0 2"
    for unit in "${UNITS[@]}"; do
        printf '[Unit]\nRequiresMountsFor=%s\n' "$MOUNT" | write_file "$UNIT_DIR/$unit.service.d/40-posit-mount${MOUNT//\//-}.conf"
    done
    systemctl daemon-reload
    if ! mountpoint -q "$MOUNT"; then mount "$MOUNT"; fi
    [ "$(readlink -f "$(findmnt -n -o SOURCE --target "$MOUNT")")" = "$(readlink -f "$DEVICE")" ] ||
        fail "$MOUNT on $HOSTNAME is another volume than $VOLUME_ID."
}

unmount_volume() {
    stop_product
    if mountpoint -q "$MOUNT"; then
        end_users_of_mount
        umount "$MOUNT" || fail "$MOUNT can't be unmounted on $HOSTNAME: $(fuser -vm "$MOUNT" 2>&1 | tail -n +2 | head -n 3 | tr '\n' ';')"
    fi
    set_fstab_line ''
    systemctl daemon-reload
}

# The volumes of one host come and go side by side, so each waits for its turn at the table.
set_fstab_line() { # line; empty takes the mount's line away
    install -d -m 0700 "$RUN_DIR"
    (
        flock -w 60 6
        sed -i "\\| $MOUNT |d" /etc/fstab
        if [ -n "$1" ]; then printf '%s\n' "$1" >>/etc/fstab; fi
    ) 6>"$RUN_DIR/fstab.lock"
}

# Sessions and shells of testers must not hold a volume that is given up.
end_users_of_mount() {
    fuser -k -TERM -m "$MOUNT" >/dev/null 2>&1 || return 0
    sleep 1
    fuser -k -KILL -m "$MOUNT" >/dev/null 2>&1 || true
    sleep 0.2
}
