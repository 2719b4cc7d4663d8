#!/usr/bin/env bash
# One host's part in moving the entry points: retire (the old side stays down, whatever reboots), open (the new side's quarantine
# is lifted), health, and for the way back: close (the new side), revive (the old side). Each looks at the host first: what stands is left
# alone. From the first change to the last a host says that it is halfway (hosts/state.sh), and whoever broken-off work is found by does it again,
# in whichever direction: half retired it would come up with the next reboot, half opened it would never.
# Variables: ACTION=retire|open|health|close|revive TOKEN? (the capture that is served; of every action but health) EVEN_OPEN? (retire: also
# a host whose window is no longer closed) START_SECONDS (how long the product may take to answer, whoever has started it: slow is not broken).
# shellcheck disable=SC2153,SC2154 # variables come from the renderer
set -euo pipefail

# What a window noted on this host, kept while it is retired: its marker is written from that.
RETIRED_FACTS=$STATE_DIR/retired-facts

main() {
    case $ACTION in
        retire) retire ;;
        revive) revive ;;
        open) open_side ;;
        close) close_side ;;
        health) wait_for "$START_SECONDS" product_is_back || fail "$PRODUCT_TITLE on $HOSTNAME is not healthy: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')" ;;
        *) fail "serve.sh knows retire, revive, open, close and health only." ;;
    esac
    json_object action "$ACTION"
    echo
}

# ---- down ----

# Masked on disk, so that neither the dead-man nor a reboot nor a person's habit brings it back.
retire() {
    install -d -m 0700 "$STATE_DIR" "$RUN_DIR"
    # No thaw begins from here on, and one that goes on has ended.
    exec 8>"$RUN_DIR/thaw.lock"
    flock -w "$START_SECONDS" 8 || fail "$PRODUCT_TITLE on $HOSTNAME is being opened for $START_SECONDS s now, so it is not retired; see: journalctl -u posit-deadman -n 20"
    if [ ! -e "$RETIRED_FLAG" ]; then
        [ "${EVEN_OPEN:-}" = true ] || still_stays
    elif [ -z "$(units_not_quiet)" ] && [ ! -d "$DEADMAN_DIR" ] && [ ! -e "$HALFWAY_FLAG" ]; then
        return
    fi
    set_out
    # Before it counts as retired, so that no retired host lacks it.
    note_way_back
    if [ ! -e "$RETIRED_FLAG" ]; then printf '%s\n' "${TOKEN:-}" | write_file "$RETIRED_FLAG"; fi
    mask_units
    mask_timetables
    # As soon as nothing can start it any more: whatever breaks off from here on, nobody was able to write since it was frozen.
    if [ -d "$DEADMAN_DIR" ]; then note_retired; fi
    take_down
    if [ -d "$DEADMAN_DIR" ]; then disarm; fi
    write_notice
    systemctl daemon-reload
    systemctl enable --quiet --now "$NOTICE_SOCKET" || true
    prove_down
    arrive
}

set_out() {
    install -d -m 0700 "$STATE_DIR"
    : >"$HALFWAY_FLAG"
}

arrive() { rm -f "$HALFWAY_FLAG"; }

prove_down() {
    [ -z "$(units_not_quiet)" ] || fail "$PRODUCT_TITLE still runs on $HOSTNAME: $(units_not_quiet | tr '\n' ' ')"
}

# Between the gate and this moment its stay may have ended.
still_stays() {
    local since=''
    if [ -d "$FACTS_DIR" ]; then since=$(fact_of thawingAt); fi
    if [ ! -e "$STAYING_FLAG" ] || [ "$(fact_of token)" != "${TOKEN:-}" ] || [ -n "$since" ]; then
        fail "$PRODUCT_TITLE on $HOSTNAME does not stay closed for capture ${TOKEN:-}${since:+ (it was opened at $since)}: what users have changed since would be lost, so it is not retired. Run it again, and the gates say what there is to lose."
    fi
}

