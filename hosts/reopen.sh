#!/usr/bin/env bash
# Opens a host that stays closed after a final capture which was given up. An open host and a retired one stay as they are.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    if [ -e "$STAYING_FLAG" ] && [ ! -e "$RETIRED_FLAG" ]; then
        /bin/bash "$DEADMAN_DIR/thaw.sh" given-up >&2 || fail "$PRODUCT_TITLE on $HOSTNAME was started and does not answer: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')"
        json_object opened: true
    else
        json_object opened: false
    fi
    echo
}
