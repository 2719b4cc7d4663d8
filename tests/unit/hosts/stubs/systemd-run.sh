#!/usr/bin/env bash
# Plays systemd-run: a timer is noted and active from then on; anything else runs at once, with ExecStopPost after it, and only who waits
# for it (--wait) hears how it ended. Like systemd it refuses a timer while one of that name, or the service that it starts, is there.
set -uo pipefail
cd "$HOST_ROOT" || exit 1

echo "systemd-run $*" >>calls
if [ -e fail-systemd-run ]; then exit 1; fi
unit='' seconds='' last='' waits=''
while (($# > 0)); do
    case $1 in
        --unit=*) unit=${1#*=} ;;
        --on-active=*) seconds=${1#*=} ;;
        --property=ExecStopPost=-*) last=${1#*=ExecStopPost=-} ;;
        --wait) waits=1 ;;
        -*) ;;
        *) break ;;
    esac
    shift
done
if [ -n "$seconds" ]; then
    if grep -qs '^active' "units/$unit.timer" "units/$unit"; then
        echo "Failed to start transient timer unit: Unit $unit.timer was already loaded or has a fragment file." >&2
        exit 1
    fi
    printf active >"units/$unit.timer"
    exit 0
fi
"$@"
status=$?
# shellcheck disable=SC2086 # a command and its arguments
if [ -n "$last" ]; then $last </dev/null >/dev/null 2>&1; fi
[ -z "$waits" ] || exit "$status"
exit 0
