# shellcheck shell=bash
# The host's clock is five seconds fast, as its programs are told; or right again. ACTION: begin, end.
# shellcheck disable=SC2154 # variables come from the caller

main() {
    local program=/usr/local/bin/date
    case $ACTION in
        begin)
            # shellcheck disable=SC2016 # the program's own words
            printf '#!/bin/sh\nif [ "$1" = +%%s%%3N ]; then echo $(($(/usr/bin/date +%%s%%3N) + 5000)); else exec /usr/bin/date "$@"; fi\n' >"$program"
            chmod 0755 "$program"
            ;;
        end) rm -f "$program" ;;
    esac
}
