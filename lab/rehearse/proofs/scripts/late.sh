# shellcheck shell=bash
# Somebody's new FILE.

main() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    runuser -u "$OWNER" -- sh -c 'echo "written after the first capture" >"$1"' sh "$FILE"
}
