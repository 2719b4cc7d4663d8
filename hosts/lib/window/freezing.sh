#!/usr/bin/env bash
# The freeze: the product stops, is proved quiet, and what is on no volume yet is put on one. Needs marker, deadman, quiet, listening,
# draining, closedDatabases.
# Variables: MAX_CLOSED_SECONDS FORCE.
set -euo pipefail

freeze() {
    local timetables
    start_timer posit-deadman-closed "$MAX_CLOSED_SECONDS" dead-man || { trouble "the window's timer can't be armed on $HOSTNAME"; return; }
    unless_thawing forbid_starts || { trouble "starts of $PRODUCT can't be forbidden on $HOSTNAME (is /run full?), or it is being opened"; return; }
    read -ra timetables <<<"$(fact_of timetables)"
    # All units in one go: systemd knows their order. A database of theirs on this host ends after them.
    finish_while_listening systemctl stop "${UNITS[@]}" ${timetables[@]+"${timetables[@]}"} || return
    if ((${#DATABASE_UNITS[@]} > 0)); then finish_while_listening systemctl stop "${DATABASE_UNITS[@]}" || return; fi
    fact stoppedAt "$(now_iso)"
    emit stopped closedAt "$(fact_of closedAt)"
    # Most of it is written while what is on its way out gets its time; its last words are written after that.
    start_aside sync_data
    prove_quiet || return
    await_aside "the data could not be written out on $HOSTNAME; see dmesg there" || return
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

note_frozen() { fact state frozen && write_marker; }

# What is on no volume, put on the one that is captured next.
dump() {
    local began=$SECONDS
    [ "$(fact_of state)" = frozen ] || { trouble "asked to dump without being frozen"; return; }
    dump_databases || return
    unless_thawing write_marker || { trouble "the marker can't be written on $HOSTNAME; is the disk full?"; return; }
    emit dumped bytes: "$DUMPED_BYTES" seconds: "$((SECONDS - began))"
}
