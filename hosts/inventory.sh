#!/usr/bin/env bash
# What is installed and used on a production host. Reads only. Variables: DATABASE_KIND SHARED_HOMES VOLUMES_JSON [{mount, volumeId, folder}].
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

main() {
    json_object product "$PRODUCT" version "$(package_version "$PACKAGE")" os: "$(operating_system)" \
        runtimes: "$(runtimes)" runtimesInUse: "$(product_runtimes_in_use | json_list)" accounts: "$(accounts | json_list)" \
        groups: '[]' keyFingerprint "$(key_fingerprint)" mounts: "$(mounts | json_list)" database: "$(product_database)" \
        findings: "$(findings | json_list)" counts: "$(product_counts)"
    echo
}

operating_system() {
    # shellcheck disable=SC1091 # the host's own file
    (. /etc/os-release && json_object id "${ID:-linux}" codename "${VERSION_CODENAME:-${VERSION_ID:-unknown}}")
}

runtimes() {
    json_object r: "$(versions_below /opt/R | json_lines)" python: "$({ versions_below /opt/python; system_python; } | sort -u | json_lines)" \
        quarto: "$(versions_below /opt/quarto | json_lines)"
}

versions_below() { find "$1" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort || true; }

system_python() {
    if [ -x /usr/bin/python3 ]; then /usr/bin/python3 --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+' | head -n 1; fi
}

accounts() {
    local name uid gid home
    while read -r name uid gid home; do
        json_object name "$name" uid: "$uid" gid: "$gid" home "$home"
        echo
    done < <(data_accounts)
}

key_fingerprint() {
    if [ -f "$KEY_PATH" ]; then fingerprint_file "$KEY_PATH"; fi
}

mounts() {
    local mount source type
    for mount in "${DATA_MOUNTS[@]}"; do
        read -r source type < <(findmnt -n -o SOURCE,FSTYPE --target "$mount" 2>/dev/null || echo "none none")
        json_object path "$mount" device "$source" fsType "$type"
        echo
    done
}

# What this version does not carry, said on the first day.
findings() {
    local i
    if [ -z "$(package_version "$PACKAGE")" ]; then
        finding not-installed refused "$PACKAGE is not installed on $HOSTNAME" "check posit:current: this is not the $PRODUCT_TITLE host"
        return
    fi
    for ((i = 0; i < ${VOLUMES_count:-0}; i++)); do
        place_findings "${VOLUMES_mount[i]}" "${VOLUMES_volumeId[i]}" "${VOLUMES_folder[i]:-/}"
    done
    shared_findings
    database_kind_findings
    product_findings
    if [ ! -f "$KEY_PATH" ]; then
        finding no-key declare "$KEY_PATH does not exist" "set the key's real place, or ignore this if nothing is encrypted"
    fi
}

# Is the data where the configuration says? A capture of another volume would be complete and worthless.
place_findings() { # mount volume folder
    local device disks link folder
    [ -d "$1" ] || { finding no-folder refused "$1 does not exist on $HOSTNAME" "correct posit:current.*.dataVolumes"; return; }
    device=$(device_of "$1")
    [ -b "$device" ] || return 0 # no volume at all: shared_findings says so
    disks=$(lsblk -s -n -l -o TYPE "$device" 2>/dev/null | grep -vxE 'part|disk|loop' | sort -u | tr '\n' ' ' || true)
    if [ -n "$disks" ]; then
        finding striped-volume refused "$1 lies on $device, which is made of other devices ($disks)" \
            "snapshots of several volumes don't agree; move the data to a file system on one EBS volume before the upgrade"
        return
    fi
    link=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${2//-/}
    if [ ! -e "$link" ]; then
        finding volume-not-here refused "volume $2 is not attached to $HOSTNAME" "correct posit:current.*.dataVolumes, or check account and region: captures are taken and restored where the stack is"
        return
    fi
    case $(readlink -f "$device") in
        "$(readlink -f "$link")" | "$(readlink -f "$link")"p[0-9]*) ;;
        *) finding other-volume refused "$1 lies on $device, and $2 is $(readlink -f "$link")" "name the volume that $1 really lies on in posit:current.*.dataVolumes" ;;
    esac
    folder=$(folder_of "$1")
    if [ "$folder" != "$3" ]; then
        finding other-folder refused "$1 is the folder $folder of volume $2" "set folder: $folder on it in posit:current.*.dataVolumes$([ "$folder" != / ] || echo ' (none: it is the whole volume)')"
    fi
}

# Data on a file system of the network is on no volume.
shared_findings() {
    local mount target type
    for mount in "${DATA_MOUNTS[@]}"; do
        while read -r target type; do
            if [ -n "$SHARED_HOMES" ] && [[ $target/ == "$SHARED_HOMES"/* ]]; then continue; fi
            case $type in
                nfs* | fuse* | lustre | cifs | smb3 | 9p | efs | ceph | glusterfs)
                    finding shared-storage refused "$target lies on $type" \
                        "move it to an EBS volume before the upgrade; homes may be declared shared (posit:sharedHomes)"
                    ;;
            esac
        done < <({ findmnt -n -l -o TARGET,FSTYPE --target "$mount"; findmnt -n -l -R -o TARGET,FSTYPE "$mount"; } 2>/dev/null | sort -u)
    done
}

database_kind_findings() {
    local told=postgres
    if [ "$DATABASE_KIND" = sqlite ]; then told=sqlite; fi
    case $(product_database) in
        *"\"provider\":\"$told\""*) ;;
        *) finding other-database refused "$PRODUCT_TITLE's configuration says $(product_database)" "correct posit:current.*.database, whose kind is $DATABASE_KIND" ;;
    esac
}

finding() {
    json_object code "$1" verdict "$2" detail "$3" remedy "$4"
    echo
}
