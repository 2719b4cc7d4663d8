#!/usr/bin/env bash
# What is proved about the product on this host. Answers verdicts only, no measured values: the receipt's digest must hold still.
# Variables: PHASE=install|migrate START_SECONDS EXPECTED {version, keyFingerprint?, name, front?}.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    json_object product "$PRODUCT" checks: "$(checks | json_list)"
    echo
}

checks() {
    check "version installed" [ "$(os_installed "$PACKAGE")" = "$EXPECTED_version" ]
    check "package held" os_held "$PACKAGE"
    check "units active" units_active
    check "healthy" healthy_in_time
    if [ -n "${EXPECTED_keyFingerprint:-}" ]; then check "production's key" same_key; fi
    check "data on its own volumes" on_volumes
    check "final name leads here" name_leads_here
    if [ "$PHASE" = migrate ]; then check "quarantined or serving" quarantined_or_serving; fi
}

check() { # name command...
    local name=$1 passed=true
    shift
    "$@" >/dev/null 2>&1 || passed=false
    json_object name "$name" passed: "$passed" detail ''
    echo
}

units_active() {
    local unit
    for unit in "${UNITS[@]}"; do unit_active "$unit" || return 1; done
}

# Nobody waits for a product that is down.
healthy_in_time() {
    units_active && wait_for "$START_SECONDS" product_healthy
}

same_key() { [ "$(fingerprint_file "${HOST_ROOT:-}$KEY_PATH")" = "${EXPECTED_keyFingerprint:-}" ]; }

on_volumes() {
    local mount
    for mount in "${DATA_MOUNTS[@]}"; do mountpoint -q "$mount" || return 1; done
}

# Or to what answers in front of this host.
name_leads_here() {
    local address
    address=$(getent ahostsv4 "$EXPECTED_name" | head -n 1 | cut -d ' ' -f 1)
    # A name that leads nowhere would else be one of the blanks that `hostname -I` ends in.
    [ -n "$address" ] || return 1
    if [ -n "${EXPECTED_front:-}" ]; then
        [ "$address" = "${EXPECTED_front:-}" ]
    else
        hostname -I | tr ' ' '\n' | grep -qxF "$address"
    fi
}

# Serving lifts the quarantine; until then it must hold.
quarantined_or_serving() { [ -e "$QUARANTINE_FLAG" ] || [ -e "$SERVING_FLAG" ]; }
