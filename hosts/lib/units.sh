#!/usr/bin/env bash
# The product's units: started, stopped, asked whether they are there for users, and their last words. Needs http, rights.
set -euo pipefail

unit_active() { systemctl is-active --quiet "$1"; }

# Is the product there for users? Anything but a server's own failure counts: health pages may be off in production,
# and a TLS port answers plain requests with 400.
product_answers() {
    local status
    status=$(http_status "$PORT" "$HEALTH_PATH")
    [ "$status" != 000 ] && [ "$status" -lt 500 ]
}

# The product's last words, for whoever has to find out why it didn't start.
last_log_lines() {
    local unit
    for unit in "${UNITS[@]}"; do
        journalctl --no-pager --lines=15 --output=cat --unit="$unit" 2>/dev/null | sed "s/^/$unit: /" || true
    done
    if [ -f "${HOST_ROOT:-}$LOG_PATH" ]; then read_as_folders_owner "${HOST_ROOT:-}$LOG_PATH" tail -n 15 2>/dev/null || true; fi
}

# Starts the product's units in order and waits until it answers.
start_product() { # seconds
    local unit
    for unit in "${UNITS[@]}"; do
        systemctl start "$unit" || true # the log says more than systemctl does
    done
    wait_for "$1" product_healthy || {
        last_log_lines >&2
        fail "$PRODUCT did not become healthy within $1 s on $HOSTNAME; the lines above are its last, see also $LOG_PATH."
    }
}

product_healthy() {
    local unit
    for unit in "${UNITS[@]}"; do unit_active "$unit" || return 1; done
    [ "$(http_status "$PORT" "$HEALTH_PATH")" = 200 ]
}

stop_product() {
    local i
    for ((i = ${#UNITS[@]} - 1; i >= 0; i--)); do
        if systemctl cat "${UNITS[i]}" >/dev/null 2>&1; then systemctl stop "${UNITS[i]}"; fi
    done
}
