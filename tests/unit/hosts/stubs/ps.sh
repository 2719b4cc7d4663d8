#!/usr/bin/env bash
# Plays ps for the processes of "sessions": user, number, command; its arguments only when they are asked for.
[ -s "$HOST_ROOT/sessions" ] || exit 0
while read -r pid user name arguments; do
    case $* in *args*) echo "$user $pid $name $arguments" ;; *) echo "$user $pid $name" ;; esac
done <"$HOST_ROOT/sessions"
