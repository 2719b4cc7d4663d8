#!/usr/bin/env bash
# Writes the product's configuration, keys and the names it lives under. Values that the product keeps encrypted are encrypted here,
# by the product itself with its own key.
# Variables: FILES_JSON KEYS_JSON [{path, content, owner, group, mode}] ENCRYPT_JSON [{placeholder, value}]
# PASSWORDS_JSON [{name, hash}] HOSTS_OVERRIDE_JSON [{name, address}] DATABASE_CA.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

CA_PATH=/etc/ssl/certs/posit-database-ca.pem

main() {
    local i
    if [ -n "$DATABASE_CA" ]; then printf '%s\n' "$DATABASE_CA" | write_file "$CA_PATH"; fi
    override_names
    for ((i = 0; i < ${KEYS_count:-0}; i++)); do
        base64 -d <<<"${KEYS_content[i]}" | write_file "${KEYS_path[i]}" "$KEY_MODE" "${KEYS_owner[i]}" "${KEYS_group[i]}"
    done
    own_data_folders
    for ((i = 0; i < ${PASSWORDS_count:-0}; i++)); do
        if getent passwd "${PASSWORDS_name[i]}" >/dev/null; then
            chpasswd --encrypted <<<"${PASSWORDS_name[i]}:${PASSWORDS_hash[i]}"
        fi
    done
    for ((i = 0; i < ${FILES_count:-0}; i++)); do
        base64 -d <<<"${FILES_content[i]}" | with_encrypted_values |
            write_file "${FILES_path[i]}" "${FILES_mode[i]}" "$(known_owner "${FILES_owner[i]}")" "$(known_group "${FILES_group[i]}")"
    done
    product_test_config || fail "$PRODUCT_TITLE refuses its new configuration: $(last_log_lines 2>/dev/null | tail -n 3 | tr '\n' ' ')"
    json_object files "${FILES_count:-0}"
    echo
}

# The final names lead to this environment from its own hosts, whatever the public DNS says.
override_names() {
    local i
    {
        sed '/^# posit-upgrade begin/,/^# posit-upgrade end/d' /etc/hosts
        echo '# posit-upgrade begin'
        for ((i = 0; i < ${HOSTS_OVERRIDE_count:-0}; i++)); do
            printf '%s %s\n' "${HOSTS_OVERRIDE_address[i]}" "${HOSTS_OVERRIDE_name[i]}"
        done
        echo '# posit-upgrade end'
    } >/etc/hosts.new
    chmod 0644 /etc/hosts.new
    cat /etc/hosts.new >/etc/hosts
    rm -f /etc/hosts.new
    # cloud-init would write its own at the next boot.
    if [ -d /etc/cloud/cloud.cfg.d ]; then echo 'manage_etc_hosts: false' >/etc/cloud/cloud.cfg.d/99-posit-hosts.cfg; fi
}

# A key written before the product's first start must not leave its folders to root.
own_data_folders() {
    local i folder
    for ((i = 0; i < ${KEYS_count:-0}; i++)); do
        folder=$(dirname "${KEYS_path[i]}")
        case $folder in /var/lib/*) chown "${KEYS_owner[i]}:${KEYS_group[i]}" "$folder" ;; esac
    done
}

with_encrypted_values() {
    local text i encrypted
    text=$(cat)
    for ((i = 0; i < ${ENCRYPT_count:-0}; i++)); do
        if [[ $text == *"${ENCRYPT_placeholder[i]}"* ]]; then
            encrypted=$(printf '%s' "${ENCRYPT_value[i]}" | encrypt_value) ||
                fail "$PRODUCT_TITLE can't encrypt its database password: is its key $KEY_PATH there and readable?"
            text=${text//"${ENCRYPT_placeholder[i]}"/"$encrypted"}
        fi
    done
    printf '%s\n' "$text"
}

known_owner() { if getent passwd "$1" >/dev/null; then echo "$1"; else echo root; fi; }
known_group() { if getent group "$1" >/dev/null; then echo "$1"; else echo root; fi; }
