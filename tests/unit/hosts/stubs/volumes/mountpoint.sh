#!/usr/bin/env bash
# Plays mountpoint by "mounts".
awk -v target="${*: -1}" '$1 == target { found = 1 } END { exit !found }' "$HOST_ROOT/mounts"
