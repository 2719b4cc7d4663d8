#!/usr/bin/env bash
# Answers what this host remembers of a capture, and "unreadable" for a marker that a power loss left empty or cut off. Reads only.
# Variables: TOKEN.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local file text
    # What a thaw could not write to a disk that had turned read-only lies in /run.
    for file in "$RUN_CAPTURES/$TOKEN.json" "$CAPTURE_DIR/$TOKEN.json"; do
        [ -e "$file" ] || continue
        text=$(tr -d '\n\0' <"$file" 2>/dev/null || true)
        if whole_object "$text"; then printf '%s\n' "$text"; else answer unreadable; fi
        return
    done
    answer absent
}

answer() { # state
    json_object token "$TOKEN" product "$PRODUCT" state "$1"
    echo
}

# An object to its very end: without what stands in quotes, all brackets are closed.
whole_object() { # text
    local rest open
    case $1 in '{'*'}') ;; *) return 1 ;; esac
    rest=$(sed 's/\\.//g; s/"[^"]*"//g' <<<"$1")
    case $rest in *'"'*) return 1 ;; esac
    open=${rest//[^\{\[]/}
    rest=${rest//[^\}\]]/}
    [ "${#open}" = "${#rest}" ]
}
