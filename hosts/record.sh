#!/usr/bin/env bash
# Answers what this host remembers of a capture. Reads only. Variables: TOKEN.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    if [ -f "$CAPTURE_DIR/$TOKEN.json" ]; then
        tr -d '\n' <"$CAPTURE_DIR/$TOKEN.json"
    else
        json_object token "$TOKEN" product "$PRODUCT" state absent
    fi
    echo
}
