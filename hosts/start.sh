#!/usr/bin/env bash
# Starts the product, or starts it again with its new configuration, and waits until it is healthy.
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

main() {
    systemctl daemon-reload
    stop_product
    systemctl enable --quiet "${UNITS[@]}" 2>/dev/null || true
    start_product 120
    json_object health ok version "$(package_version "$PACKAGE")"
    echo
}
