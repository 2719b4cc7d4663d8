#!/usr/bin/env bash
# Where a product answers, by its own configuration and by what listens, and what of that this version can't serve. Changes nothing.
# Needs reading. What differs between the products is product_listens, product_address and product_root (hosts/products/).
# Facts: docs.posit.co/rspm/admin/networking (HTTP and HTTPS have a port each, and the one that is not used has an empty one; privileged ports),
# docs.posit.co/connect/admin/proxy and /security/https (Server.Address is the proxy's URL), docs.posit.co/ide/server-pro/access_and_security/
# running_with_a_proxy (www-port is 8787, and 443 with ssl-enabled=1), rstudio/rstudio:src/cpp/server/server-options.json (www-address,
# www-root-path).
# shellcheck disable=SC2154 # facts of the product come from the renderer
set -euo pipefail

# Lines "scheme address" of a gcfg product: a certificate makes it serve TLS. Without HTTP.Listen it listens on its usual port. What only sends
# users on to https is a "redirect".
gcfg_listens() { # file prefix
    local http https certificate redirect
    http=$(setting_in_force "$1" "$2" HTTP Listen)
    https=$(setting_in_force "$1" "$2" HTTPS Listen)
    certificate=$(setting_in_force "$1" "$2" HTTPS Certificate)
    redirect=$(setting_in_force "$1" "$2" HTTPRedirect Listen)
    [ -z "$redirect" ] || printf 'redirect %s\n' "$redirect"
    if [ -n "$https$certificate" ]; then
        printf 'https %s\n' "${https:-:$USUAL_TLS_PORT}"
        [ -z "$http" ] || printf 'http %s\n' "$http"
    else
        printf 'http %s\n' "${http:-:$USUAL_PORT}"
    fi
}

# A variable of the running process beats the file (CONNECT_HTTP_LISTEN=:8080; docs.posit.co/connect/admin/appendix/configuration,
# docs.posit.co/rspm/admin/appendix/cli/rspm_check-config).
setting_in_force() { # file prefix section key
    local name=$2_${3^^}_${4^^} value
    value=$(process_variable "$name")
    if [ -n "$value" ]; then printf '%s' "$value"; else gcfg_value "$1" "$3" "$4"; fi
}

process_variable() { # name
    local pid file
    pid=$(systemctl show --property=MainPID "${UNITS[${#UNITS[@]} - 1]}" 2>/dev/null | sed -n 's/^MainPID=//p')
    file=${HOST_ROOT:-}/proc/$pid/environ
    if [[ $pid =~ ^[1-9][0-9]*$ ]] && [ -r "$file" ]; then tr '\0' '\n' <"$file" | sed -n "s/^$1=//p" | head -n 1; fi
}

