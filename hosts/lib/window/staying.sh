#!/usr/bin/env bash
# After a final capture: closed on purpose, behind a notice, with a dead-man of its own, without the connection. Needs marker, deadman,
# notice, listening, dumpFolder.
# Variables: MAX_STAY_SECONDS NOTICE BACK_MINUTES.
set -euo pipefail

# Closed on purpose from here on: behind a notice, with a dead-man of its own, without this connection.
stay() {
    local until_time
    [ "$(fact_of state)" = frozen ] || { trouble "asked to stay closed without being frozen"; return 1; }
    until_time=$(date -u -d "+$MAX_STAY_SECONDS seconds" +%Y-%m-%dT%H:%M:%SZ)
    unless_thawing settle "$until_time" || return 1
    trap - EXIT
    emit staying stayUntil "$until_time"
    remove_dump
}

# The marker first: a host that dies in between opens as one that was captured well and stays no longer.
settle() { # until
    expect_back || { trouble "could not write the maintenance notice"; return 1; }
    start_timer posit-deadman-stay "$MAX_STAY_SECONDS" dead-man || { trouble "could not arm the long dead-man"; return 1; }
    notice_on || { trouble "could not put up the maintenance notice on port $PORT"; return 1; }
    if ! note_staying "$1"; then
        rm -f "$STAYING_FLAG"
        trouble "the marker can't be written on $HOSTNAME; is the disk full?"
        return 1
    fi
    stop_timers
}

note_staying() { # until
    fact stayingSince "$(now_iso)" && fact stayUntil "$1" && fact state staying && write_marker &&
        : >"$STAYING_FLAG" && timeout 20 sync -f "$STAYING_FLAG"
}

# What the notice says; its text is data to the script that shows it, never a program.
expect_back() {
    printf '%s\nExpected back at about %s UTC.\n' "$NOTICE" "$(date -u -d "+$BACK_MINUTES minutes" +%H:%M)" |
        write_file "$NOTICE_TEXT"
}
