# shellcheck shell=bash
# The unit's program comes up SECONDS_TO_START late, though systemd calls it started at once; or no longer. ACTION: begin, end. UNIT.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    local folder=/run/systemd/system/$UNIT.service.d original
    case $ACTION in
        begin)
            original=$(systemctl show --property=ExecStart --value "$UNIT" | sed -n 's/.*argv\[\]=\(.*\) ; ignore_errors=.*/\1/p')
            mkdir -p "$folder"
            printf '[Service]\nType=simple\nExecStart=\nExecStart=/bin/sh -c "sleep %s; exec %s"\n' "$SECONDS_TO_START" "$original" >"$folder/92-slow-start.conf"
            ;;
        end) rm -f "$folder/92-slow-start.conf" ;;
    esac
    systemctl daemon-reload
}
