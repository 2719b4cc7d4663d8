#!/usr/bin/env bash
# Plays fuser: noted; asked who is there it names one, and nobody is there to be ended.
echo "fuser $*" >>"$HOST_ROOT/calls"
[ "$1" = -vm ] || exit 1
printf 'USER PID ACCESS COMMAND\nalice 4711 ..c.. bash\n'
