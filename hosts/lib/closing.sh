#!/usr/bin/env bash
# Closing a product and opening it again: what window.sh, thaw.sh, serve.sh and record.sh share.
#
# While a host may be closed, DEADMAN_DIR exists and holds the thaw script and one small file per fact; the marker of the
# capture is written from those facts. Whatever reopens the host runs the same thaw script: the end of the window, silence
# on the connection, the dead-man's timer, the window's own death (ExecStopPost), the boot unit.
# shellcheck disable=SC2034 # much is used by the scripts that are rendered after it
set -euo pipefail

PROC_DIR=${HOST_ROOT:-}/proc
DEADMAN_DIR=$STATE_DIR/deadman
CAPTURE_DIR=$STATE_DIR/captures
FACTS_DIR=$DEADMAN_DIR/facts
# Exists from the stop to the thaw; a runtime drop-in of every unit forbids starts meanwhile, whoever asks for them.
CLOSED_FLAG=$DEADMAN_DIR/closed
# Exists while the host stays closed on purpose after its capture.
STAYING_FLAG=$DEADMAN_DIR/staying
RETIRED_FLAG=$STATE_DIR/retired
BOOT_UNIT=posit-thaw-boot.service
NOTICE_SOCKET=posit-maintenance.socket
# Why users find the product closed, and until when; as text.
NOTICE_TEXT=$STATE_DIR/notice.txt
DROP_IN=50-posit-window.conf
# In the order of starting: a database on this host comes before its product, and ends after it.
CLOSED_UNITS=(${DATABASE_UNIT:+"$DATABASE_UNIT"} "${UNITS[@]}")

fact() { # name value
    printf '%s' "$2" >"$FACTS_DIR/$1"
}

fact_of() { # name
    if [ -f "$FACTS_DIR/$1" ]; then printf '%s' "$(<"$FACTS_DIR/$1")"; fi
}

# One line to the program; it may be gone, which must not stop us.
emit() { # event key value...
    local event=$1
    shift
    printf '%s\n' "$(json_object event "$event" "$@")" 2>/dev/null || true
}

# Writes the capture's marker from the facts.
write_marker() {
    local token name quiet notes database fields=()
    token=$(fact_of token)
    [ -n "$token" ] || return 0
    quiet=$(fact_of quiet)
    notes=$(fact_of notes)
    database=$(fact_of database)
    fields=(token "$token" product "$(fact_of product)" state "$(fact_of state)")
    for name in armedAt closedAt stoppedAt frozenAt thawingAt stayingSince stayUntil openedAt openedBy health; do
        if [ -f "$FACTS_DIR/$name" ]; then fields+=("$name" "$(fact_of "$name")"); fi
    done
    json_object "${fields[@]}" quiet: "${quiet:-null}" notes: "${notes:-null}" \
        ${database:+database: "$database"} | write_file "$CAPTURE_DIR/$token.json" 0600
}

# ---- dead-man ----

start_timer() { # name seconds reason
    systemctl stop "$1.timer" 2>/dev/null || true
    systemctl reset-failed "$1.service" "$1.timer" 2>/dev/null || true
    systemd-run --quiet --on-active="$2" --timer-property=AccuracySec=1s --unit="$1" \
        /bin/bash "$DEADMAN_DIR/thaw.sh" "$3" && systemctl is-active --quiet "$1.timer"
}

stop_timers() {
    systemctl stop posit-deadman.timer posit-deadman-closed.timer 2>/dev/null || true
}

stop_stay_timer() { systemctl stop posit-deadman-stay.timer 2>/dev/null || true; }

write_boot_unit() {
    write_file "$UNIT_DIR/$BOOT_UNIT" <<UNIT
# Opens the product again after a reboot in the middle of a capture. Written and removed by posit-upgrade.
[Unit]
Description=Open the product again that a capture had closed
ConditionPathExists=$DEADMAN_DIR/thaw.sh
After=local-fs.target network.target
Before=${CLOSED_UNITS[*]/%/.service}

[Service]
Type=oneshot
# The units that follow wait for this one, so it only clears the way; they start by themselves.
ExecStart=/bin/bash $DEADMAN_DIR/thaw.sh boot

[Install]
WantedBy=multi-user.target
UNIT
}

