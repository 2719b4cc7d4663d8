#!/usr/bin/env bash
# What every script uses: answers, failures, waiting, units, HTTP. Rendered in front of each script by remote/script.ts.
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

# ---- answers and failures ----

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

# Writes stdin to PATH so that nobody ever sees half of it.
write_file() { # path [mode] [owner] [group]
    local prepared
    prepared=$(prepare_file "$@") && put_in_place "$prepared" "$1"
}

# Writes stdin beside PATH and answers where; put_in_place makes it PATH. So several files can be ready before the first one changes.
# In a folder of somebody else it is written inside a folder of our own there: nobody can put a link in its way meanwhile.
prepare_file() { # path [mode] [owner] [group]
    local target=$1 mode=${2:-0644} owner=${3:-root} group=${4:-root} folder=${1%/*} room='' file
    folder=${folder:-/}
    [ -d "$folder" ] || mkdir -p "$folder" || return 1
    (
        cd -P -- "$folder" || exit 1
        if [ ! -O . ]; then
            room=$(mktemp -d .posit.XXXXXX) && cd -P -- "$room" && [ "$(stat -c %u:%a .)" = "$EUID:700" ] || exit 1
        fi
        file=$(mktemp "${target##*/}.XXXXXX") || exit 1
        # Each step for itself: where a caller handles the failure, set -e is off, and half a file must not take the whole one's place.
        if cat >"$file" && chmod "$mode" "$file" && give_file "$file" "$owner:$group"; then
            printf '%s/%s' "${folder%/}" "${room:+$room/}$file"
        else
            rm -f "$file"
            exit 1
        fi
    )
}

put_in_place() { # prepared path
    mv -fT -- "$1" "$2" || { discard_prepared "$1"; return 1; }
    case $1 in */.posit.*/*) rmdir "${1%/*}" ;; esac
}

discard_prepared() { # prepared
    rm -f -- "$1"
    case $1 in */.posit.*/*) rmdir "${1%/*}" ;; esac
}

# Only root may; tests are nobody.
give_file() { # path owner:group
    if [ "$EUID" = 0 ]; then chown -h "$2" "$1"; fi
}

# Does work as somebody else: without root's rights, groups, or a way back to them (setpriv, of util-linux; on Debian and RHEL alike).
# Whatever lies in folders that people can write is touched this way, so that a link of theirs leads to nothing that they could not
# reach themselves. Tests are one person only.
as_number() { # uid gid command...
    local uid=$1 gid=$2
    shift 2
    if [ "$EUID" = 0 ]; then
        setpriv --reuid="$uid" --regid="$gid" --clear-groups --no-new-privs --inh-caps=-all -- "$@"
    else
        "$@"
    fi
}

# ---- once ----

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

# ---- units and their health ----

unit_active() { systemctl is-active --quiet "$1"; }

# The status of an HTTP answer, or 000. Bash's own sockets: production hosts may have no curl.
http_status() { # port path
    local status line
    {
        exec 7<>"/dev/tcp/127.0.0.1/$1" || { echo 000; return 0; }
    } 2>/dev/null
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&7 2>/dev/null || true
    line=''
    IFS= read -r -t 5 line <&7 || true
    exec 7<&- 7>&-
    status=${line#HTTP/* }
    status=${status%% *}
    [[ $status =~ ^[0-9]{3}$ ]] || status=000
    echo "$status"
}

# The body of an HTTP answer.
http_body() { # port path
    local line
    {
        exec 7<>"/dev/tcp/127.0.0.1/$1" || return 1
    } 2>/dev/null
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$2" >&7
    while IFS= read -r -t 10 line <&7 && [ "${line%$'\r'}" != '' ]; do :; done
    cat <&7
    exec 7<&- 7>&-
}

# Is the product there for users? Anything but a server's own failure counts: health pages may be off in production,
# and a TLS port answers plain requests with 400.
product_answers() {
    local status
    status=$(http_status "$PORT" "$HEALTH_PATH")
    [ "$status" != 000 ] && [ "$status" -lt 500 ]
}

# The product's last words, for whoever has to find out why it didn't start.
last_log_lines() {
    local unit
    for unit in "${UNITS[@]}"; do
        journalctl --no-pager --lines=15 --output=cat --unit="$unit" 2>/dev/null | sed "s/^/$unit: /" || true
    done
    if [ -f "${HOST_ROOT:-}$LOG_PATH" ]; then read_as_folders_owner "${HOST_ROOT:-}$LOG_PATH" tail -n 15 2>/dev/null || true; fi
}

# Reads a file with no more rights than the owner of its folder has, who could put a link to anything there. In a folder of root's
# nobody else could.
read_as_folders_owner() { # file command...
    local file=$1 uid gid
    shift
    read -r uid gid < <(stat -c '%u %g' -- "$(dirname "$file")")
    if [ "$uid" = 0 ]; then "$@" -- "$file"; else as_number "$uid" "$gid" "$@" -- "$file"; fi
}

# Starts the product's units in order and waits until it answers.
start_product() { # seconds
    local unit
    for unit in "${UNITS[@]}"; do
        systemctl start "$unit" || true # the log says more than systemctl does
    done
    wait_for "$1" product_healthy || {
        last_log_lines >&2
        fail "$PRODUCT did not become healthy within $1 s on $HOSTNAME; the lines above are its last, see also $LOG_PATH."
    }
}

product_healthy() {
    local unit
    for unit in "${UNITS[@]}"; do unit_active "$unit" || return 1; done
    [ "$(http_status "$PORT" "$HEALTH_PATH")" = 200 ]
}

stop_product() {
    local i
    for ((i = ${#UNITS[@]} - 1; i >= 0; i--)); do
        if systemctl cat "${UNITS[i]}" >/dev/null 2>&1; then systemctl stop "${UNITS[i]}"; fi
    done
}

# What the distribution says of itself (ID, VERSION_CODENAME, ...), in the one of two places that counts (os-release(5)); nothing where
# it says none.
os_release() { # field
    local file=${HOST_ROOT:-}/etc/os-release
    [ -e "$file" ] || file=${HOST_ROOT:-}/usr/lib/os-release
    # shellcheck source=/dev/null # the host's own file
    (unset "$1" && . "$file" && printf '%s' "${!1:-}") 2>/dev/null || true
}

# "noble", or the number where a distribution has no names.
os_codename() {
    local name
    name=$(os_release VERSION_CODENAME)
    [ -n "$name" ] || name=$(os_release VERSION_ID)
    printf '%s' "${name:-unknown}"
}

# Lines "name uid gid home" of people whose home lies on a data volume (the operator's does not) and of the product's own account.
data_accounts() {
    local name uid gid home
    while IFS=: read -r name _ uid gid _ home _; do
        if { ((uid >= 1000)) && ((uid < 59990)) && below_data_mount "$home"; } || [ "$name" = "$ACCOUNT" ]; then
            printf '%s %s %s %s\n' "$name" "$uid" "$gid" "$home"
        fi
    done < <(getent passwd)
}

below_data_mount() { # path
    local mount
    for mount in "${DATA_MOUNTS[@]}"; do
        case $1 in "$mount"/*) return 0 ;; esac
    done
    return 1
}
