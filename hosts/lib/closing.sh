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
# A thaw that finds the disk read-only or full writes its facts and the marker here instead; a reboot forgets them.
RUN_FACTS=$RUN_DIR/facts
RUN_CAPTURES=$RUN_DIR/captures
# Exists from the stop to the thaw; a runtime drop-in of every unit forbids starts meanwhile, whoever asks for them. Both lie
# where a disk that turns read-only can't keep them.
CLOSED_FLAG=$RUN_DIR/closed
# Exists while the host stays closed on purpose after its capture.
STAYING_FLAG=$DEADMAN_DIR/staying
RETIRED_FLAG=$STATE_DIR/retired
BOOT_UNIT=posit-thaw-boot.service
NOTICE_SOCKET=posit-maintenance.socket
# Readable by whom the notice runs as, writable by root only.
NOTICE_DIR=${HOST_ROOT:-}/var/lib/posit-upgrade-notice
# Why users find the product closed, and until when; as text.
NOTICE_TEXT=$NOTICE_DIR/notice.txt
DROP_IN=50-posit-window.conf
# Each comes again every minute until `disarm` stops it: whatever failed may go the next time. The last is a failed thaw's.
DEADMAN_TIMERS=(posit-deadman posit-deadman-closed posit-deadman-stay posit-deadman-retry)
# Users' own timetables, by the names that distributions give it.
TIMETABLE_UNITS=(cron crond)
# In the order of starting: a database on this host comes before its product, and ends after it.
CLOSED_UNITS=(${DATABASE_UNIT:+"$DATABASE_UNIT"} "${UNITS[@]}")

fact() { # name value
    { printf '%s' "$2" >"$FACTS_DIR/$1"; } 2>/dev/null && return
    install -d -m 0700 "$RUN_FACTS" && printf '%s' "$2" >"$RUN_FACTS/$1"
}

fact_of() { # name
    if [ -f "$RUN_FACTS/$1" ]; then
        printf '%s' "$(<"$RUN_FACTS/$1")"
    elif [ -f "$FACTS_DIR/$1" ]; then
        printf '%s' "$(<"$FACTS_DIR/$1")"
    fi
}

has_fact() { [ -f "$FACTS_DIR/$1" ] || [ -f "$RUN_FACTS/$1" ]; } # name

# From the first thaw on, whoever runs it, this host is in no window any more.
thaw_begun() { [ ! -d "$FACTS_DIR" ] || has_fact thawingAt; }

# A word of the capture's marker, by its own account; nothing when there is none.
word_of_marker() { # token name
    local file
    for file in "$RUN_CAPTURES/$1.json" "$CAPTURE_DIR/$1.json"; do
        [ -f "$file" ] || continue
        sed -n "s/.*\"$2\":\"\([A-Za-z0-9:.-]*\)\".*/\1/p" "$file"
        return
    done
}

# One line to the program; it may be gone, which must not stop us.
emit() { # event key value...
    local event=$1
    shift
    printf '%s\n' "$(json_object event "$event" "$@")" 2>/dev/null || true
}

# Writes the capture's marker from the facts: whole and on disk before its name is, so that no power loss leaves an empty one. A disk that
# hangs does not keep a product closed: after a second each we go on. Fails when the disk does; the marker lies in /run then.
write_marker() {
    local token name quiet notes database text fields=()
    token=$(fact_of token)
    [ -n "$token" ] || return 0
    quiet=$(fact_of quiet)
    notes=$(fact_of notes)
    database=$(fact_of database)
    fields=(token "$token" product "$(fact_of product)" state "$(fact_of state)")
    for name in askedAt answeredAt armedAt closedAt stoppedAt quietAt syncedAt frozenAt thawingAt stayingSince stayUntil openedAt openedBy health; do
        if has_fact "$name"; then fields+=("$name" "$(fact_of "$name")"); fi
    done
    text=$(json_object "${fields[@]}" quiet: "${quiet:-null}" notes: "${notes:-null}" ${database:+database: "$database"})
    if printf '%s\n' "$text" | keep_marker "$CAPTURE_DIR/$token.json" 2>/dev/null; then
        rm -f "$RUN_CAPTURES/$token.json"
        return
    fi
    install -d -m 0700 "$RUN_CAPTURES" && printf '%s\n' "$text" | write_file "$RUN_CAPTURES/$token.json" 0600
    return 1
}

