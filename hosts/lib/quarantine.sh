#!/usr/bin/env bash
# The quarantine of a restored copy, shared by quarantine.sh and serve.sh: a marker, and for a product with a configuration file a
# drop-in that starts it with production's configuration plus an overlay. Later settings win, so the file itself stays as it is.
# shellcheck disable=SC2034,SC2154 # variables come from the renderer
set -euo pipefail

QUARANTINE_FLAG=$STATE_DIR/quarantine
SERVING_FLAG=$STATE_DIR/serving
QUARANTINE_DROP_IN=60-posit-quarantine.conf

quarantine_on() { # token
    local file overlay unit
    install -d -m 0755 "$STATE_DIR"
    stop_product
    rm -f "$SERVING_FLAG"
    while IFS= read -r file; do
        overlay=$file.quarantine
        product_quarantine_overlay | write_file "$file.overlay" 0644
        for unit in "${UNITS[@]}"; do
            write_file "$UNIT_DIR/$unit.service.d/$QUARANTINE_DROP_IN" <<UNIT
# No mail, no schedules: a restored copy that does not serve yet. Lifted by serving it.
[Service]
ExecStartPre=+/bin/sh -c 'cat $file $file.overlay >$overlay && chown --reference=$file $overlay && chmod --reference=$file $overlay'
ExecStart=
ExecStart=$(product_quarantine_command "$overlay")
UNIT
        done
    done < <(product_quarantine_files)
    product_quarantine_host_on
    printf '%s\n' "$1" | write_file "$QUARANTINE_FLAG"
    systemctl daemon-reload
}

quarantine_off() {
    local file unit
    for unit in "${UNITS[@]}"; do
        rm -f "$UNIT_DIR/$unit.service.d/$QUARANTINE_DROP_IN"
        rmdir "$UNIT_DIR/$unit.service.d" 2>/dev/null || true
    done
    while IFS= read -r file; do
        rm -f "$file.overlay" "$file.quarantine"
    done < <(product_quarantine_files)
    product_quarantine_host_off
    rm -f "$QUARANTINE_FLAG"
    systemctl daemon-reload
}
