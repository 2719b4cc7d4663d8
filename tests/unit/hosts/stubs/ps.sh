#!/usr/bin/env bash
# Plays ps for the processes of "sessions": user, number, command.
[ ! -s "$HOST_ROOT/sessions" ] || while read -r pid user command; do echo "$user $pid $command"; done <"$HOST_ROOT/sessions"
