#!/usr/bin/env bash
# Opens the product again, once, and writes down why. Lies on the host's disk for as long as the host may be closed and is
# run by whoever notices first: window.sh, the dead-man's timer, the boot unit. Its argument is the reason; "boot" only
# clears the way, since the product's units wait for that.
# Variables: PRODUCT.
set -euo pipefail

REASON=${1:-by-hand}

main() {
    # Opening matters more than noting it: nothing that fails here (a full disk, a missing folder) may keep the product down.
    set +eE
    trap - ERR
    trap '' PIPE HUP INT
    install -d -m 0700 "$RUN_DIR"
    exec 8>"$RUN_DIR/thaw.lock"
    flock -w 90 8
    [ -d "$FACTS_DIR" ] || exit 0 # open already
    if [ -e "$STAYING_FLAG" ]; then
        case $REASON in lost | terminated | complete | abort | error) exit 0 ;; esac
    fi
    # At a shutdown nothing can be started; the boot unit does it.
    if [ "$REASON" != boot ] && [ "$(systemctl is-system-running 2>/dev/null || true)" = stopping ]; then exit 0; fi
    thaw
}

thaw() {
    local health
    fact thawingAt "$(now_iso)"
    notice_off || true
    rm -f "$CLOSED_FLAG"
    product_undrain || true
    if [ "$REASON" = boot ]; then
        systemctl start --no-block "${CLOSED_UNITS[@]}" || true
        finish "at boot"
        return
    fi
    start_units
    emit starting
    health=ok
    if [ "$(fact_of activeUnits)" != "${CLOSED_UNITS[*]}" ]; then
        health="not started: it was down before"
    elif ! wait_until_it_answers; then
        health=failed
    fi
    if [ "$health" = failed ]; then
        # The dead-man stays armed: its timer tries again.
        fact health failed
        fact openedBy "$REASON"
        write_marker
        rm -f "$STAYING_FLAG"
        start_timer posit-deadman 60 dead-man || true
        emit error reason "$PRODUCT was started and does not answer on port $PORT after 60 s: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')"
        exit 1
    fi
    finish "$health"
}

# The connection's window waits for this, so it looks often.
wait_until_it_answers() {
    local tries
    for ((tries = 1; tries <= 1200; tries++)); do
        if product_answers; then return; fi
        # A start that failed once may succeed the next time.
        if ((tries % 60 == 0)); then start_units; fi
        sleep 0.05
    done
    return 1
}

# Only what was running when the window came; what somebody had stopped before stays stopped.
start_units() {
    local unit active
    active=" $(fact_of activeUnits) "
    for unit in "${CLOSED_UNITS[@]}"; do
        case $active in *" $unit "*) systemctl start "$unit" || true ;; esac
    done
}

finish() { # health
    local opened
    opened=$(now_iso)
    fact openedAt "$opened"
    fact openedBy "$REASON"
    fact health "$1"
    fact state open
    write_marker
    emit open openedAt "$opened" openedBy "$REASON" health "$1"
    disarm
    sync -f "$CAPTURE_DIR" || true
}

