#!/usr/bin/env bash
# The closed window on one host, at the end of a live connection: arms, drains and freezes as the words on stdin say, and keeps
# the product closed only while they come. Three seconds of silence, the end of the stream or an unknown word open it again.
# Words: beat | drain | freeze | dump | note {JSON} | complete | stay | abort. Answers: one JSON object a line, {"event": ...}. A thaw that
# somebody else begins ends the window at once: nothing is noted from then on, and nothing stays.
# Variables: TOKEN MAX_CLOSED_SECONDS MAX_STAY_SECONDS NOTICE BACK_MINUTES DRAIN_SECONDS FORCE START_SECONDS (how long another one's thaw is
# waited for) THAW_SCRIPT DATABASES [{role, kind, path, unit?, host?, port?, name?, user?, password?, ca?}] (those that this host has to
# do with).
set -euo pipefail

SILENCE_MILLISECONDS=3000
SILENT=0
HALF_WORD=''
REQUEST=''
CUT=''

main() {
    # A password may have come with this script, which has been read to its end by now.
    rm -f "$RUN_DIR/window-$TOKEN.sh"
    take_the_floor
    meet_the_databases
    meet_the_product
    # From here on a failing command must lead to the thaw, never to an exit: set -e and the ERR trap are off.
    set +eE
    trap - ERR
    trap '' PIPE INT HUP
    # Armed with the drain's time on top; the freeze arms a second timer for its own time.
    if ! arm "$THAW_SCRIPT" "$((DRAIN_SECONDS + MAX_CLOSED_SECONDS + 30))"; then
        disarm
        refuse "the dead-man can't be armed on $HOSTNAME, so nothing was touched; is the disk full (df /var /etc)? See also: journalctl -b -n 50"
    fi
    trap 'thaw_now terminated; exit 1' TERM
    trap 'thaw_now error' EXIT
    emit armed armedAt "$(fact_of armedAt)" clock: "$(date +%s%3N)"
    obey
}

obey() {
    while [ -z "$REQUEST" ]; do
        attend 500
        case $REQUEST in
            drain)
                REQUEST=''
                drain
                ;;
            freeze)
                REQUEST=''
                freeze
                ;;
            dump)
                REQUEST=''
                dump
                ;;
            stay)
                emit heard word stay
                stay && exit 0
                if thaw_begun; then REQUEST=opened; else REQUEST=error; fi
                ;;
        esac
    done
    case $REQUEST in
        opened) follow_the_thaw ;;
        complete | abort)
            emit heard word "$REQUEST"
            thaw_now "$REQUEST"
            ;;
        *) thaw_now "$REQUEST" ;;
    esac
    exit 0
}

# Somebody else was first (the dead-man, a person), and what that thaw says went elsewhere. Ours waits for its end, and goes on if it gave
# up. When it is done it takes away all that it stood on, the thaw script too; the marker stays.
follow_the_thaw() {
    trap - EXIT
    if [ -d "$FACTS_DIR" ]; then
        emit error reason "$HOSTNAME is being opened since $(fact_of thawingAt), by \"$(fact_of openedBy)\""
        exec 8>"$RUN_DIR/thaw.lock"
        flock -w "$START_SECONDS" 8
        exec 8>&-
        if [ -d "$FACTS_DIR" ] && [ "$(fact_of state)" != open ]; then
            thaw_now lost
            return
        fi
    fi
    emit open openedBy "$(word_of_marker "$TOKEN" openedBy)" openedAt "$(word_of_marker "$TOKEN" openedAt)" health "$(word_of_marker "$TOKEN" health)"
}

# Runs a command while no thaw can begin; fails when one has, or when it fails itself.
unless_thawing() { # command...
    local status=1
    exec 8>"$RUN_DIR/thaw.lock"
    if flock -w 1 8 && ! thaw_begun; then
        "$@"
        status=$?
    fi
    exec 8>&-
    return "$status"
}

# Listens for at most MILLISECONDS and for one word; sets REQUEST when it asks for something.
attend() {
    local word='' seconds
    printf -v seconds '%d.%03d' "$(($1 / 1000))" "$(($1 % 1000))"
    if IFS= read -r -t "$seconds" word; then
        SILENT=0
        word=$HALF_WORD$word
        HALF_WORD=''
        case $word in
            beat) ;;
            note\ \{*\}) if unless_thawing take_note "${word#note }"; then emit noted; else trouble "the note can't be written on $HOSTNAME"; fi ;;
            drain | freeze | dump | stay | complete | abort) REQUEST=$word ;;
            *) REQUEST=lost ;;
        esac
    elif (($? > 128)); then
        # The time may be over in the middle of a word; its other half comes next time.
        HALF_WORD+=$word
        SILENT=$((SILENT + $1))
        if ((SILENT >= SILENCE_MILLISECONDS)); then REQUEST=lost; fi
    else
        REQUEST=lost # end of stream
    fi
    if thaw_begun; then REQUEST=opened; fi
}

# All of what the program knows; it says the whole again when it knows more.
take_note() { # json
    fact notes "$1"
    [ "$(fact_of state)" = armed ] || write_marker
}

# Reports why this host can't go on; the program answers with abort, and silence would open it as well.
trouble() { emit error reason "$*"; }

