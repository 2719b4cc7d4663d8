#!/usr/bin/env bash
# What every script uses: places, failures, answers, waiting. Rendered in front of each script by remote/script.ts.
# Facts of the product (UNITS, PORT, KEY_PATH, ...) are written above this by the renderer, from products/*.ts.
# HOST_ROOT is empty on hosts; tests put a folder there.
# shellcheck disable=SC2034 # much is used by the scripts that are rendered after it
set -euo pipefail

STATE_DIR=${HOST_ROOT:-}/var/lib/posit-upgrade
RUN_DIR=${HOST_ROOT:-}/run/posit-upgrade
UNIT_DIR=${HOST_ROOT:-}/etc/systemd/system
RUNTIME_UNIT_DIR=${HOST_ROOT:-}/run/systemd/system
# On hosts that this program made (hosts/hostkey.sh).
MADE_FLAG=$STATE_DIR/hostkey-made
# Which side this host is; each holds, on its first line, the capture that it is about.
QUARANTINE_FLAG=$STATE_DIR/quarantine
SERVING_FLAG=$STATE_DIR/serving
RETIRED_FLAG=$STATE_DIR/retired
# It was on its way from one side to another (hosts/serve.sh), and that was broken off.
HALFWAY_FLAG=$STATE_DIR/halfway
export LC_ALL=C

# ---- failures ----

say() { printf '%s\n' "$*" >&2; }

# Ends the script with one sentence that says what to do.
fail() {
    trap - ERR
    say "$*"
    exit 1
}

# A command that fails without a sentence of its own is at least named; never its expanded text, which may hold a secret.
trap 'ERR_STATUS=$?; trap - ERR; say "${SCRIPT:-script} on $HOSTNAME: \"${BASH_COMMAND%% *}\" failed with status $ERR_STATUS (line $LINENO of the rendered script)."; exit 1' ERR
set -E

# ---- answers ----

# VALUE as a JSON string, quotes included. No forks: this runs inside the closed window.
json_string() {
    local text=$1 character out='' i
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    text=${text//$'\r'/\\r}
    text=${text//$'\t'/\\t}
    if [[ $text == *[$'\x01'-$'\x1f']* ]]; then
        for ((i = 0; i < ${#text}; i++)); do
            character=${text:i:1}
            if [[ $character == [$'\x01'-$'\x1f'] ]]; then printf -v character '\\u%04x' "'$character"; fi
            out+=$character
        done
        text=$out
    fi
    printf '"%s"' "$text"
}

# KEY VALUE KEY VALUE ... as an object of strings. A key that ends in ":" takes its value as JSON.
json_object() {
    local separator=''
    printf '{'
    while (($# > 1)); do
        if [[ $1 == *: ]]; then
            printf '%s"%s":%s' "$separator" "${1%:}" "$2"
        else
            printf '%s"%s":%s' "$separator" "$1" "$(json_string "$2")"
        fi
        separator=,
        shift 2
    done
    printf '}'
}

# Lines of stdin as a list of strings.
json_lines() {
    local line separator=''
    printf '['
    while IFS= read -r line || [ -n "$line" ]; do
        [ -n "$line" ] || continue
        printf '%s%s' "$separator" "$(json_string "$line")"
        separator=,
    done
    printf ']'
}

# Lines of stdin, each JSON already, as a list.
json_list() {
    local line separator=''
    printf '['
    while IFS= read -r line || [ -n "$line" ]; do
        [ -n "$line" ] || continue
        printf '%s%s' "$separator" "$line"
        separator=,
    done
    printf ']'
}

now_iso() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }

fingerprint_file() { printf 'sha256:%s' "$(sha256sum <"$1" | cut -d ' ' -f 1)"; }

# ---- waiting ----

# Tries a command every tenth of a second until it succeeds or SECONDS have passed.
wait_for() { # seconds command...
    local tries=$(($1 * 10))
    shift
    while ! "$@"; do
        ((tries-- > 0)) || return 1
        sleep 0.1
    done
}
