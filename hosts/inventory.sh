#!/usr/bin/env bash
# What is installed and used on a production host. Reads only.
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

main() {
    json_object product "$PRODUCT" version "$(package_version "$PACKAGE")" os: "$(operating_system)" \
        runtimes: "$(runtimes)" runtimesInUse: "$(product_runtimes_in_use | json_list)" accounts: "$(accounts | json_list)" \
        groups: '[]' keyFingerprint "$(key_fingerprint)" mounts: "$(mounts | json_list)" database: "$(database)" \
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
        read -r source type < <(findmnt -n -o SOURCE,FSTYPE --target "$mount" || echo "none none")
        json_object path "$mount" device "$source" fsType "$type"
        echo
    done
}

database() {
    local url
    url=$(grep -hE '^(URL|host)[[:space:]]*=' "${CONFIG_PATHS[@]}" /etc/rstudio/database.conf 2>/dev/null | head -n 1 || true)
    if [[ $url =~ (postgres|host) ]]; then json_object provider postgres; else json_object provider sqlite; fi
}

# What this version does not carry, said on the first day.
findings() {
    local mount type
    for mount in "${DATA_MOUNTS[@]}"; do
        type=$(findmnt -n -o FSTYPE --target "$mount" || true)
        case $type in
            nfs* | fuse.* | lustre | efs)
                finding shared-storage refused "$mount lies on $type" "move it to an EBS volume before the upgrade"
                ;;
        esac
    done
    if [ -z "$(package_version "$PACKAGE")" ]; then
        finding not-installed refused "$PACKAGE is not installed on $HOSTNAME" "check posit:current: this is not the $PRODUCT_TITLE host"
    fi
    if [ ! -f "$KEY_PATH" ]; then
        finding no-key declare "$KEY_PATH does not exist" "set the key's real place, or ignore this if nothing is encrypted"
    fi
}

finding() {
    json_object code "$1" verdict "$2" detail "$3" remedy "$4"
    echo
}
