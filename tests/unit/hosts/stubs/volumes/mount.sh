#!/usr/bin/env bash
# Plays mount: "mounts" gets a line, and what "DEVICE.files" holds appears at its place. A place alone is looked up in fstab; a bind mount is of what
# its source lies on. A device without a file system, or one that "fail-mount" names, can't be mounted.
set -euo pipefail
echo "mount $*" >>"$HOST_ROOT/calls"
words=()
while [ $# -gt 0 ]; do
    case $1 in -o) shift ;; *) words+=("$1") ;; esac
    shift
done
if [ "${#words[@]}" = 1 ]; then
    target=${words[0]}
    read -r source options < <(awk -v target="$target" '$2 == target { print $1, $4 }' "$HOST_ROOT/etc/fstab")
else
    source=${words[0]} target=${words[1]} options=
fi
[ -d "$target" ]
case ,$options, in
    *,bind,*)
        [ -d "$source" ]
        read -r whole device folder type < <(findmnt -n -o TARGET,SOURCE,FSROOT,FSTYPE --target "$source")
        folder=${folder%/}${source#"$whole"}
        ;;
    *)
        device=$(readlink -f "$source") folder=/ type=$(cat "$source")
        [ -n "$type" ]
        if [ -e "$HOST_ROOT/fail-mount" ]; then [ "$(cat "$HOST_ROOT/fail-mount")" != "${device##*/}" ]; fi
        if [ -d "$device.files" ]; then cp -r "$device.files/." "$target"; fi
        ;;
esac
echo "$target ${device%%[*} $folder $type" >>"$HOST_ROOT/mounts"
