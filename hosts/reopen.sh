#!/usr/bin/env bash
# Opens a host that a capture keeps closed, and answers how it stands: opened (now) | open | staying | retired | down. An open host and a
# retired one stay as they are; so does, with STAYING=leave, one that stays closed on purpose after a final capture.
# Variables: REASON=by-hand|given-up|called-off (word for the marker) STAYING=leave|open WAIT_SECONDS (how long it waits for the product;
# whatever the answer, the host goes on trying) TOKEN? (the capture whose first word is answered as openedBy).
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local unit note='' token=${TOKEN:-} since='' until_time=''
    if [ -e "$RETIRED_FLAG" ]; then
        token=$(head -n 1 "$RETIRED_FLAG")
        answer retired "another side serves"
        return
    fi
    if [ -d "$FACTS_DIR" ]; then
        token=$(fact_of token)
        since=$(fact_of closedAt)
        if [ -e "$STAYING_FLAG" ] && ! has_fact thawingAt; then
            since=$(fact_of stayingSince)
            until_time=$(fact_of stayUntil)
            if [ "$STAYING" = leave ]; then
                answer staying "closed on purpose after capture $token"
                return
            fi
        fi
        open_it
    elif product_answers; then
        answer open ''
    else
        for unit in "${UNITS[@]}"; do note+="${note:+, }$unit is $(systemctl is-active "$unit" || true)"; done
        answer down "$note; no capture keeps it closed: systemctl start ${UNITS[*]}"
    fi
}

open_it() {
    if /bin/bash "$DEADMAN_DIR/thaw.sh" "$REASON" "$WAIT_SECONDS" >&2; then
        if [ ! -d "$FACTS_DIR" ] || [ "$(fact_of state)" = open ]; then
            answer opened ''
        else
            answer down "it was not opened: $HOSTNAME shuts down or belongs to a window that goes on"
        fi
    else
        answer down "it was started at $(fact_of thawingAt) (by $(fact_of openedBy)) and does not answer on port $PORT yet; the host tries again every minute. Its last words: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')"
    fi
}

answer() { # state note
    json_object state "$1" note "$2" token "$token" since "$since" until "$until_time" openedBy "$(opened_by)" openedAt "$([ -z "$token" ] || word_of_marker "$token" openedAt)"
    echo
}

# The word of the first thaw, which is what a capture is judged by.
opened_by() {
    if [ -n "$token" ]; then word_of_marker "$token" openedBy; fi
}
