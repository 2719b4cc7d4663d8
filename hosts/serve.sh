#!/usr/bin/env bash
# One host's part in moving the entry points. ACTION: retire (the old side stays down, whatever reboots), open (the new side's quarantine
# is lifted), health, and for the way back: close (the new side), revive (the old side).
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

RETIRED_DROP_IN=70-posit-retired.conf

main() {
    case $ACTION in
        retire) retire ;;
        revive) revive ;;
        open) open_side ;;
        close) close_side ;;
        health) wait_for 60 product_healthy || fail "$PRODUCT_TITLE on $HOSTNAME is not healthy: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')" ;;
        *) fail "serve.sh knows retire, revive, open, close and health only." ;;
    esac
    json_object action "$ACTION"
    echo
}

# Masked on disk, so that neither the dead-man nor a reboot nor a person's habit brings it back.
retire() {
    install -d -m 0700 "$STATE_DIR"
    : >"$RETIRED_FLAG"
    stop_product
    if [ -n "$DATABASE_UNIT" ]; then systemctl stop "$DATABASE_UNIT"; fi
    if [ -d "$DEADMAN_DIR" ]; then
        note_end retired
        disarm
    fi
    mask_units
    write_notice
    systemctl daemon-reload
    systemctl enable --quiet --now "$NOTICE_SOCKET" || true
    [ -z "$(units_not_quiet)" ] || fail "$PRODUCT_TITLE still runs on $HOSTNAME: $(units_not_quiet | tr '\n' ' ')"
}

note_end() { # reason
    fact openedBy "$1"
    fact state "$1"
    write_marker
}

revive() {
    remove_notice
    rm -f "$RETIRED_FLAG"
    unmask_units
    if [ -d "$DEADMAN_DIR" ]; then
        product_undrain || true
        start_timetables
        note_end reverted
        disarm
    fi
    product_forget_drain
    systemctl daemon-reload
    if [ -n "$DATABASE_UNIT" ]; then systemctl start "$DATABASE_UNIT"; fi
    start_product 120
}

open_side() {
    remove_notice
    unmask_units
    stop_product
    remount_shared_homes rw
    quarantine_off
    : >"$SERVING_FLAG"
    start_product 120
}

close_side() {
    quarantine_on reverted
    remount_shared_homes ro
    mask_units
}

# A unit file that lies in /etc itself can't be masked; a condition that never holds does the same.
mask_units() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do
        if ! systemctl mask --quiet "$unit" 2>/dev/null; then
            printf '[Unit]\nConditionPathExists=/nonexistent/retired-by-posit-upgrade\n' |
                write_file "$UNIT_DIR/$unit.service.d/$RETIRED_DROP_IN"
        fi
    done
    systemctl daemon-reload
}

unmask_units() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do
        systemctl unmask --quiet "$unit" 2>/dev/null || true
        rm -f "$UNIT_DIR/$unit.service.d/$RETIRED_DROP_IN"
    done
    systemctl daemon-reload
}