# Everything still serves meanwhile, as far as the product allows that.
drain() {
    local busy shown='' deadline=$((SECONDS + DRAIN_SECONDS)) forced=0
    unless_thawing fact state draining || { trouble "$HOSTNAME can't be drained while it is being opened"; return; }
    product_drain_start || { trouble "$PRODUCT could not be drained on $HOSTNAME; see $LOG_PATH there"; return; }
    while busy=$(product_busy && people_in_data) && [ -n "$busy" ]; do
        if [ "$busy" != "$shown" ]; then
            shown=$busy
            emit busy work: "$(json_lines <<<"$busy")"
        fi
        if ((SECONDS >= deadline)); then
            if [ "$FORCE" != true ] || ((forced == 2)); then
                trouble "still busy after $DRAIN_SECONDS s: ${busy//$'\n'/; }. Ask them to finish, or set force: true on the capture"
                return
            fi
            # First asked, then made to.
            tell_cut "$busy"
            if ((forced++ == 0)); then product_drain_force; else product_end_leftovers; fi
            deadline=$((SECONDS + 5))
        fi
        attend 200
        [ -z "$REQUEST" ] || return
    done
    # The freeze then has little left to write.
    finish_while_listening sync_data || return
    unless_thawing fact state drained || return
    emit drained
}

# Says once whose work force is about to end.
tell_cut() { # lines
    if [ "$1" != "$CUT" ]; then
        CUT=$1
        emit cut work: "$(json_lines <<<"$1")"
    fi
}

# Runs a command that may take its time; listens all the while. Fails when the program asked for something meanwhile.
finish_while_listening() { # command...
    "$@" 9>&- &
    await_while_listening $! "\"$*\" failed on $HOSTNAME"
}

await_while_listening() { # pid what-a-failure-means
    while kill -0 "$1" 2>/dev/null; do
        attend 20
        [ -z "$REQUEST" ] || {
            pkill -TERM -P "$1" 2>/dev/null || true
            return 1
        }
    done
    wait "$1" || {
        trouble "$2"
        return 1
    }
}

freeze() {
    local syncing timetables
    start_timer posit-deadman-closed "$MAX_CLOSED_SECONDS" dead-man || { trouble "the window's timer can't be armed on $HOSTNAME"; return; }
    unless_thawing forbid_starts || { trouble "starts of $PRODUCT can't be forbidden on $HOSTNAME (is /run full?), or it is being opened"; return; }
    read -ra timetables <<<"$(fact_of timetables)"
    # All units in one go: systemd knows their order. A database of theirs on this host ends after them.
    finish_while_listening systemctl stop "${UNITS[@]}" ${timetables[@]+"${timetables[@]}"} || return
    if ((${#DATABASE_UNITS[@]} > 0)); then finish_while_listening systemctl stop "${DATABASE_UNITS[@]}" || return; fi
    fact stoppedAt "$(now_iso)"
    emit stopped closedAt "$(fact_of closedAt)"
    # Most of it is written while what is on its way out gets its time; its last words are written after that.
    sync_data 9>&- &
    syncing=$!
    prove_quiet || return
    await_while_listening "$syncing" "the data could not be written out on $HOSTNAME; see dmesg there" || return
    fact quietAt "$(now_iso)"
    finish_while_listening sync_data || return
    fact syncedAt "$(now_iso)"
    note_closed_databases
    fact quiet "$(json_object units "${CLOSED_UNITS[*]} inactive" processes none openFiles "none below ${DATA_MOUNTS[*]}" sync "${DATA_MOUNTS[*]}")"
    fact frozenAt "$(now_iso)"
    unless_thawing note_frozen || { trouble "the marker can't be written on $HOSTNAME; is the disk full?"; return; }
    emit frozen closedAt "$(fact_of closedAt)" frozenAt "$(fact_of frozenAt)" quiet: "$(fact_of quiet)"
}

forbid_starts() { fact closedAt "$(now_iso)" && fact state closing && : >"$CLOSED_FLAG"; }

note_frozen() { fact state frozen && write_marker; }

# What is on no volume, put on the one that is captured next.
dump() {
    local began=$SECONDS
    [ "$(fact_of state)" = frozen ] || { trouble "asked to dump without being frozen"; return; }
    dump_databases || return
    unless_thawing write_marker || { trouble "the marker can't be written on $HOSTNAME; is the disk full?"; return; }
    emit dumped bytes: "$DUMPED_BYTES" seconds: "$((SECONDS - began))"
}

# Not quiet is a failure; what is on its way out gets three seconds.
prove_quiet() {
    local findings tries until=$((SECONDS + 4))
    # By the clock, since each look takes its time on a busy host.
    for ((tries = 0; tries < 3 || SECONDS < until; tries++)); do
        findings=$(findings_of_quiet)
        [ -n "$findings" ] || return 0
        if [ "$FORCE" = true ]; then
            tell_cut "$findings"
            product_end_leftovers
        fi
        attend 50
        [ -z "$REQUEST" ] || return 1
    done
    trouble "not quiet after the stop: ${findings//$'\n'/; }"
    return 1
}

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

thaw_now() { # reason
    trap - EXIT
    trap '' TERM
    /bin/bash "$DEADMAN_DIR/thaw.sh" "$1" 9>&-
}

