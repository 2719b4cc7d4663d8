#!/usr/bin/env bash
# Plays pgrep: the first word of each line of "sessions" is a process.
if [ -s "$HOST_ROOT/sessions" ]; then cut -d ' ' -f 1 "$HOST_ROOT/sessions"; else exit 1; fi