# HOST and PORT of ":3939", "127.0.0.1:3939" or "[::]:3939"; every address of the host is "*".
HOST='' LISTEN_PORT=''
split_listen() { # address
    [[ $1 =~ ^(\[([0-9A-Fa-f:.]+)\]|[A-Za-z0-9._-]*):([0-9]{1,5})$ ]] || return 1
    HOST=${BASH_REMATCH[2]:-${BASH_REMATCH[1]}}
    LISTEN_PORT=$((10#${BASH_REMATCH[3]}))
    case $HOST in '' | 0.0.0.0 | :: | '*') HOST='*' ;; esac
    ((LISTEN_PORT > 0 && LISTEN_PORT < 65536))
}

endpoints() { json_object listens: "$(listening_places | json_list)" address "$(public_address)"; }

listening_places() {
    local scheme address
    while read -r scheme address; do
        if [ "$scheme" != redirect ] && split_listen "$address"; then
            json_object scheme "$scheme" host "$HOST" port: "$LISTEN_PORT"
            echo
        fi
    done < <(product_listens)
}

# What it tells users and mails; a password in it is nobody's business.
public_address() {
    local address
    address=$(product_address)
    if [[ $address == *@* || $address == *[[:space:]]* ]]; then printf unreadable; else printf '%s' "$address"; fi
}

# ---- what can't be served ----

endpoint_findings() {
    local listens scheme address
    path_findings
    listens=$(product_listens)
    if [[ $'\n'$listens == *$'\n'https\ * ]]; then
        address=$(sed -n 's/^https //p' <<<"$listens")
        finding tls-in-product refused "$PRODUCT_TITLE ends TLS itself ($address)" \
            "not served by this version: let it answer plain HTTP, and something in front of it end TLS (posit:front, posit:entryPoints of kind external), before the upgrade"
        return
    fi
    while read -r scheme address; do
        if [ "$scheme" = redirect ]; then
            finding redirect-port declare "$PRODUCT_TITLE also listens at $address, and sends users from there to https (HTTPRedirect.Listen)" \
                "the new network does not open that port: let what is in front of the new hosts do it, and take the setting away"
        elif split_listen "$address"; then
            place_of_listening
            is_listening
        else
            finding unreadable-port refused "$PRODUCT_TITLE is configured to listen at \"$address\", which is no address with a port" \
                "write it as :$USUAL_PORT"
        fi
    done <<<"$listens"
}

# The new hosts have no more than the package brings: what lets a product without root's rights take such a port is not carried.
place_of_listening() {
    if ((LISTEN_PORT < 1024)); then
        finding privileged-port refused "$PRODUCT_TITLE listens on port $LISTEN_PORT" \
            "not served by this version: let it listen on :$USUAL_PORT, or another port from 1024 on, and something in front of it answer on port $LISTEN_PORT (posit:front, posit:entryPoints of kind external), before the upgrade"
    elif [ "$LISTEN_PORT" = "$USUAL_PORT" ] && [ "$LISTEN_PORT" != "$PORT" ]; then
        finding other-port refused "$PRODUCT_TITLE is configured to listen on its usual port, and posit:current says $PORT" \
            "take posit:current.$PRODUCT.productPort away"
    elif [ "$LISTEN_PORT" != "$PORT" ]; then
        finding other-port refused "$PRODUCT_TITLE is configured to listen on port $LISTEN_PORT, and is asked on $PORT" \
            "set posit:current.$PRODUCT.productPort: $LISTEN_PORT"
    fi
    case $HOST in
        '*') ;;
        127.* | localhost)
            finding proxy-on-host declare "$PRODUCT_TITLE listens at $HOST only: something on $HOSTNAME itself leads users to it, which is not carried" \
                "the new product listens on every address; where users come to something else, put that in front of the new hosts (posit:front)"
            ;;
        *)
            finding one-address refused "$PRODUCT_TITLE listens at $HOST only, and is asked at 127.0.0.1" \
                "let it listen on every address (:$LISTEN_PORT), before the upgrade"
            ;;
    esac
}

# A product that was configured anew and not restarted would come up elsewhere after its first window.
is_listening() {
    local unit
    for unit in "${UNITS[@]}"; do unit_active "$unit" || return 0; done
    [ -r "${HOST_ROOT:-}/proc/net/tcp" ] || return 0
    if ! wait_for 5 port_is_open "$LISTEN_PORT"; then
        finding not-listening declare "$PRODUCT_TITLE runs, is configured to listen on port $LISTEN_PORT, and nothing on $HOSTNAME does" \
            "restart it if its configuration is newer than its start; a capture begins only where it answers"
    fi
}

# State 0A is LISTEN (proc_net_tcp in the kernel's documentation). No program for that is on every host.
port_is_open() { # port
    local wanted file tables=()
    printf -v wanted ':%04X' "$1"
    # A kernel without IPv6 has no table of it.
    for file in "${HOST_ROOT:-}"/proc/net/tcp{,6}; do if [ -r "$file" ]; then tables+=("$file"); fi; done
    cat "${tables[@]}" | awk -v wanted="$wanted" '$4 == "0A" && substr($2, length($2) - 4) == wanted { found = 1 } END { exit !found }'
}

path_findings() {
    local address path
    address=$(public_address)
    path=$(product_root)
    if [[ $address =~ ^[A-Za-z]+://[^/]*(/.+)$ ]]; then path=${BASH_REMATCH[1]}; fi
    if [ -n "$path" ] && [ "$path" != / ]; then
        finding under-a-path refused "$PRODUCT_TITLE lives under the path $path of a name" \
            "not served by this version: give it a name of its own, at its root, before the upgrade"
    fi
}
