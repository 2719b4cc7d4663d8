#!/usr/bin/env bash
# The quarantine of a restored copy, shared by quarantine.sh and serve.sh: a marker, and for a product with a configuration file a
# drop-in that starts it with production's configuration plus an overlay. Later settings win, so the file itself stays as it is.
# Also what keeps a side down that gave way: its units, masked on disk.
# shellcheck disable=SC2034,SC2153,SC2154 # variables come from the renderer
set -euo pipefail

QUARANTINE_DROP_IN=60-posit-quarantine.conf
RETIRED_DROP_IN=70-posit-retired.conf
MASKED_UNITS=(${DATABASE_UNITS[@]+"${DATABASE_UNITS[@]}"} "${UNITS[@]}")

quarantine_on() { # token
    stop_product
    quarantine_put_on "$1"
    rm -f "$SERVING_FLAG"
    # It was closed once and is restored anew; one that gave way stays down.
    if [ ! -e "$RETIRED_FLAG" ]; then
        unmask_units
        rm -f "$HALFWAY_FLAG"
    fi
}

quarantine_put_on() { # token
    local file overlay unit
    install -d -m 0755 "$STATE_DIR"
    while IFS= read -r file; do
        overlay=$file.quarantine
        product_quarantine_overlay | write_file "$file.overlay" 0644
        for unit in "${UNITS[@]}"; do
            # What is merged holds passwords, and is nobody's to read before it is given to the product.
            write_file "$UNIT_DIR/$unit.service.d/$QUARANTINE_DROP_IN" <<UNIT
# No mail, no schedules: a restored copy that does not serve yet. Lifted by serving it.
[Service]
ExecStartPre=+/bin/sh -c 'umask 077 && rm -f $overlay && cat $file $file.overlay >$overlay && chown --reference=$file $overlay && chmod --reference=$file $overlay'
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

# A unit file that lies in /etc itself can't be masked; a condition that never holds does the same.
mask_units() {
    local unit
    for unit in "${MASKED_UNITS[@]}"; do
        if ! systemctl mask --quiet "$unit" 2>/dev/null; then
            printf '[Unit]\nConditionPathExists=/nonexistent/retired-by-posit-upgrade\n' |
                write_file "$UNIT_DIR/$unit.service.d/$RETIRED_DROP_IN"
        fi
    done
    systemctl daemon-reload
}

unmask_units() {
    local unit
    for unit in "${MASKED_UNITS[@]}"; do
        systemctl unmask --quiet "$unit" 2>/dev/null || true
        rm -f "$UNIT_DIR/$unit.service.d/$RETIRED_DROP_IN"
        rmdir "$UNIT_DIR/$unit.service.d" 2>/dev/null || true
    done
    systemctl daemon-reload
}
