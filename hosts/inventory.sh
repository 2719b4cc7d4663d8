#!/usr/bin/env bash
# What is installed and used on a production host. Reads only.
# Variables: DATABASES [{role, kind}] SHARED_HOMES VOLUMES [{mount, volumeId, folder?}].
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

main() {
    local accounts groups mounts findings in_use
    # Each for itself, so that one that fails is not an empty list.
    in_use=$(product_runtimes_in_use | json_list)
    accounts=$(accounts | json_list)
    groups=$(groups | json_list)
    mounts=$(mounts | json_list)
    findings=$(findings | json_list)
    json_object product "$PRODUCT" version "$(installed)" os: "$(json_object id "$(os_release ID)" codename "$(os_codename)")" \
        runtimes: "$(runtimes)" runtimesInUse: "$in_use" accounts: "$accounts" \
        groups: "$groups" keyFingerprint "$(key_fingerprint)" mounts: "$mounts" databases: "[$(product_database)]" \
        endpoints: "$(endpoints)" instanceProfile "$(metadata_profile)" findings: "$findings" counts: "$(product_counts)"
    echo
}

# What can't be asked is a finding, and the rest is told all the same.
installed() { if [ -n "$(os_family)" ]; then os_installed "$PACKAGE"; fi; }

runtimes() {
    json_object r: "$(versions_below "${HOST_ROOT:-}/opt/R" | json_lines)" python: "$({ versions_below "${HOST_ROOT:-}/opt/python"; system_python; } | sort -u | json_lines)" \
        quarto: "$(versions_below "${HOST_ROOT:-}/opt/quarto" | json_lines)"
}

versions_below() { find "$1" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort || true; }

system_python() {
    local python=${HOST_ROOT:-}/usr/bin/python3
    if [ -x "$python" ]; then "$python" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+' | head -n 1; fi
}

accounts() {
    local name uid gid home groups
    while read -r name uid gid home; do
        groups=$(groups_of "$name" "$gid" | only_people | cut -d ' ' -f 1 | sort -u | json_lines)
        json_object name "$name" uid: "$uid" gid: "$gid" home "$home" groups: "$groups"
        echo
    done < <(data_accounts)
}

# Groups of people beside their own, with their numbers.
groups() {
    local name gid
    while read -r name gid; do
        json_object name "$name" gid: "$gid"
        echo
    done < <(all_groups | only_people | cut -d ' ' -f 1,2 | sort -u)
}

all_groups() {
    local name gid
    while read -r name _ gid _; do groups_of "$name" "$gid"; done < <(data_accounts)
}

# Lines "group number name" of the groups that somebody is in, the own one apart.
groups_of() { # name own-number
    local number group
    for number in $(id -G "$1" 2>/dev/null || true); do
        [ "$number" != "$2" ] || continue
        group=$(getent group "$number" | cut -d : -f 1 || true)
        if [[ $group =~ ^[A-Za-z0-9._-]+$ ]]; then printf '%s %s %s\n' "$group" "$number" "$1"; fi
    done
}

# Groups of the system give rights on the host; they are not carried from one to another (system_group_findings says so).
SYSTEM_GROUPS='root|sudo|wheel|adm|admin|users|docker|podman|lxd|incus|libvirt|kvm|disk|shadow|systemd-journal'
only_people() { awk -v pattern="^($SYSTEM_GROUPS)\$" '$2 >= 1000 && $1 !~ pattern'; }
only_system() { awk -v pattern="^($SYSTEM_GROUPS)\$" '$1 != "users" && ($2 < 1000 || $1 ~ pattern)'; }

key_fingerprint() {
    if [ -f "${HOST_ROOT:-}$KEY_PATH" ]; then fingerprint_file "${HOST_ROOT:-}$KEY_PATH"; fi
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
    if [ -z "$(os_family)" ]; then
        finding unknown-system refused "$HOSTNAME runs \"$(os_release ID)\", of no family that this version knows (${OS_FAMILIES[*]})" \
            "move the product to a server of one of these systems before the upgrade"
        return
    fi
    if [ -z "$(installed)" ]; then
        finding not-installed refused "$PACKAGE is not installed on $HOSTNAME" "check posit:current: this is not the $PRODUCT_TITLE host"
        return
    fi
    if on_xen; then
        finding xen-host refused "$HOSTNAME is of a type on Xen (t2, m4, c4, r4 and older), which does not show which volume is which" \
            "change its instance type to one on Nitro (t3, m5 and newer; its system needs drivers for NVMe and ENA) before the upgrade"
    else
        for ((i = 0; i < ${VOLUMES_count:-0}; i++)); do
            place_findings "${VOLUMES_mount[i]}" "${VOLUMES_volumeId[i]}" "${VOLUMES_folder[i]:-/}"
        done
    fi
    shared_findings
    database_kind_findings
    system_group_findings
    link_findings
    config_findings
    endpoint_findings
    product_findings
    if [ ! -f "${HOST_ROOT:-}$KEY_PATH" ]; then
        finding no-key declare "$KEY_PATH does not exist" "set the key's real place, or ignore this if nothing is encrypted"
    fi
}

