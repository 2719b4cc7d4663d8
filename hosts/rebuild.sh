#!/usr/bin/env bash
# Builds content anew for the new operating system's interpreters, now that the product runs.
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

main() {
    run_as_unit "rebuild-$SLUG" 7200 product_rebuild >&2
    json_object rebuilt "$PRODUCT"
    echo
}
