# shellcheck shell=bash
# The unit takes its time to stop, or no longer. ACTION: begin, end. UNIT SECONDS_TO_STOP.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    local folder=/run/systemd/system/$UNIT.service.d
    case $ACTION in
        begin)
            mkdir -p "$folder"
            printf '[Service]\nTimeoutStopSec=90\nExecStop=/bin/sleep %s\n' "$SECONDS_TO_STOP" >"$folder/91-slow-stop.conf"
            ;;
        end) rm -f "$folder/91-slow-stop.conf" ;;
    esac
    systemctl daemon-reload
}