# Is the data where the configuration says? A capture of another volume would be complete and worthless.
place_findings() { # mount volume folder
    local device disks link folder codes
    [ -d "$1" ] || { finding no-folder refused "$1 does not exist on $HOSTNAME" "correct posit:current.*.dataVolumes"; return; }
    device=$(device_of "$1")
    [ -b "$device" ] || return 0 # no volume at all: shared_findings says so
    disks=$(lsblk -s -n -l -o TYPE "$device" 2>/dev/null | grep -vxE 'part|disk|loop' | sort -u | tr '\n' ' ' || true)
    if [ -n "$disks" ]; then
        finding striped-volume refused "$1 lies on $device, which is made of other devices ($disks)" \
            "snapshots of several volumes don't agree; move the data to a file system on one EBS volume before the upgrade"
        return
    fi
    link=${HOST_ROOT:-}/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${2//-/}
    if [ ! -e "$link" ]; then
        finding volume-not-here refused "volume $2 is not attached to $HOSTNAME" "correct posit:current.*.dataVolumes, or check account and region: captures are taken and restored where the stack is"
        return
    fi
    if ! lies_on "$device" "$link"; then
        finding other-volume refused "$1 lies on $device, and $2 is $(readlink -f "$link")" "name the volume that $1 really lies on in posit:current.*.dataVolumes"
    fi
    # Product codes pass from an image to its root volume, to snapshots of that and to their volumes, which AWS attaches to stopped instances only.
    if lies_on "$(device_of / || true)" "$link"; then
        codes=$(metadata_product_codes)
        if [ -n "$codes" ]; then
            finding marketplace-volume refused "$1 lies on the root volume of $HOSTNAME, whose image is from AWS Marketplace (product code $codes): a copy of it can't be attached to a running host" \
                "move the data to an EBS volume of its own before the upgrade"
        fi
    fi
    folder=$(folder_of "$1")
    if [ "$folder" != "$3" ]; then
        finding other-folder refused "$1 is the folder $folder of volume $2" "set folder: $folder on it in posit:current.*.dataVolumes$([ "$folder" != / ] || echo ' (none: it is the whole volume)')"
    fi
}

# The volume itself, or a partition of it.
lies_on() { # device link-to-volume
    case $(readlink -f "$1") in
        "$(readlink -f "$2")" | "$(readlink -f "$2")"p[0-9]*) return 0 ;;
        *) return 1 ;;
    esac
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

# A product's functions read of its own data alone which database it has.
database_kind_findings() {
    local i kind
    for ((i = 0; i < ${DATABASES_count:-0}; i++)); do
        kind=${DATABASES_kind[i]}
        [ "${DATABASES_role[i]}" = main ] || continue
        case $(product_database) in
            *"\"provider\":\"$(database_word "$kind" provider)\""*) ;;
            *) finding other-database refused "$PRODUCT_TITLE's configuration says $(product_database)" "correct posit:current.*.databases, where the kind is $kind" ;;
        esac
    done
}

system_group_findings() {
    local members
    members=$(all_groups | only_system | awk '{ print $3 " in " $1 }' | sort -u | head -n 10 | paste -s -d ';' | sed 's/;/; /g')
    if [ -n "$members" ]; then
        finding system-groups declare "groups of the system, which are not carried: $members" \
            "give those rights on the new hosts by your image or by hand, where they are still wanted (posit:accounts[].groups takes them)"
    fi
}

# Configuration that lies elsewhere is carried as plain files in its place; what can't be is named.
link_findings() {
    local file problem
    while IFS= read -r file; do
        problem=$(why_not_carried "$file")
        if [ -n "$problem" ]; then
            finding config-link declare "$file leads to $(readlink "$file"), $problem" "it is not carried: put the file itself there, or write it on the new host by hand"
        fi
    done < <(configuration_links)
}

# The program edits the main file of Package Manager and Connect, and must read it as they do.
config_findings() {
    local line
    [[ $MAIN_CONFIG == *.gcfg ]] || return 0
    line=$(gcfg_problem "$(main_config)")
    if [ -n "$line" ]; then
        finding unreadable-config refused "line $line of $MAIN_CONFIG can't be read as gcfg, which this program edits" \
            "write that line as \`Key = value\`, with quotes around a value that has blanks, quotes or backslashes in it"
    fi
}

finding() {
    json_object code "$1" verdict "$2" detail "$3" remedy "$4"
    echo
}
