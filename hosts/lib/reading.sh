#!/usr/bin/env bash
# Reads products' configuration files, and what lies under a folder: file system, device, volume. Changes nothing.
set -euo pipefail

# ---- gcfg, as logic/gcfg.ts and the real parser read it (tests/gcfg holds all three to the same cases) ----

# The value of a setting, the last one of all sections of that name: without quotes, and "true" for a key without "=". Nothing when it is not
# set. Names don't mind case; a section's name in quotes does.
gcfg_value() { # file section key [name]
    if [ -f "$1" ]; then gcfg_read "$1" value "$2" "$3" "${4:-}"; fi
}

# The number of the first line that can't be read, where there is one; what follows such a line may be read otherwise by the product.
gcfg_problem() { # file
    if [ -f "$1" ]; then gcfg_read "$1" problem "" "" ""; fi
}

gcfg_read() { # file value|problem section key name
    # By the environment: awk takes a backslash of a -v for an escape.
    WANTED_SECTION=$3 WANTED_KEY=$4 WANTED_NAME=$5 LC_ALL=C awk -v what="$2" '
        BEGIN {
            wanted_section = folded(ENVIRON["WANTED_SECTION"])
            wanted_key = folded(ENVIRON["WANTED_KEY"])
            wanted_name = ENVIRON["WANTED_NAME"]
            blank = "[ \t\r]*"
            # Beyond ASCII every sign is taken for a letter.
            word = "([A-Za-z]|[^\001-\177])([-A-Za-z0-9]|[^\001-\177])*"
        }
        NR == 1 { sub(/^\357\273\277/, "") }
        # A value goes on.
        more { more = 0; scan($0); next }
        { began = NR; rest = $0; take("^" blank) }
        rest == "" || rest ~ /^[;#]/ { next }
        take("^\\[" blank) {
            if (!take("^" word)) { bad(); next }
            section = folded(taken)
            name = ""
            take("^" blank)
            if (take("^\"([^\"\\\\]|\\\\[\"\\\\])*\"")) {
                name = unescaped(substr(taken, 2, length(taken) - 2))
                if (name == "") { bad(); next }
                take("^" blank)
            }
            if (!take("^\\]" blank) || !(rest == "" || rest ~ /^[;#]/)) { bad(); next }
            inside = section == wanted_section && name == wanted_name
            next
        }
        take("^" word) {
            if (section == "") { bad(); next }
            key = folded(taken)
            take("^" blank)
            if (rest == "" || rest ~ /^[;#]/) { value = "true"; keep(); next }
            if (!take("^=" blank)) { bad(); next }
            value = ""
            space = ""
            scan(rest)
            next
        }
        { bad() }
        END { if (what == "value") printf "%s", result; else if (problem) print problem }

        # A beginning of the rest, taken off.
        function take(pattern) {
            if (!match(rest, pattern)) return 0
            taken = substr(rest, 1, RLENGTH)
            rest = substr(rest, RLENGTH + 1)
            return 1
        }
        # One line of a value: quoted parts, escapes, a comment. Blanks count only where something follows.
        function scan(line,   i, c, d, quoted) {
            for (i = 1; i <= length(line); i++) {
                c = substr(line, i, 1)
                if (c == "\\") {
                    d = substr(line, ++i, 1)
                    if (quoted) {
                        if (d != "\\" && d != "\"" && d != "n" && d != "t") { bad(); return }
                        value = value (d == "n" ? "\n" : d == "t" ? "\t" : d)
                        continue
                    }
                    value = value space
                    space = ""
                    if (d == "\r") d = substr(line, ++i, 1)
                    if (d == "") { more = 1; return }
                    if (d != "\"") { bad(); return }
                    value = value d
                } else if (c == "\"") {
                    quoted = !quoted
                    value = value space
                    space = ""
                } else if (c == "\r") {
                    continue
                } else if (!quoted && (c == " " || c == "\t")) {
                    space = space c
                } else if (!quoted && (c == ";" || c == "#")) {
                    break
                } else {
                    value = value space c
                    space = ""
                }
            }
            if (quoted) { bad(); return }
            keep()
        }
        function keep() { if (inside && key == wanted_key) result = value }
        function bad() { if (!problem) problem = began }
        # Unicode has a second small s, and the sign of kelvin is a K.
        function folded(text) {
            gsub(/\305\277/, "s", text)
            gsub(/\342\204\252/, "k", text)
            return tolower(text)
        }
        function unescaped(text,   i, c, out) {
            for (i = 1; i <= length(text); i++) {
                c = substr(text, i, 1)
                if (c == "\\") c = substr(text, ++i, 1)
                out = out c
            }
            return out
        }' "$1"
}

# A setting of a file of "key=value" lines, as Workbench reads database.conf: of equal keys the first, and quotes around a value don't count.
key_value() { # file key
    if [ ! -f "$1" ]; then return 0; fi
    WANTED_KEY=$2 LC_ALL=C awk '
        { sub(/^[ \t\r]+/, ""); sub(/[ \t\r]+$/, "") }
        index($0, "=") {
            key = substr($0, 1, index($0, "=") - 1)
            sub(/[ \t]+$/, "", key)
            if (key != ENVIRON["WANTED_KEY"]) next
            value = substr($0, index($0, "=") + 1)
            sub(/^[ \t]+/, "", value)
            if (length(value) >= 2 && value ~ /^".*"$/) {
                out = ""
                for (i = 2; i < length(value); i++) {
                    c = substr(value, i, 1)
                    if (c == "\\") { c = substr(value, ++i, 1); c = c == "n" ? "\n" : c == "t" ? "\t" : c }
                    out = out c
                }
                value = out
            }
            printf "%s", value
            exit
        }' "$1"
}

# The database that a gcfg file names, as JSON; its password is not read.
gcfg_database() { # file
    local provider url
    provider=$(gcfg_value "$1" Database Provider)
    url=$(gcfg_value "$1" Postgres URL)
    if [ "${provider,,}" = postgres ] && [[ ${url,,} =~ ^postgres(ql)?:// ]]; then
        postgres_url "${url#*://}"
    else
        json_object provider "${provider:-sqlite}"
    fi
}

# Host, name and user of a Postgres URL, as JSON. As Go reads it (Connect and Package Manager do): the authority ends at the first
# of / ? #, and the user's part of it at its last @. An @ after the authority can be a password's that has one of these in it raw:
# then nobody can tell which word is the host, and none of them is said.
postgres_url() { # the URL after its scheme
    local authority=${1%%[/?#]*} rest place user name
    rest=${1#"$authority"}
    place=${authority##*@}
    if [[ $rest == *@* || ! $place =~ ^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?$ ]]; then
        json_object provider postgres host unreadable
        return 0
    fi
    place=${BASH_REMATCH[1]}
    user=
    if [[ $authority == *@* ]]; then
        user=${authority%@*}
        user=${user%%:*}
    fi
    name=${rest%%[?#]*}
    json_object provider postgres host "$place" name "$(url_decoded "${name#/}")" user "$(url_decoded "$user")"
}

# A part of a URL as it is meant; "unreadable" where its percent signs are none of a URL's.
url_decoded() { # text
    local text=$1 bare
    bare=${text//%[0-9A-Fa-f][0-9A-Fa-f]/}
    if [[ $bare == *[%\\]* || $text == *%00* ]]; then
        printf unreadable
    else
        printf '%b' "${text//%/\\x}"
    fi
}

# Of the file system that a folder lies on: its device without "[/folder]".
device_of() { findmnt -n -o SOURCE --target "$1" | sed 's/\[.*//'; }

# Which folder of that file system it is; "/" when it is all of it.
folder_of() { # path
    local target root below
    target=$(findmnt -n -o TARGET --target "$1")
    root=$(findmnt -n -o FSROOT --target "$1")
    below=${1#"${target%/}"}
    root=${root%/}$below
    printf '%s' "${root:-/}"
}

# The one file of Package Manager and Connect.
main_config() { printf '%s' "${HOST_ROOT:-}$MAIN_CONFIG"; }

# ---- which files make a product's configuration ----

# Not keys, certificates and other programs' leftovers, which have their own ways.
CONFIG_NAMES=(! -name '*.pem' ! -name '*.pub' ! -name '*-key' ! -name '*~' ! -name '*.dpkg-*')
CONFIG_LIMIT=262144

# Paths of regular files, and of links to such. -H: the place itself may be a link.
configuration_files() {
    local place file
    for place in "${CONFIG_PATHS[@]}"; do
        [ -e "${HOST_ROOT:-}$place" ] || continue
        find -H "${HOST_ROOT:-}$place" -type f -size -256k "${CONFIG_NAMES[@]}" ! -name $'*\n*' || return 1
    done
    while IFS= read -r file; do
        if [ -z "$(why_not_carried "$file")" ]; then printf '%s\n' "$file"; fi
    done < <(configuration_links)
}

configuration_links() {
    local place
    for place in "${CONFIG_PATHS[@]}"; do
        if [ -d "${HOST_ROOT:-}$place" ]; then
            find -H "${HOST_ROOT:-}$place" -mindepth 1 -type l "${CONFIG_NAMES[@]}" ! -name $'*\n*' 2>/dev/null || true
        fi
    done
}

# Nothing for a link to a file that is carried in its place. A link that is not root's could lead to what only root may read.
why_not_carried() { # link
    if [ ! -e "$1" ]; then
        printf 'which is not there'
    elif [ ! -f "$1" ]; then
        printf 'which is no file'
    elif [ ! -O "$(dirname "$1")" ] || [ "$(stat -c %u "$1")" != "$EUID" ]; then
        printf "and is not root's own"
    elif (($(stat -L -c %s "$1") >= CONFIG_LIMIT)); then
        printf 'which has 256 KB or more'
    fi
}

# What a file holds, read by root for whoever may read it where it is carried to: through no link but root's own, and in a folder that is
# not root's also no file that has another name as well. Asked of what is open, whatever the name may lead to by now.
send_file() { # file
    local named open
    if [ -L "$1" ]; then
        [ -z "$(why_not_carried "$1")" ] || fail "$1 on $HOSTNAME is a link that is not root's own, and may lead to what is not the product's: look who made it, and put the file itself there."
        cat <"$1"
        return
    fi
    exec 4<"$1"
    named=$(stat -c '%d:%i:%F' -- "$1")
    open=$(stat -L -c '%d:%i:%F' /proc/self/fd/4)
    if [ "$named" != "$open" ] || [[ $open != *:regular* ]] ||
        { [ ! -O "$(dirname "$1")" ] && [ "$(stat -L -c %h /proc/self/fd/4)" != 1 ]; }; then
        fail "$1 on $HOSTNAME is no file of its own (ls -l), in a folder that others than root may change: look who made it, and put the file itself there."
    fi
    cat <&4
    exec 4<&-
}
