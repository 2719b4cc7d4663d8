#!/usr/bin/env bash
# What a host notes of a capture: one small file per fact while it may be closed, and the capture's marker, which is written from them.
# Whoever closes or opens the host writes here; state.sh, record.sh and the program read it.
# shellcheck disable=SC2034 # much is used by the scripts that are rendered after it
set -euo pipefail

DEADMAN_DIR=$STATE_DIR/deadman
CAPTURE_DIR=$STATE_DIR/captures
FACTS_DIR=$DEADMAN_DIR/facts
# A thaw that finds the disk read-only or full writes its facts and the marker here instead; a reboot forgets them.
RUN_FACTS=$RUN_DIR/facts
RUN_CAPTURES=$RUN_DIR/captures
# Exists while the host stays closed on purpose after its capture.
STAYING_FLAG=$DEADMAN_DIR/staying

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
    local token name quiet notes databases database text fields=()
    token=$(fact_of token)
    [ -n "$token" ] || return 0
    quiet=$(fact_of quiet)
    notes=$(fact_of notes)
    databases=$(fact_of databases)
    # Of a window that an earlier version began, which noted one.
    database=$(fact_of database)
    fields=(token "$token" product "$(fact_of product)" state "$(fact_of state)")
    for name in askedAt answeredAt armedAt closedAt stoppedAt quietAt syncedAt frozenAt thawingAt stayingSince stayUntil openedAt openedBy health; do
        if has_fact "$name"; then fields+=("$name" "$(fact_of "$name")"); fi
    done
    text=$(json_object "${fields[@]}" quiet: "${quiet:-null}" notes: "${notes:-null}" ${databases:+databases: "[$databases]"} \
        ${database:+database: "$database"})
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