keep_marker() { # file; stdin is its text
    local temporary
    temporary=$(mktemp "$1.XXXXXX") || return 1
    # 124: the disk hangs.
    if cat >"$temporary" && chmod 0600 "$temporary" && { timeout 1 sync "$temporary" || [ $? = 124 ]; } && mv -f "$temporary" "$1"; then
        timeout 1 sync "$(dirname "$1")" || true
        return
    fi
    rm -f "$temporary"
    return 1
}

# ---- dead-man ----

# A service can't start a timer of its own name (systemd: "was already loaded"), so the timer itself comes again.
start_timer() { # name seconds reason
    systemctl stop "$1.timer" 2>/dev/null || true
    systemctl reset-failed "$1.service" "$1.timer" 2>/dev/null || true
    systemd-run --quiet --on-active="$2" --on-unit-inactive=60 --timer-property=AccuracySec=1s --unit="$1" \
        /bin/bash "$DEADMAN_DIR/thaw.sh" "$3" && systemctl is-active --quiet "$1.timer"
}

# Run by that very timer it is armed already.
start_retry() { # seconds
    systemctl is-active --quiet posit-deadman-retry.timer || start_timer posit-deadman-retry "$1" dead-man
}

stop_timers() {
    systemctl stop posit-deadman.timer posit-deadman-closed.timer 2>/dev/null || true
}

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

# What keeps units from starting can be put up and taken away again, before anything depends on it.
prove_flags() {
    : >"$CLOSED_FLAG" && [ -e "$CLOSED_FLAG" ] && rm -f "$CLOSED_FLAG" && [ ! -e "$CLOSED_FLAG" ] &&
        write_drop_ins && remove_drop_ins && ! drop_ins_left && write_drop_ins
}

drop_ins_left() {
    local unit
    for unit in "${CLOSED_UNITS[@]}"; do
        if [ -e "$RUNTIME_UNIT_DIR/$unit.service.d/$DROP_IN" ]; then return; fi
    done
    return 1
}

# Starts are allowed again. A flag that can't be removed forbids nothing once nobody asks for it.
allow_starts() {
    rm -f "$CLOSED_FLAG" 2>/dev/null || true
    if [ -e "$CLOSED_FLAG" ]; then
        remove_drop_ins
        systemctl daemon-reload 2>/dev/null || true
    fi
}

# ---- users' timetables ----

# Those of them that run, to be stopped together with the product: what they would begin nobody could see.
running_timetables() {
    local unit
    for unit in "${TIMETABLE_UNITS[@]}"; do
        if unit_active "$unit"; then echo "$unit"; fi
    done
}

start_timetables() {
    local unit
    for unit in $(fact_of timetables); do systemctl start --no-block "$unit" || true; done
}

# ---- dumps ----

# A folder on the volume that only root can enter, entered in a way that nobody can turn elsewhere between look and use: the folder above
# it belongs to the product's account. Run in a subshell.
enter_dump_folder() { # folder
    [ ! -L "$1" ] && cd -P -- "$1" && [ "$(stat -c '%u %a' .)" = "$EUID 700" ]
}

# A dump is in the capture by now, or of no use; it holds everything the database does.
remove_dump() {
    local dump
    dump=$(fact_of dumpPath)
    [ -n "$dump" ] || return 0
    (enter_dump_folder "$(dirname "$dump")" 2>/dev/null && rm -f -- "$(basename "$dump")" dump.* && cd / && rmdir -- "$(dirname "$dump")") 2>/dev/null || true
}

# After the thaw: nothing of the window stays behind but the marker.
disarm() {
    systemctl stop "${DEADMAN_TIMERS[@]/%/.timer}" 2>/dev/null || true
    systemctl disable --quiet "$BOOT_UNIT" 2>/dev/null || true
    rm -f "$UNIT_DIR/$BOOT_UNIT"
    remove_drop_ins
    remove_dump
    rm -f "$CLOSED_FLAG" 2>/dev/null || true
    rm -rf "$DEADMAN_DIR" 2>/dev/null || true
    # On a disk that is read-only the folder stays, and what /run says of it counts.
    if [ ! -d "$FACTS_DIR" ]; then rm -rf "$RUN_FACTS"; fi
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
MaxConnections=64
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
ExecStart=/bin/bash $NOTICE_DIR/notice.sh
StandardInput=socket
StandardError=null
# It reads what anybody on the network sends.
DynamicUser=yes
NoNewPrivileges=yes
PrivateDevices=yes
MemoryMax=32M
TasksMax=16
TimeoutStopSec=1
RuntimeMaxSec=15
UNIT
}

