#!/usr/bin/env bash
# Writes the product's configuration, keys and the names it lives under. Values that the product keeps encrypted are encrypted here,
# by the product itself with its own key.
# Variables: FILES [{path, content, owner, group, mode}] KEYS [{path, content, owner, group}] (content is base64)
# ENCRYPT [{placeholder, value}] PASSWORDS [{name, hash}] HOSTS_OVERRIDE [{name, address}] DATABASE_CA.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

HOSTS_FILE=${HOST_ROOT:-}/etc/hosts
CLOUD_CONFIG=${HOST_ROOT:-}/etc/cloud/cloud.cfg.d

main() {
    local i
    if [ -n "$DATABASE_CA" ]; then printf '%s\n' "$DATABASE_CA" | write_file "$(os_ca_store)/posit-database-ca.pem"; fi
    override_names
    for ((i = 0; i < ${KEYS_count:-0}; i++)); do
        place "${KEYS_path[i]}" "${KEYS_content[i]}" "$KEY_MODE" "${KEYS_owner[i]}" "${KEYS_group[i]}"
    done
    replace_all
    own_data_folders
    for ((i = 0; i < ${PASSWORDS_count:-0}; i++)); do
        if getent passwd "${PASSWORDS_name[i]}" >/dev/null; then
            chpasswd --encrypted <<<"${PASSWORDS_name[i]}:${PASSWORDS_hash[i]}"
        fi
    done
    for ((i = 0; i < ${FILES_count:-0}; i++)); do
        place "${FILES_path[i]}" "${FILES_content[i]}" "${FILES_mode[i]}" "$(known_owner "${FILES_owner[i]}")" "$(known_group "${FILES_group[i]}")"
    done
    replace_all
    product_test_config || fail "$PRODUCT_TITLE refuses its new configuration: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')"
    json_object files "${FILES_count:-0}"
    echo
}

# Files that are ready, and where they go: none is replaced before all are whole.
PREPARED=()
TARGETS=()

# May hold anything, so it is never a variable; nor on a disk before its secrets are encrypted.
place() { # path content-as-base64 mode owner group
    local target=${HOST_ROOT:-}$1 draft prepared
    install -d -m 0700 "$RUN_DIR"
    draft=$(mktemp "$RUN_DIR/draft.XXXXXX")
    if base64 -d <<<"$2" >"$draft" && encrypt_values "$draft" && still_says "$draft" "$2" &&
        prepared=$(prepare_file "$target" "$3" "$4" "$5" <"$draft"); then
        rm -f "$draft"
        PREPARED+=("$prepared")
        TARGETS+=("$target")
        return
    fi
    rm -f "$draft"
    give_up "$1 can't be written on $HOSTNAME; the lines above say why. No configuration file was changed."
}

# Nothing of what was said got lost on the way.
still_says() { # file content-as-base64
    [ -s "$1" ] || [ -z "$2" ]
}

replace_all() {
    local i
    for ((i = 0; i < ${#PREPARED[@]}; i++)); do put_in_place "${PREPARED[i]}" "${TARGETS[i]}"; done
    PREPARED=()
    TARGETS=()
}

give_up() { # sentence
    local file
    for file in ${PREPARED[@]+"${PREPARED[@]}"}; do discard_prepared "$file" || true; done
    fail "$1"
}

# The final names lead to this environment from its own hosts, whatever the public DNS says.
override_names() {
    local i
    {
        sed '/^# posit-upgrade begin/,/^# posit-upgrade end/d' "$HOSTS_FILE"
        echo '# posit-upgrade begin'
        for ((i = 0; i < ${HOSTS_OVERRIDE_count:-0}; i++)); do
            printf '%s %s\n' "${HOSTS_OVERRIDE_address[i]}" "${HOSTS_OVERRIDE_name[i]}"
        done
        echo '# posit-upgrade end'
    } >"$HOSTS_FILE.new"
    # In place, since it may be a mount point of its own.
    cat "$HOSTS_FILE.new" >"$HOSTS_FILE"
    rm -f "$HOSTS_FILE.new"
    # cloud-init would write its own at the next boot.
    if [ -d "$CLOUD_CONFIG" ]; then echo 'manage_etc_hosts: false' | write_file "$CLOUD_CONFIG/99-posit-hosts.cfg"; fi
}

# A key written before the product's first start must not leave its folders to root.
own_data_folders() {
    local i folder
    for ((i = 0; i < ${KEYS_count:-0}; i++)); do
        folder=${HOST_ROOT:-}$(dirname "${KEYS_path[i]}")
        case $folder in
            "${HOST_ROOT:-}"/var/lib/*) if [ -O "$folder" ]; then give_file "$folder" "$(known_owner "${KEYS_owner[i]}"):$(known_group "${KEYS_group[i]}")"; fi ;;
        esac
    done
}

# The product's own encryption, with its own key. A file without a placeholder stays as it is, byte for byte.
encrypt_values() { # file
    local text i answer encrypted
    for ((i = 0; i < ${ENCRYPT_count:-0}; i++)); do
        grep -qaF -e "${ENCRYPT_placeholder[i]}" "$1" || continue
        answer=$(printf '%s' "${ENCRYPT_value[i]}" | encrypt_value) && [ -n "$answer" ] || {
            say "$PRODUCT_TITLE can't encrypt its database password: is its key $KEY_PATH there and readable?"
            return 1
        }
        encrypted=$(encrypted_lines "${ENCRYPT_value[i]}" <<<"$answer")
        # Nothing of the answer is said: it may be the password.
        [ -n "$encrypted" ] && [[ $encrypted != *$'\n'* ]] || {
            say "$PRODUCT_TITLE's own encryption answered $(grep -c '' <<<"$answer") lines on $HOSTNAME, of which $(grep -c . <<<"$encrypted" || true) can be an encrypted password, and exactly one has to be: this version of $PRODUCT_TITLE answers otherwise than this program knows; tell its authors what its command prints (the word \"encrypt\" in $PRODUCT_TITLE's admin guide)."
            return 1
        }
        text=$(<"$1")
        printf '%s\n' "${text//"${ENCRYPT_placeholder[i]}"/"$encrypted"}" >"$1"
    done
}

# Products also print prompts and sentences. A value is one long word: of Package Manager and Connect base64 (documented: appendix
# "encryption" of the one, appendix "cli" of the other), of Workbench base64 between hex digits (in code: rstudio/rskey:workbench/workbench.go).
# Assumed: that each has a line of its own, and that Workbench's command reads a pipe.
encrypted_lines() { # what was encrypted
    local line
    while IFS= read -r line; do
        line=${line%$'\r'}
        if [[ $line =~ ^[A-Za-z0-9+/=._-]{32,}$ ]] && [ "$line" != "$1" ]; then printf '%s\n' "$line"; fi
    done
}

known_owner() { if getent passwd "$1" >/dev/null; then echo "$1"; else echo root; fi; }
known_group() { if getent group "$1" >/dev/null; then echo "$1"; else echo root; fi; }
