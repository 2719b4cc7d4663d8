#!/usr/bin/env bash
# Plays sync: noted, not done; a disk may be slow.
echo "sync $*" >>"$HOST_ROOT/calls"
if [ -e "$HOST_ROOT/slow-sync" ]; then sleep 8; fi
[ ! -e "$HOST_ROOT/fail-sync" ]
