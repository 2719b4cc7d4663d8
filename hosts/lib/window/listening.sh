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
    start_aside "$@"
    await_aside "\"$*\" failed on $HOSTNAME"
}

# What is at work aside, one at a time: the number of its process group. Empty when nothing is.
ASIDE=''

# A process group of its own, so that it can be ended with everything it began. The words on stdin are not its to read.
start_aside() { # command...
    set -m
    "$@" </dev/null 9>&- &
    ASIDE=$!
    set +m
}

await_aside() { # what-a-failure-means
    local status=0
    while kill -0 "$ASIDE" 2>/dev/null; do
        attend 20
        [ -z "$REQUEST" ] || {
            end_aside
            return 1
        }
    done
    wait "$ASIDE" || status=$?
    ASIDE=''
    ((status == 0)) || trouble "$1"
    return "$status"
}

# Nothing of it may go on while products start: a dump holds locks and writes to their volume. pg_dump cancels its question at TERM; what does
# not end then is ended, and what even that does not reach (a disk that hangs) keeps nobody closed.
end_aside() {
    local tries
    [ -n "$ASIDE" ] || return 0
    kill -TERM -- "-$ASIDE" 2>/dev/null || true
    for ((tries = 0; tries < 30; tries++)); do
        kill -0 -- "-$ASIDE" 2>/dev/null || break
        if ((tries == 20)); then kill -KILL -- "-$ASIDE" 2>/dev/null || true; fi
        sleep 0.05
    done
    ASIDE=''
}
