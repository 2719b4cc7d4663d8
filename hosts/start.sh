#!/usr/bin/env bash
# Starts the product, or starts it again with its new configuration, and waits until it is healthy.
# Variables: START_SECONDS.
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

main() {
    # Its side gave way to another; whatever is configured here, it stays down until it is revived (hosts/serve.sh).
    if [ -e "$RETIRED_FLAG" ]; then
        json_object health retired version "$(os_installed "$PACKAGE")"
        echo
        return
    fi
    # A side that was served and taken back is masked until it is restored, or started, anew.
    unmask_units
    systemctl daemon-reload
    stop_product
    systemctl enable --quiet "${UNITS[@]}" 2>/dev/null || true
    start_product "$START_SECONDS"
    json_object health ok version "$(os_installed "$PACKAGE")"
    echo
}
