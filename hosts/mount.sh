#!/usr/bin/env bash
# Mounts a data volume where the product expects it, now and after every boot; or stops the product and lets go of the volume.
# With FOLDER (an absolute path within the volume's file system) only that folder appears at MOUNT; the volume may be a whole system's,
# partitions and all.
# Variables: VOLUME_ID MOUNT FOLDER FILESYSTEM FRESH.
# Actions: mount | unmount.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# As EBS volumes are named on Nitro: by id, since the order of devices is not fixed.
DEVICE=${HOST_ROOT:-}/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME_ID//-/}
WHOLE=${HOST_ROOT:-}/mnt/posit-volumes/$VOLUME_ID

main() {
    case ${2:-mount} in
        mount) mount_volume ;;
        unmount) unmount_volume ;;
        *) fail "mount.sh knows mount and unmount only." ;;
    esac
    json_object mount "$MOUNT" volume "$VOLUME_ID"
    echo
}

mount_volume() {
    local unit source=$DEVICE type=auto options="defaults,nofail 0 2"
    wait_for 60 test -b "$DEVICE" || fail "volume $VOLUME_ID did not appear on $HOSTNAME as $DEVICE within 60 s; is it attached?"
    if [ "$FRESH" = true ] && [ -z "$(blkid -s TYPE -o value "$DEVICE" || true)" ]; then
        "mkfs.$FILESYSTEM" -q "$DEVICE"
    fi
    if [ -n "$FOLDER" ]; then
        source=$WHOLE$FOLDER
        type=none
        options="bind,nofail,x-systemd.requires-mounts-for=$WHOLE 0 0"
        mount_whole
    else
        [ -n "$(blkid -s TYPE -o value "$DEVICE" || true)" ] || fail "volume $VOLUME_ID holds no file system, although a restored one should."
    fi
    stop_product
    no_link_on_the_way "$MOUNT"
    mkdir -p "$MOUNT"
    # A boot without the volume must end in a host that answers (nofail), and never in a product that begins anew on an empty folder.
    set_fstab_line "$MOUNT" "$source $MOUNT $type $options"
    for unit in "${UNITS[@]}"; do
        printf '[Unit]\nRequiresMountsFor=%s\n' "$MOUNT" | write_file "$UNIT_DIR/$unit.service.d/40-posit-mount${MOUNT//\//-}.conf"
    done
    systemctl daemon-reload
    if ! mountpoint -q "$MOUNT"; then mount "$MOUNT"; fi
    # Of a bind mount findmnt says "DEVICE[/folder]"; a partition's name begins with its device's.
    case $(readlink -f "$(findmnt -n -o SOURCE --target "$MOUNT" | sed 's/\[.*//')") in
        "$(readlink -f "$DEVICE")" | "$(readlink -f "$DEVICE")"p[0-9]*) ;;
        *) fail "$MOUNT on $HOSTNAME is another volume than $VOLUME_ID." ;;
    esac
}

# The volume's file system aside, so that one folder of it can be shown where the product looks for it.
mount_whole() {
    local candidate type
    mkdir -p "$WHOLE"
    if mountpoint -q "$WHOLE"; then return; fi
    for candidate in "$DEVICE" "$DEVICE"-part*; do
        type=$(blkid -s TYPE -o value "$candidate" 2>/dev/null || true)
        case $type in
            xfs) mount -o nouuid "$candidate" "$WHOLE" 2>/dev/null || continue ;; # the system's own may have the same id
            ext*) mount "$candidate" "$WHOLE" 2>/dev/null || continue ;;
            *) continue ;;
        esac
        if [ -d "$WHOLE$FOLDER" ]; then
            # A link in the old system would lead into this one.
            no_link_on_the_way "$WHOLE$FOLDER"
            set_fstab_line "$WHOLE" "$candidate $WHOLE $type defaults,nofail$([ "$type" != xfs ] || echo ,nouuid) 0 2"
            return
        fi
        umount "$WHOLE"
    done
    fail "no file system of volume $VOLUME_ID has the folder $FOLDER; set posit:current.*.dataVolumes[].folder to where the data lies in it."
}

unmount_volume() {
    stop_product
    # One after the other: a volume and one below it may be given up side by side.
    install -d -m 0700 "$RUN_DIR"
    exec 5>"$RUN_DIR/unmount.lock"
    flock -w 120 5 || fail "another volume of $HOSTNAME is being unmounted for two minutes now; see: ps -ef | grep umount"
    if mountpoint -q "$MOUNT"; then
        end_users_of_mount
        # Volumes below this one come off with it; their own turn finds nothing left to do.
        umount --recursive "$MOUNT" || fail "$MOUNT can't be unmounted on $HOSTNAME: $(fuser -vm "$MOUNT" 2>&1 | tail -n +2 | head -n 3 | tr '\n' ';')"
    fi
    set_fstab_line "$MOUNT" ''
    if mountpoint -q "$WHOLE"; then umount "$WHOLE"; fi
    set_fstab_line "$WHOLE" ''
    systemctl daemon-reload
}

# Sessions and shells of testers must not hold a volume that is given up.
end_users_of_mount() {
    local mounts
    mapfile -t mounts < <(findmnt -n -l -R -o TARGET "$MOUNT")
    fuser -k -TERM -m "${mounts[@]}" >/dev/null 2>&1 || return 0
    sleep 1
    fuser -k -KILL -m "${mounts[@]}" >/dev/null 2>&1 || true
    sleep 0.2
}
