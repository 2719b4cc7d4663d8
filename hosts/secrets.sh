#!/usr/bin/env bash
# Configuration files and the key of a production host, for the new environment that is made from them. Reads only; the answer is
# a secret, and is treated as one by the program.
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

main() {
    local key=null files passwords
    if [ -f "${HOST_ROOT:-}$KEY_PATH" ]; then key=$(describe_file "${HOST_ROOT:-}$KEY_PATH"); fi
    # Each for itself, so that one that fails is not an empty list.
    files=$(files | json_list)
    passwords=$(passwords | json_list)
    printf '{"files":%s,"key":%s,"passwords":%s}\n' "$files" "$key" "$passwords"
}

# Hashes of people's local passwords, so that they sign in as before; none where a directory service knows them.
passwords() {
    local name uid hash
    while read -r name uid _; do
        ((uid >= 1000)) || continue
        hash=$(getent shadow "$name" | cut -d : -f 2)
        case $hash in
            '$'*)
                json_object name "$name" hash "$hash"
                echo
                ;;
        esac
    done < <(data_accounts)
}

files() {
    local names file
    names=$(configuration_files | sort -u)
    while IFS= read -r file; do
        [ -n "$file" ] && [ "$file" != "${HOST_ROOT:-}$KEY_PATH" ] || continue
        describe_file "$file"
        echo
    done <<<"$names"
}

# What it holds is read before it is described: a file that can't be read is a failure and not an empty one.
describe_file() {
    local content owner
    content=$(send_file "$1" | base64 -w 0)
    owner=$(stat -L -c '%U|%G|0%a' "$1")
    json_object path "${1#"${HOST_ROOT:-}"}" content "$content" encoding base64 \
        owner "${owner%%|*}" group "$(cut -d '|' -f 2 <<<"$owner")" mode "${owner##*|}"
}
