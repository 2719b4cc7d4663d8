#!/bin/bash
# Keeps one host running apart from the daemon: a reboot inside ends systemd-nspawn with 133 and starts it again, anything
# else (power off, power cut) ends the host. Usage: supervise.sh FOLDER CGROUP NSPAWN-ARGUMENTS...
# FOLDER/stop tells not to start again; FOLDER/ended says how it ended.
set -euo pipefail

folder=$1 cgroup=$2
shift 2

# Hosts must not share a control group, nor be in the one this was started from.
enter_cgroup() {
    local hierarchy
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        set -- /sys/fs/cgroup
    else
        set -- /sys/fs/cgroup/{systemd,memory,pids,unified}
    fi
    for hierarchy in "$@"; do
        if [ -d "$hierarchy" ]; then
            mkdir -p "$hierarchy/$cgroup"
            echo "$BASHPID" > "$hierarchy/$cgroup/cgroup.procs"
        fi
    done
}

rm -f "$folder/ended"
trap '' HUP INT TERM # ends when the host does
while :; do
    status=0
    (
        trap - HUP INT TERM
        enter_cgroup
        exec systemd-nspawn "$@"
    ) < /dev/null || status=$?
    if [ "$status" -ne 133 ] || [ -e "$folder/stop" ]; then
        break
    fi
done
echo "$status" > "$folder/ended"
