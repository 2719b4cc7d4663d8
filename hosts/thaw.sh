#!/usr/bin/env bash
# Opens the product again, once, and writes down why. Lies on the host's disk for as long as the host may be closed and is
# run by whoever notices first: window.sh, the dead-man's timers, the boot unit, a person. Its first argument is the reason; "boot" only
# clears the way, since the product's units wait for that. The second is how long this run waits for the product ("-": START_SECONDS, as when
# it is absent), the third the capture whose window has ended: another one's is none of its business.
# Variables: START_SECONDS.
set -euo pipefail

REASON=${1:-by-hand}
PATIENCE=${2:--}
OF=${3:-}
# A guest, who goes when it takes too long.
GUEST=1
if [ "$PATIENCE" = - ]; then
    PATIENCE=$START_SECONDS
    GUEST=''
fi

main() {
    local token
    # Opening matters more than noting it: nothing that fails here (a full disk, a missing folder) may keep the product down.
    set +eE
    trap - ERR
    trap '' PIPE HUP INT
    install -d -m 0700 "$RUN_DIR"
    token=$(fact_of token)
    # A window that was refused, since this one is under way.
    if [ -n "$OF" ] && [ -n "$token" ] && [ "$OF" != "$token" ]; then exit 0; fi
    exec 8>"$RUN_DIR/thaw.lock"
    # Whoever is before us starts the same units. Only one that hangs is overtaken, by those who are nobody's guests.
    if ! flock -w "$PATIENCE" 8 && [ -n "$GUEST" ]; then
        emit error reason "$PRODUCT is being opened since $(fact_of thawingAt) (by $(fact_of openedBy)) and does not answer yet"
        exit 1
    fi
    if [ ! -d "$FACTS_DIR" ] || [ "$(fact_of state)" = open ]; then
        tell_who_opened "$token"
        # Whoever opened it did not get to tidy up: power, or a disk that was read-only then.
        if [ -d "$FACTS_DIR" ]; then disarm; fi
        exit 0
    fi
    # Its units are masked, and another side serves.
    [ ! -e "$RETIRED_FLAG" ] || exit 0
    if [ -e "$STAYING_FLAG" ]; then
        case $REASON in lost | terminated | complete | abort | error) exit 0 ;; esac
    fi
    # At a shutdown nothing can be started; the boot unit does it.
    if [ "$REASON" != boot ] && [ "$(systemctl is-system-running 2>/dev/null || true)" = stopping ]; then exit 0; fi
    thaw
}

# Somebody else did while we waited.
tell_who_opened() { # token
    [ -z "$1" ] || emit open openedAt "$(word_of_marker "$1" openedAt)" openedBy "$(word_of_marker "$1" openedBy)" health "$(word_of_marker "$1" health)"
}

thaw() {
    note_beginning
    allow_starts
    notice_off || true
    product_undrain || true
    start_timetables
    if [ "$REASON" = boot ]; then
        start_units --no-block
        # Those who wait for this one start after it, so another run sees the product answer.
        start_retry 2 || finish "at boot"
        return
    fi
    if wait_until_it_answers; then finish ok; else give_up_for_now; fi
}

# On disk before the first unit is started: whatever happens then, nobody takes this host for closed. The first word counts.
note_beginning() {
    if ! has_fact thawingAt; then
        fact openedBy "$REASON"
        fact thawingAt "$(now_iso)"
    fi
    fact state thawing
    write_marker || true
    rm -f "$STAYING_FLAG" 2>/dev/null || true
    emit thawing openedBy "$(fact_of openedBy)"
}

# The connection's window waits for this, so it looks often; and whoever listens hears that there is somebody.
wait_until_it_answers() {
    local began=$SECONDS said=$SECONDS started='' starter last_start
    start_units 8>&- &
    starter=$!
    while ((SECONDS - began < PATIENCE)); do
        if [ -z "$started" ] && ! kill -0 "$starter" 2>/dev/null; then
            started=1
            last_start=$SECONDS
            emit starting openedBy "$(fact_of openedBy)"
            if ! everything_was_running; then return; fi
        fi
        if [ -n "$started" ]; then
            if product_answers; then return; fi
            # A start that failed once may succeed the next time.
            if ((SECONDS - last_start >= 3)); then
                last_start=$SECONDS
                start_units --no-block 8>&-
            fi
        fi
        if ((SECONDS - said >= 5)); then
            said=$SECONDS
            emit waiting seconds: "$((SECONDS - began))"
        fi
        sleep 0.05
    done
    return 1
}

everything_was_running() { [ "$(fact_of activeUnits)" = "${CLOSED_UNITS[*]}" ]; }

# Only what was running when the window came; what somebody had stopped before stays stopped.
start_units() { # options-of-start
    local unit active
    active=" $(fact_of activeUnits) "
    for unit in "${CLOSED_UNITS[@]}"; do
        case $active in *" $unit "*) systemctl start "$@" "$unit" || true ;; esac
    done
}

# It was started and may need longer. A timer goes on trying, and this host is open by the word that it was told.
give_up_for_now() {
    local why
    fact health failed
    fact state failed
    write_marker || true
    start_retry 60 || true
    why="$PRODUCT was started and does not answer on port $PORT after $PATIENCE s: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')"
    emit open openedBy "$(fact_of openedBy)" health failed reason "$why"
    exit 1
}

finish() { # health
    local opened health=$1
    if [ "$health" = ok ] && ! everything_was_running; then health="not started: it was down before"; fi
    opened=$(now_iso)
    fact openedAt "$opened"
    fact health "$health"
    fact state open
    write_marker || true
    emit open openedAt "$opened" openedBy "$(fact_of openedBy)" health "$health"
    disarm
    sync -f "$CAPTURE_DIR" || true
}
