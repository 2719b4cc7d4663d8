#!/usr/bin/env bash
# The closed window on one host, at the end of a live connection: arms, drains and freezes as the words on stdin say, and keeps
# the product closed only while they come. Three seconds of silence, the end of the stream or an unknown word open it again.
# Words: beat | drain | freeze | note {JSON} | complete | stay | abort. Answers: one JSON object a line, {"event": ...}.
# Variables: TOKEN PRODUCT MAX_CLOSED_SECONDS MAX_STAY_SECONDS DRAIN_SECONDS FORCE THAW_SCRIPT.
set -euo pipefail

SILENCE_MILLISECONDS=3000
SILENT=0
REQUEST=''

main() {
    take_the_floor
    # Armed with the drain's time on top; the freeze arms a second timer for its own time.
    arm "$THAW_SCRIPT" "$((DRAIN_SECONDS + MAX_CLOSED_SECONDS + 30))" || {
        disarm || true
        emit error reason "Could not arm the dead-man on $HOSTNAME; nothing was touched. See: journalctl -b -u systemd-timesyncd -u init.scope"
        exit 1
    }
    note_beginnings
    # From here on a failing command must lead to the thaw, never to an exit: set -e and the ERR trap are off.
    set +eE
    trap - ERR
    trap '' PIPE INT HUP
    trap 'thaw_now terminated; exit 1' TERM
    trap 'thaw_now error' EXIT
    emit armed armedAt "$(fact_of armedAt)" clock: "$(date +%s%3N)"
    obey
}

# One window at a time on a host, and none while it stays closed or is retired.
take_the_floor() {
    install -d -m 0700 "$RUN_DIR"
    exec 9>"$RUN_DIR/window.lock"
    flock -n 9 || refuse "another window is open on $HOSTNAME; wait until it has ended"
    [ ! -e "$RETIRED_FLAG" ] || refuse "$HOSTNAME is retired: it serves nobody, so there is nothing to capture"
    [ ! -e "$STAYING_FLAG" ] || refuse "$HOSTNAME stays closed since the capture $(fact_of token); serve or revert that one first"
    [ ! -d "$FACTS_DIR" ] || refuse "$HOSTNAME still carries the dead-man of capture $(fact_of token), which opens it soon; try again in a minute"
    # Armed and called off before anything was stopped is no capture; closed once is.
    if grep -qs '"closedAt"' "$CAPTURE_DIR/$TOKEN.json"; then refuse "$HOSTNAME has closed for the token $TOKEN before; take a new token"; fi
}

refuse() {
    emit error reason "$*."
    exit 1
}

note_beginnings() {
    local unit active=''
    for unit in "${UNITS[@]}"; do
        if unit_active "$unit"; then active+="${active:+ }$unit"; fi
    done
    fact activeUnits "$active"
    product_remember
    fact token "$TOKEN"
    fact product "$PRODUCT"
    fact armedAt "$(now_iso)"
    fact state armed
    write_marker
}

obey() {
    while [ -z "$REQUEST" ]; do
        attend 1000
        case $REQUEST in
            drain)
                REQUEST=''
                drain
                ;;
            freeze)
                REQUEST=''
                freeze
                ;;
            stay)
                stay && exit 0
                REQUEST=error
                ;;
        esac
    done
    thaw_now "$REQUEST"
    exit 0
}

# Listens for at most MILLISECONDS and for one word; sets REQUEST when it asks for something.
attend() {
    local word='' seconds
    printf -v seconds '%d.%03d' "$(($1 / 1000))" "$(($1 % 1000))"
    if read -r -t "$seconds" word; then
        SILENT=0
        case $word in
            beat) ;;
            note\ \{*\})
                fact notes "${word#note }"
                if [ "$(fact_of state)" != armed ]; then write_marker; fi
                emit noted
                ;;
            drain | freeze | stay | complete | abort) REQUEST=$word ;;
            *) REQUEST=lost ;;
        esac
    elif (($? > 128)); then
        SILENT=$((SILENT + $1))
        if ((SILENT >= SILENCE_MILLISECONDS)); then REQUEST=lost; fi
    else
        REQUEST=lost # end of stream
    fi
}

