#!/usr/bin/env bash
# Plays umount: its line goes from "mounts", with --recursive all below it too, and the place is empty again.
set -euo pipefail
echo "umount $*" >>"$HOST_ROOT/calls"
[ ! -e "$HOST_ROOT/fail-umount" ]
recursive=0
if [ "$1" = --recursive ]; then recursive=1; shift; fi
awk -v target="$1" -v recursive="$recursive" '!($1 == target || recursive && index($1, target "/") == 1)' "$HOST_ROOT/mounts" >"$HOST_ROOT/mounts.new"
mv "$HOST_ROOT/mounts.new" "$HOST_ROOT/mounts"
find "$1" -mindepth 1 -delete
