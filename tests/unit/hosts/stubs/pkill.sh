#!/usr/bin/env bash
# Plays pkill: KILL ends all sessions, TERM those that listen.
echo "pkill $*" >>"$HOST_ROOT/calls"
[ -f "$HOST_ROOT/sessions" ] || exit 1
case $* in *KILL*) rm -f "$HOST_ROOT/sessions" ;; *) sed -i '/stubborn/!d' "$HOST_ROOT/sessions" ;; esac