# Starts of the product's units do nothing while it is closed.
write_drop_ins() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do
        printf '[Unit]\nConditionPathExists=!%s\n' "$CLOSED_FLAG" |
            write_file "$RUNTIME_UNIT_DIR/$unit.service.d/$DROP_IN" || return 1
    done
}

remove_drop_ins() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do
        rm -f "$RUNTIME_UNIT_DIR/$unit.service.d/$DROP_IN"
        rmdir "$RUNTIME_UNIT_DIR/$unit.service.d" 2>/dev/null || true
    done
}

# A dump is in the capture by now, or of no use; it holds everything the database does.
remove_dump() {
    local dump
    dump=$(fact_of dumpPath)
    if [ -n "$dump" ]; then rm -f "$dump"; fi
}

# After the thaw: nothing of the window stays behind but the marker.
disarm() {
    stop_timers
    stop_stay_timer
    systemctl disable --quiet "$BOOT_UNIT" 2>/dev/null || true
    rm -f "$UNIT_DIR/$BOOT_UNIT"
    remove_drop_ins
    remove_dump
    rm -rf "$DEADMAN_DIR"
    if [ ! -e "$RETIRED_FLAG" ]; then remove_notice; fi
    systemctl daemon-reload 2>/dev/null || true
}

# ---- maintenance notice ----

# A socket unit on the product's port that answers 503 with Retry-After, so that no client takes the notice for content.
write_notice() { write_notice_socket && write_notice_service && write_notice_responder; }

write_notice_socket() {
    write_file "$UNIT_DIR/$NOTICE_SOCKET" <<UNIT
# Tells users of a closed product to come back later. Written and removed by posit-upgrade.
[Unit]
Description=Maintenance notice on port $PORT

[Socket]
ListenStream=$PORT
Accept=yes
MaxConnections=256
TriggerLimitIntervalSec=0

[Install]
WantedBy=sockets.target
UNIT
}

write_notice_service() {
    write_file "$UNIT_DIR/posit-maintenance@.service" <<UNIT
[Unit]
Description=Maintenance notice
CollectMode=inactive-or-failed

[Service]
ExecStart=/bin/bash $STATE_DIR/notice.sh
StandardInput=socket
StandardError=null
TimeoutStopSec=1
RuntimeMaxSec=15
UNIT
}

write_notice_responder() {
    if [ ! -f "$NOTICE_TEXT" ]; then printf 'Closed for maintenance.\n' | write_file "$NOTICE_TEXT" || return 1; fi
    {
        printf '#!/bin/bash\nNOTICE_TEXT=%q\n' "$NOTICE_TEXT"
        cat <<'NOTICE'
# Answers one request with 503: a page for a browser, JSON for everything else.
shopt -u patsub_replacement 2>/dev/null # newer shells put the match where an & stands
text=$(tr '\n' ' ' <"$NOTICE_TEXT")
head='' type=application/json
while IFS= read -r -t 5 line && [ -n "${line%$'\r'}" ]; do
    [ -n "$head" ] || head=${line%$'\r'}
    case ${line,,} in accept:*text/html*) type='text/html; charset=utf-8' ;; esac
done
if [ "$type" = application/json ]; then
    text=${text//\\/\\\\}
    body="{\"error\":\"${text//\"/\\\"}\"}"
else
    text=${text//&/&amp;}
    text=${text//</&lt;}
    body="<!doctype html><title>Closed for maintenance</title><h1>Closed for maintenance</h1><p>$text</p>"
fi
LC_ALL=C
printf 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Type: %s\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: %s\r\n\r\n' "$type" "${#body}"
case $head in HEAD\ *) ;; *) printf '%s' "$body" ;; esac
NOTICE
    } | write_file "$STATE_DIR/notice.sh" 0700
}

