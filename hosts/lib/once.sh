#!/usr/bin/env bash
# Work that is done once. In front of a script that is rendered to be (remote/script.ts).
set -euo pipefail

# Does the work only when KEY is another one than last time, and otherwise gives last time's answer: a mended script or a rotated
# password that makes the engine run a command again must not repeat a migration.
run_once() { # name key arguments...
    local kept=$STATE_DIR/once/$1 key=$2
    shift 2
    if [ -f "$kept" ] && [ "$(head -n 1 "$kept")" = "$key" ]; then
        tail -n +2 "$kept"
        return
    fi
    install -d -m 0700 "$STATE_DIR" "$STATE_DIR/once"
    main "$@" >"$kept.part"
    { printf '%s\n' "$key"; cat "$kept.part"; } >"$kept.new"
    rm -f "$kept.part"
    mv -f "$kept.new" "$kept"
    tail -n +2 "$kept"
}

forget_once() { rm -f "$STATE_DIR/once/$1"; } # name
