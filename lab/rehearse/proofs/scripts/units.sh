# shellcheck shell=bash
# Prints a line "unit active-state enabled-state" for each of UNITS (separated by spaces).

main() {
    local unit
    for unit in $UNITS; do
        echo "$unit $(systemctl is-active "$unit" || true) $(systemctl is-enabled "$unit" 2>/dev/null || true)"
    done
}
