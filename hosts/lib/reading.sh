#!/usr/bin/env bash
# Reads products' configuration files, and what lies under a folder: file system, device, volume. Changes nothing.
set -euo pipefail

# A setting of a gcfg file without its quotes; nothing when it is not set. Names don't mind case.
gcfg_value() { # file section key
    if [ ! -f "$1" ]; then return 0; fi
    awk -v section="$2" -v key="$3" '
        /^[ \t]*[;#]/ { next }
        /^[ \t]*\[/ { here = $0; sub(/^[ \t]*\[[ \t]*/, "", here); sub(/[] \t"].*$/, "", here); next }
        tolower(here) == tolower(section) && index($0, "=") {
            name = $0; sub(/=.*/, "", name); gsub(/[ \t]/, "", name)
            if (tolower(name) != tolower(key)) next
            value = $0; sub(/^[^=]*=[ \t]*/, "", value); gsub(/^"|"[ \t]*$/, "", value); sub(/[ \t]+$/, "", value)
            print value
            exit
        }' "$1"
}

# A setting of a file of "key=value" lines.
key_value() { # file key
    if [ -f "$1" ]; then sed -n "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*//p" "$1" | head -n 1; fi
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
