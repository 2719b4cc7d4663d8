# shellcheck shell=bash
# Ends when the host's window is in one of STATES (separated by |), as hosts/lib/window/marker.sh notes it.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    local tries file=/var/lib/posit-upgrade/deadman/facts/state
    for ((tries = 0; tries < 3000; tries++)); do
        if grep -qxE "$STATES" "$file" 2>/dev/null; then return; fi
        sleep 0.02
    done
    echo "The host was never $STATES." >&2
    return 1
}
