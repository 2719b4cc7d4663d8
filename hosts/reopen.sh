#!/usr/bin/env bash
# Opens a host that a capture keeps closed, and answers how it stands: opened | open | retired | down. An open host and a retired one stay
# as they are. Variables: REASON (given-up: only what stays closed after a final capture; by-hand: whatever keeps it closed).
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local unit note=''
    if [ -e "$RETIRED_FLAG" ]; then
        answer retired "another side serves"
    elif [ -e "$STAYING_FLAG" ] || { [ "$REASON" != given-up ] && [ -d "$FACTS_DIR" ]; }; then
        /bin/bash "$DEADMAN_DIR/thaw.sh" "$REASON" >&2 || fail "$PRODUCT_TITLE on $HOSTNAME was started and does not answer: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')"
        answer opened ''
    elif product_answers; then
        answer open ''
    else
        for unit in "${UNITS[@]}"; do note+="${note:+, }$unit is $(systemctl is-active "$unit" || true)"; done
        answer down "$note; no capture keeps it closed: systemctl start ${UNITS[*]}"
    fi
}

answer() { # state note
    json_object state "$1" note "$2"
    echo
}