# With what users' sessions left behind, which outlive their unit and would go on writing.
take_down() {
    local i
    # Whether it stopped is proved at the end; of a masked unit some versions of systemd say that there is none.
    for ((i = ${#UNITS[@]} - 1; i >= 0; i--)); do systemctl stop "${UNITS[i]}" 2>/dev/null || true; done
    product_end_leftovers
    if ((${#DATABASE_UNITS[@]} > 0)); then systemctl stop "${DATABASE_UNITS[@]}" 2>/dev/null || true; fi
    remount_shared_homes ro
}

# A capture that it stayed closed for is a final one as long as it is retired: no thaw, nobody opened it.
note_retired() {
    fact state retired
    write_marker
    rm -rf "$RETIRED_FACTS"
    cp -a "$FACTS_DIR" "$RETIRED_FACTS"
    # Before what they were copied from is removed.
    sync -f "$RETIRED_FACTS"
}

close_side() {
    local token=''
    if [ -e "$QUARANTINE_FLAG" ] && [ ! -e "$SERVING_FLAG" ] && [ ! -e "$HALFWAY_FLAG" ]; then return; fi
    set_out
    if [ -e "$SERVING_FLAG" ]; then token=$(head -n 1 "$SERVING_FLAG"); fi
    mask_units
    take_down
    quarantine_put_on "$token"
    prove_down
    rm -f "$SERVING_FLAG"
    arrive
}

# ---- up ----

revive() {
    if [ -e "$RETIRED_FLAG" ] || [ -d "$DEADMAN_DIR" ]; then
        install -d -m 0700 "$RUN_DIR"
        exec 8>"$RUN_DIR/thaw.lock"
        flock -w "$START_SECONDS" 8 || fail "$PRODUCT_TITLE on $HOSTNAME is being opened for $START_SECONDS s now; see: journalctl -u posit-deadman -n 20"
        recall_way_back
        set_out
        # One that only stays closed counts as retired until it answers, or a revival that was broken off would look like a product that somebody stopped.
        if [ ! -e "$RETIRED_FLAG" ]; then
            note_way_back
            fact_of token | write_file "$RETIRED_FLAG"
        fi
        note_reverted
        remove_notice
        if [ -d "$DEADMAN_DIR" ]; then
            allow_starts
            product_undrain || true
            disarm
        fi
        unmask_units
        unmask_timetables
        product_forget_drain
        remount_shared_homes rw
    fi
    start_units
    rm -rf "$RETIRED_FACTS" "$WAY_BACK"
    rm -f "$RETIRED_FLAG"
    arrive
}

# It was opened, before anything is started: its capture is final no longer, whatever happens next.
note_reverted() {
    if [ -d "$FACTS_DIR" ]; then
        write_reverted
    elif [ -d "$RETIRED_FACTS" ]; then
        local FACTS_DIR=$RETIRED_FACTS
        write_reverted
    fi
}

write_reverted() {
    if [ -z "$(fact_of thawingAt)" ]; then fact thawingAt "$(now_iso)"; fi
    if [ -z "$(fact_of openedBy)" ]; then fact openedBy reverted; fi
    fact state reverted
    write_marker
    start_timetables
    sync -f "$CAPTURE_DIR" || true
}

open_side() {
    local token=${TOKEN:-}
    if [ -e "$SERVING_FLAG" ] && [ ! -e "$HALFWAY_FLAG" ] && product_healthy; then return; fi
    set_out
    if [ -z "$token" ] && [ -e "$QUARANTINE_FLAG" ]; then token=$(head -n 1 "$QUARANTINE_FLAG"); fi
    printf '%s\n' "$token" | write_file "$SERVING_FLAG"
    remove_notice
    stop_product
    remount_shared_homes rw
    quarantine_off
    unmask_units
    start_units
    arrive
}

start_units() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do systemctl start "$unit" || true; done
    wait_for "$START_SECONDS" product_is_back || {
        last_log_lines >&2
        fail "$PRODUCT_TITLE was started on $HOSTNAME and does not answer as it should on port $PORT after $START_SECONDS s; the lines above are its last, see also $LOG_PATH. Run it again: it goes on waiting."
    }
}

# Production's health page may be off, or behind TLS; there it has to answer as it did before it was closed. A host that this program
# made has one.
product_is_back() {
    local unit
    if [ -e "$MADE_FLAG" ]; then
        product_healthy
        return
    fi
    for unit in "${UNITS[@]}"; do unit_active "$unit" || return 1; done
    product_answers
}
