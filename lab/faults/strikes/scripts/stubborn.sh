# shellcheck shell=bash
# A process of the product's account that no stop of its units reaches, or its end. ACTION: start, stop. ACCOUNT.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    case $ACTION in
        start) systemd-run --quiet --unit=stubborn --uid="$ACCOUNT" --setenv=HOME=/ /bin/sleep 600 ;;
        stop) systemctl stop stubborn.service 2>/dev/null || true ;;
    esac
}
