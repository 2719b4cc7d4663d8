# shellcheck shell=bash
# The host takes a second to write down what it has come to, so that its answer comes a second later; or no longer. ACTION: begin, end.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    local program=/usr/local/bin/sync
    case $ACTION in
        begin)
            # shellcheck disable=SC2016 # the program's own words
            printf '#!/bin/sh\ncase "$*" in *posit-upgrade/captures*) /bin/sleep 1 ;; esac\nexec /usr/bin/sync "$@"\n' >"$program"
            chmod 0755 "$program"
            ;;
        end) rm -f "$program" ;;
    esac
}
