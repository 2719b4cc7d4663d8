#!/usr/bin/env bash
# Plays sync: noted, not done.
echo "sync $*" >>"$HOST_ROOT/calls"
[ ! -e "$HOST_ROOT/fail-sync" ]
