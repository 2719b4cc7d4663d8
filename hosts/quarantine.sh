#!/usr/bin/env bash
# Keeps a restored copy from acting on the world: no mail, no schedules, no syncs, no users' timetables. Put on before the first start,
# lifted only when the copy serves; holds across reboots.
# Variables: ACTION=on|off TOKEN.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    case $ACTION in
        on) quarantine_on "$TOKEN" ;;
        off) quarantine_off ;;
        *) fail "quarantine.sh knows on and off only." ;;
    esac
    json_object quarantine "$ACTION"
    echo
}
