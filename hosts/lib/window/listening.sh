#!/usr/bin/env bash
# The window's end of the connection: words come in, and whatever takes its time goes on listening. Needs words, marker.
# shellcheck disable=SC2034 # much is used by the scripts that are rendered after it
set -euo pipefail

SILENCE_MILLISECONDS=3000
SILENT=0
# What the window shall do next; "lost" and "opened" say that it has ended.
REQUEST=''

# Listens for at most MILLISECONDS and for one word; sets REQUEST when it asks for something.
attend() {
    local seconds
    printf -v seconds '%d.%03d' "$(($1 / 1000))" "$(($1 % 1000))"
    if ! next_word "$seconds"; then
        REQUEST=lost # end of stream
    elif [ -z "$WORD" ]; then
        SILENT=$((SILENT + $1))
        if ((SILENT >= SILENCE_MILLISECONDS)); then REQUEST=lost; fi
    else
        SILENT=0
        case $WORD in
            beat) ;;
            note\ \{*\}) if unless_thawing take_note "${WORD#note }"; then emit noted; else trouble "the note can't be written on $HOSTNAME"; fi ;;
            drain | freeze | dump | stay | complete | abort) REQUEST=$WORD ;;
            *) REQUEST=lost ;;
        esac
    fi
    if thaw_begun; then REQUEST=opened; fi
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

# All of what the program knows; it says the whole again when it knows more.
take_note() { # json
    fact notes "$1"
    [ "$(fact_of state)" = armed ] || write_marker
}

# Reports why this host can't go on; the program answers with abort, and silence would open it as well.
trouble() { emit error reason "$*"; }

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