write_notice_responder() {
    install -d -m 0755 "$NOTICE_DIR" || return 1
    if [ ! -f "$NOTICE_TEXT" ]; then printf 'Closed for maintenance.\n' | write_file "$NOTICE_TEXT" || return 1; fi
    {
        printf '#!/bin/bash\nNOTICE_TEXT=%q\n' "$NOTICE_TEXT"
        cat <<'NOTICE'
# Answers one request with 503: a page for a browser, JSON for everything else.
shopt -u patsub_replacement 2>/dev/null # newer shells put the match where an & stands
text=$(tr '\n' ' ' <"$NOTICE_TEXT")
head='' type=application/json lines=0
# A line without an end, or lines without end, are somebody's attempt at our memory.
while ((lines++ < 100)) && IFS= read -r -t 5 -n 4096 line && [ -n "${line%$'\r'}" ]; do
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
    } | write_file "$NOTICE_DIR/notice.sh" 0755
}

notice_on() { systemctl start "$NOTICE_SOCKET"; }

notice_off() {
    if systemctl is-active --quiet "$NOTICE_SOCKET"; then systemctl stop "$NOTICE_SOCKET" 'posit-maintenance@*.service'; fi
}

remove_notice() {
    notice_off || true
    systemctl disable --quiet "$NOTICE_SOCKET" 2>/dev/null || true
    rm -f "$UNIT_DIR/$NOTICE_SOCKET" "$UNIT_DIR/posit-maintenance@.service"
    rm -rf "$NOTICE_DIR" "$STATE_DIR"/notice.{sh,txt}
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

# "alice: jupyter-lab (pid 12)" for each of the pids on stdin. Never their arguments: it goes to logs, and there may be a password among them.
describe_pids() {
    local pids
    pids=$(tr '\n' ',')
    [ -n "${pids%,}" ] || return 0
    ps --no-headers -o user:64=,pid=,comm= -p "${pids%,}" 2>/dev/null | while read -r user pid command; do
        printf '%s: %s (pid %s)\n' "$user" "$command" "$pid"
    done || true
}

# Files and folders below the data directories that a process holds open, has mapped or stands in, as "KIND PATH (pid N)": each may write
# there. Where root stands says nothing: whoever looks after this host comes from his home, by sudo. One walk of /proc by one `find`. A
# container that has a directory under another name is not seen.
held_files() {
    local mount real below=() at=()
    for mount in "${DATA_MOUNTS[@]}"; do
        real=$(readlink -f "$mount" 2>/dev/null || echo "$mount")
        below+=(${below[0]:+-o} -lname "$real/*")
        at+=(${at[0]:+-o} -lname "$real")
    done
    # The directory itself is open in our own `sync`.
    find "$PROC_DIR"/[0-9]*/fd "$PROC_DIR"/[0-9]*/map_files "$PROC_DIR"/[0-9]*/cwd -maxdepth 1 \
        \( "${below[@]}" -o -name cwd \( "${at[@]}" \) \) ! \( -name cwd -user 0 \) -printf '%p %l\n' 2>/dev/null |
        sed -n -e 's,^[^ ]*/proc/\([0-9]*\)/fd/[^ ]* \(.*\)$,open file: \2 (pid \1),p' \
            -e 's,^[^ ]*/proc/\([0-9]*\)/map_files/[^ ]* \(.*\)$,mapped file: \2 (pid \1),p' \
            -e 's,^[^ ]*/proc/\([0-9]*\)/cwd \(.*\)$,stands in: \2 (pid \1),p' | sort -u | head -n 20 || true
}

# People who stand in the data and are none of the product's: said while everything still serves, since the proof of quiet would find them.
people_in_data() {
    local pids
    pids=$(product_pids | tr '\n' '|')
    held_files | grep '^stands in: ' | grep -vE "\(pid (${pids}0)\)\$" || true
}

# Everything that is not quiet, one finding a line; nothing when all is.
findings_of_quiet() {
    units_not_quiet
    product_pids | describe_pids | sed 's/^/still running: /'
    held_files
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