# Reports why this host can't go on; the program answers with abort, and silence would open it as well.
trouble() { emit error reason "$*"; }

# Everything still serves meanwhile, as far as the product allows that.
drain() {
    local busy shown='' deadline
    fact state draining
    product_drain_start || { trouble "could not drain: $PRODUCT refused; see $LOG_PATH"; return; }
    sync_data & # the freeze then has little left to write
    deadline=$((SECONDS + DRAIN_SECONDS))
    while busy=$(product_busy) && [ -n "$busy" ]; do
        if [ "$busy" != "$shown" ]; then
            shown=$busy
            emit busy work: "$(json_lines <<<"$busy")"
        fi
        if ((SECONDS >= deadline)); then
            if [ "$FORCE" != true ]; then
                trouble "still busy after $DRAIN_SECONDS s: ${busy//$'\n'/; }. End that work, wait, or allow force"
                return
            fi
            product_drain_force
            deadline=$((SECONDS + 5))
        fi
        attend 200
        [ -z "$REQUEST" ] || return
    done
    fact state drained
    emit drained
}

freeze() {
    local findings closed_at
    start_timer posit-deadman-closed "$MAX_CLOSED_SECONDS" dead-man || { trouble "could not arm the window's timer"; return; }
    closed_at=$(now_iso)
    fact closedAt "$closed_at"
    fact state closing
    : >"$CLOSED_FLAG"
    stop_units || return
    emit stopped closedAt "$closed_at"
    sync_data &
    findings=$(quiet_findings)
    if [ -n "$findings" ]; then
        trouble "not quiet after the stop: ${findings//$'\n'/; }"
        return
    fi
    wait
    fact quiet "$(json_object units "${UNITS[*]} inactive" processes none openFiles "none below ${DATA_MOUNTS[*]}" sync "${DATA_MOUNTS[*]}")"
    fact frozenAt "$(now_iso)"
    fact state frozen
    write_marker
    emit frozen closedAt "$closed_at" frozenAt "$(fact_of frozenAt)" quiet: "$(fact_of quiet)"
}

# All units in one go, last started first stopped by systemd's own order; listening all the while.
stop_units() {
    local stopping
    systemctl stop "${UNITS[@]}" 9>&- &
    stopping=$!
    while kill -0 "$stopping" 2>/dev/null; do
        attend 20
        [ -z "$REQUEST" ] || return 1
    done
    if ! wait "$stopping"; then
        trouble "systemctl could not stop ${UNITS[*]}"
        return 1
    fi
}

# What is not quiet yet; what is on its way out gets two seconds.
quiet_findings() {
    local findings tries
    for ((tries = 0; tries < 20; tries++)); do
        findings=$(findings_of_quiet)
        [ -n "$findings" ] || return 0
        if [ "$FORCE" = true ]; then product_end_leftovers; fi
        sleep 0.1
    done
    printf '%s' "$findings"
}

# Closed on purpose from here on: behind a notice, with a dead-man of its own, without this connection.
stay() {
    local until_time
    [ "$(fact_of state)" = frozen ] || { trouble "asked to stay closed without being frozen"; return 1; }
    until_time=$(date -u -d "+$MAX_STAY_SECONDS seconds" +%Y-%m-%dT%H:%M:%SZ)
    start_timer posit-deadman-stay "$MAX_STAY_SECONDS" dead-man || { trouble "could not arm the long dead-man"; return 1; }
    notice_on || { trouble "could not put up the maintenance notice on port $PORT"; return 1; }
    fact stayingSince "$(now_iso)"
    fact stayUntil "$until_time"
    fact state staying
    : >"$STAYING_FLAG"
    stop_timers
    trap - EXIT
    write_marker
    sync -f "$CAPTURE_DIR"
    emit staying stayUntil "$until_time"
}

thaw_now() { # reason
    trap - EXIT
    trap '' TERM
    /bin/bash "$DEADMAN_DIR/thaw.sh" "$1" 9>&-
}

