#!/usr/bin/env bash
# Configuration files and the key of a production host, for the new environment that is made from them. Reads only; the answer is
# a secret, and is treated as one by the program.
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

main() {
    local key=null
    if [ -f "$KEY_PATH" ]; then key=$(describe_file "$KEY_PATH"); fi
    printf '{"files":%s,"key":%s,"passwords":%s}\n' "$(files | json_list)" "$key" "$(passwords | json_list)"
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

# Regular text files; keys, certificates and other programs' leftovers have their own ways.
files() {
    local place file
    for place in "${CONFIG_PATHS[@]}"; do
        [ -e "$place" ] || continue
        while IFS= read -r file; do
            [ "$file" = "$KEY_PATH" ] && continue
            describe_file "$file"
            echo
        done < <(find "$place" -type f -size -256k ! -name '*.pem' ! -name '*.pub' ! -name '*-key' ! -name '*~' ! -name '*.dpkg-*' | sort)
    done
}

describe_file() {
    json_object path "$1" content "$(base64 -w 0 <"$1")" encoding base64 owner "$(stat -c %U "$1")" group "$(stat -c %G "$1")" mode "0$(stat -c %a "$1")"
}
