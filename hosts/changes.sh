#!/usr/bin/env bash
# Answers what users have changed on this host since a moment: files below the data directories. Reads only; the database is not asked.
# Variables: SINCE (ISO 8601; empty: since this host serves).
# shellcheck disable=SC2153,SC2154 # variables come from the renderer
set -euo pipefail

# Nobody reads more, and a walk through millions of files must end.
MOST=1000
SECONDS_TO_LOOK=30

main() {
    local since=$SINCE files examples
    if [ -z "$since" ] && [ -e "$SERVING_FLAG" ]; then since=$(date -u -r "$SERVING_FLAG" +%Y-%m-%dT%H:%M:%SZ); fi
    [ -n "$since" ] || fail "$HOSTNAME does not know since when it serves."
    files=$(changed_files "$since")
    examples=$(head -n 5 <<<"$files")
    json_object product "$PRODUCT" since "$since" files: "$(grep -c . <<<"$files" || true)" examples: "$(json_lines <<<"$examples")"
    echo
}

changed_files() { # since
    timeout "$SECONDS_TO_LOOK" find "${DATA_MOUNTS[@]}" -xdev -type f ! -name '*.log' -newermt "$1" 2>/dev/null | head -n "$MOST" || true
}
