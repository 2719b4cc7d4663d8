# shellcheck shell=bash
# The product's next start fails, the one after that succeeds. ACTION: arm, disarm. UNIT.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    local folder=/run/systemd/system/$UNIT.service.d
    case $ACTION in
        arm)
            mkdir -p "$folder"
            rm -f /run/failed-once
            printf '[Service]\nExecStartPre=+/bin/sh -c "test -e /run/failed-once || { touch /run/failed-once; exit 1; }"\n' >"$folder/90-fail-once.conf"
            ;;
        disarm) rm -f "$folder/90-fail-once.conf" /run/failed-once ;;
    esac
    systemctl daemon-reload
}
