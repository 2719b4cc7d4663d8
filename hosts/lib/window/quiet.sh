#!/usr/bin/env bash
# The proof of quiet: which units, processes and open files of a product are still there, on its data or beside it. Also the data's way to
# the disk.
# shellcheck disable=SC2034 # used by the scripts that are rendered after it
set -euo pipefail

PROC_DIR=${HOST_ROOT:-}/proc

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
