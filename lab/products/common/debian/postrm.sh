# shellcheck shell=sh
# After removal: no units that point nowhere. Data, keys and configuration stay.
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    # shellcheck disable=SC2086 # units are words
    systemctl disable --quiet $UNITS 2>/dev/null || true
    systemctl daemon-reload || true
fi
