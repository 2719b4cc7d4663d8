# shellcheck shell=sh
# Before removal and before an upgrade: stop.
if [ -d /run/systemd/system ]; then
    # shellcheck disable=SC2086 # units are words
    deb-systemd-invoke stop $UNITS || true
fi
