# shellcheck shell=bash
# Strikes the window's own script on the host. SIGNAL: KILL or STOP; a stopped one goes on with CONT.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    systemctl kill --kill-whom=all --signal="$SIGNAL" 'posit-window-*.service' || [ "$SIGNAL" = CONT ]
}
