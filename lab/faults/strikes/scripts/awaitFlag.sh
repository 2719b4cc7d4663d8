# shellcheck shell=bash
# Ends when FLAG (a file of the tool's folder) is there, or with GONE=1 when it is not, and none of DOWN_UNITS runs.
# shellcheck disable=SC2154 # variables come from the caller

there() {
    local unit
    if [ "$GONE" = 1 ]; then [ ! -e "/var/lib/posit-upgrade/$FLAG" ] || return 1; else [ -e "/var/lib/posit-upgrade/$FLAG" ] || return 1; fi
    for unit in $DOWN_UNITS; do
        if systemctl is-active --quiet "$unit"; then return 1; fi
    done
}

main() {
    local tries
    for ((tries = 0; tries < 4500; tries++)); do
        if there; then return; fi
        sleep 0.02
    done
    echo "$FLAG never came to be so." >&2
    return 1
}