notice_on() { systemctl start "$NOTICE_SOCKET"; }

notice_off() {
    if systemctl is-active --quiet "$NOTICE_SOCKET"; then systemctl stop "$NOTICE_SOCKET" 'posit-maintenance@*.service'; fi
}

remove_notice() {
    notice_off || true
    systemctl disable --quiet "$NOTICE_SOCKET" 2>/dev/null || true
    rm -f "$UNIT_DIR/$NOTICE_SOCKET" "$UNIT_DIR/posit-maintenance@.service" "$STATE_DIR/notice.sh" "$NOTICE_TEXT"
}

# ---- proof of quiet ----

# "UNIT is STATE" for every unit that is not down.
units_not_quiet() {
    local unit state
    for unit in "${CLOSED_UNITS[@]}"; do
        state=$(systemctl is-active "$unit" 2>/dev/null || true)
        case $state in inactive | failed | unknown) ;; *) echo "$unit is $state" ;; esac
    done
}

# Numbers of the product's processes: of its units, its programs, its account, its sessions. A handful of forks, whatever
# the number of processes. This script and its parents are none of them.
product_pids() {
    local unit folder pattern='' find_programs=()
    for unit in "${UNITS[@]}"; do pattern+="${pattern:+|}/${unit//./\\.}\\.service(/|\$)"; done
    for folder in "${PROGRAM_PATHS[@]}"; do find_programs+=(${find_programs[0]:+-o} -lname "$folder/*"); done
    {
        grep -lE "$pattern" "$PROC_DIR"/[0-9]*/cgroup 2>/dev/null || true
        find "$PROC_DIR" -maxdepth 2 -name exe \( "${find_programs[@]}" \) 2>/dev/null || true
        find "$PROC_DIR" -maxdepth 1 -name '[0-9]*' -user "$ACCOUNT" 2>/dev/null || true
        if [ -n "$SESSION_PATTERN" ]; then pgrep -f "$SESSION_PATTERN" 2>/dev/null | sed 's,^,/proc/,' || true; fi
    } | sed -n 's,^.*/proc/\([0-9][0-9]*\).*,\1,p' | sort -nu | grep -vxE "$$|$BASHPID|$PPID" || true
}

# "alice: jupyter-lab (pid 12)" for each of the pids on stdin.
describe_pids() {
    local pids
    pids=$(tr '\n' ',')
    [ -n "${pids%,}" ] || return 0
    ps --no-headers -o user:64=,pid=,args= -p "${pids%,}" 2>/dev/null | while read -r user pid command; do
        printf '%s: %s (pid %s)\n' "$user" "${command:0:80}" "$pid"
    done || true
}

# Files below the data directories that a process holds open, as "PATH (pid N)". One walk of /proc by one `find`.
open_files() {
    local mount real wanted=()
    for mount in "${DATA_MOUNTS[@]}"; do
        real=$(readlink -f "$mount" 2>/dev/null || echo "$mount")
        wanted+=(${wanted[0]:+-o} -lname "$real/*")
    done
    find "$PROC_DIR" -mindepth 3 -maxdepth 3 -path '*/proc/[0-9]*/fd/*' \( "${wanted[@]}" \) -printf '%l (%p)\n' 2>/dev/null |
        sed 's,([^(]*/proc/\([0-9]*\)/fd/[^(]*)$,(pid \1),' | sort -u | head -n 20 || true
}

# Everything that is not quiet, one finding a line; nothing when all is.
findings_of_quiet() {
    units_not_quiet
    product_pids | describe_pids | sed 's/^/still running: /'
    open_files | sed 's/^/open file: /'
}

sync_data() {
    local mount job jobs=() failed=0
    for mount in "${DATA_MOUNTS[@]}"; do
        if [ -d "$mount" ]; then
            sync -f "$mount" &
            jobs+=($!)
        fi
    done
    for job in ${jobs[@]+"${jobs[@]}"}; do wait "$job" || failed=1; done
    return "$failed"
}
