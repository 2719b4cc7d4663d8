#!/bin/bash
# Inside a host: makes /dev agree with the cloud's list of attached volumes. At boot (argument "boot") it then mounts
# what fstab names; the cloud calls it without that when a volume is attached or detached.
set -euo pipefail

list=/run/cloud/volumes # lines: name major minor volume-id-without-dash
links=/dev/disk/by-id
prefix=$links/nvme-Amazon_Elastic_Block_Store_
mkdir -p "$links"
for link in "$prefix"*; do
    if [ -L "$link" ] && ! grep -q " ${link#"$prefix"}\$" "$list"; then
        rm -f "$(readlink -m "$link")" "$link"
    fi
done
while read -r name major minor id; do
    [ -e "/dev/$name" ] || mknod -m 660 "/dev/$name" b "$major" "$minor" || [ -e "/dev/$name" ]
    ln -sf "../../$name" "$prefix$id"
done < "$list"
if [ "${1:-}" = boot ]; then
    mount -a
fi
