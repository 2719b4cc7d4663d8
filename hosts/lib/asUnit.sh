#!/usr/bin/env bash
# Long work as a unit of its own, with this script's variables and functions.
set -euo pipefail

# Runs a function as a unit of its own and waits for it, so that a broken connection loses nothing; a rerun attaches to work
# that still goes on. The function sees the same variables and functions, its output comes back here. The file, when one is given,
# is gone when the unit is, however it ended.
run_as_unit() { # name seconds function [file]
    local unit=posit-$1 seconds=$2 work=$3 passing=${4:-} base status
    base=$RUN_DIR/$unit
    install -d -m 0700 "$RUN_DIR"
    if systemctl is-active --quiet "$unit.service"; then
        say "$unit is still at work from an earlier run; waiting for it."
    else
        rm -f "$base".{out,err,status}
        (
            umask 077
            # What the work says may quote rows of a database.
            : >"$base.out"
            : >"$base.err"
            {
                dump_state
                printf 'exec >%q.out 2>%q.err </dev/null\n' "$base" "$base"
                printf 'trap %q EXIT\n' "echo \$? >$base.status.part; mv $base.status.part $base.status"
                printf '%s\n' "$work"
            } >"$base.sh"
        )
        systemctl reset-failed "$unit.service" 2>/dev/null || true
        systemd-run --quiet --collect --unit="$unit" --property="RuntimeMaxSec=$seconds" \
            ${passing:+--property="ExecStopPost=-/bin/rm -f $passing"} /bin/bash "$base.sh"
    fi
    while systemctl is-active --quiet "$unit.service"; do sleep 0.2; done
    if [ -s "$base.err" ]; then tail -n 40 "$base.err" >&2; fi
    [ -f "$base.status" ] || fail "$unit was ended before it was done, perhaps after its $seconds seconds; see: journalctl -u $unit"
    rm -f "$base.sh" # it may hold secrets
    cat "$base.out"
    status=$(<"$base.status")
    if [ "$status" != 0 ]; then
        trap - ERR # its own words have been said
        exit "$status"
    fi
}

# This script's variables and functions as a program.
dump_state() {
    local name
    for name in $(compgen -v); do
        case $name in
            BASH* | DIRSTACK | EUID | FUNCNAME | GROUPS | PIPESTATUS | PPID | SHELLOPTS | UID | HOSTTYPE | LINENO | OLDPWD | PWD | SECONDS | RANDOM | SRANDOM | EPOCH* | COMP_* | OPT* | SHLVL | _ | name) ;;
            [A-Z]*) declare -p "$name" 2>/dev/null | sed '1s/^declare -\([a-zA-Z]*\)r/declare -\1/' ;;
        esac
    done
    echo 'set -euo pipefail'
    declare -f
}
