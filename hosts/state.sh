#!/usr/bin/env bash
# Answers how this host stands: which side it is, since when, for which capture, until when, what is armed, what runs, whether the product
# answers. Reads only, and says what the host says of itself: no outputs of a stack are asked.
# shellcheck disable=SC2153,SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local side token='' since='' until_time='' state='' answering=false
    side=$(side_of_host)
    case $side in
        closed | staying)
            state=$(fact_of state)
            token=$(fact_of token)
            since=$(fact_of "$([ "$side" = staying ] && echo stayingSince || echo closedAt)")
            until_time=$(fact_of stayUntil)
            ;;
        retired)
            token=$(head -n 1 "$RETIRED_FLAG")
            since=$(time_of "$RETIRED_FLAG")
            ;;
        quarantined)
            token=$(head -n 1 "$QUARANTINE_FLAG")
            since=$(time_of "$QUARANTINE_FLAG")
            ;;
        serving)
            if [ -e "$SERVING_FLAG" ]; then
                token=$(head -n 1 "$SERVING_FLAG")
                since=$(time_of "$SERVING_FLAG")
            fi
            # A window that is armed or drains: everything still serves.
            if [ -d "$FACTS_DIR" ]; then state=$(fact_of state); fi
            ;;
    esac
    if [ -e "$HALFWAY_FLAG" ]; then state=halfway; fi
    if product_answers; then answering=true; fi
    json_object product "$PRODUCT" host "$HOSTNAME" side "$side" state "$state" token "$token" since "$since" until "$until_time" \
        timers: "$(armed_timers | json_lines)" answering: "$answering" running: "$(running_units | json_lines)"
    echo
}

side_of_host() {
    if [ -e "$RETIRED_FLAG" ]; then
        echo retired
    elif [ -e "$STAYING_FLAG" ] && ! has_fact thawingAt; then
        echo staying
    elif [ -d "$FACTS_DIR" ] && [[ $(fact_of state) =~ ^(closing|frozen|staying|thawing|failed)$ ]]; then
        echo closed
    elif [ -e "$SERVING_FLAG" ] || { [ ! -e "$MADE_FLAG" ] && [ ! -e "$QUARANTINE_FLAG" ]; }; then
        echo serving
    elif [ -e "$QUARANTINE_FLAG" ]; then
        echo quarantined
    else
        echo built
    fi
}

time_of() { date -u -r "$1" +%Y-%m-%dT%H:%M:%SZ; } # file

armed_timers() {
    local timer
    for timer in "${DEADMAN_TIMERS[@]}"; do
        if systemctl is-active --quiet "$timer.timer"; then echo "$timer"; fi
    done
}

running_units() {
    local unit state
    for unit in "${CLOSED_UNITS[@]}"; do
        state=$(systemctl is-active "$unit" 2>/dev/null || true)
        case $state in inactive | failed | unknown | '') ;; *) echo "$unit $state" ;; esac
    done
}
