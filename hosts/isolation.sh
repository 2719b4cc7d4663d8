#!/usr/bin/env bash
# Tries to reach production from this host, every place at once, and fails with what it reached: a copy of production must not start there. A port
# that refuses was reached too, since only silence proves that nothing leads there.
# Variables: PLACES [{what, address, port}].
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# What answers is there in milliseconds; a first packet that is lost is sent again after one second and after three.
TRY_SECONDS=5

main() {
    local reached=() i folder
    # Refused by this very host, or let in: whoever can't tell that tells nothing about production.
    answers_at 127.0.0.1 9 || fail "$HOSTNAME can't open connections from bash (/dev/tcp), so it can't tell whether it reaches production."
    folder=$(mktemp -d "${HOST_ROOT:-}/tmp/isolation.XXXXXX")
    for ((i = 0; i < PLACES_count; i++)); do
        (if answers_at "${PLACES_address[i]}" "${PLACES_port[i]}"; then : >"$folder/$i"; fi) &
    done
    wait
    for ((i = 0; i < PLACES_count; i++)); do
        if [ -e "$folder/$i" ]; then reached+=("${PLACES_what[i]} (${PLACES_address[i]}, port ${PLACES_port[i]})"); fi
    done
    rm -rf "$folder"
    [ ${#reached[@]} = 0 ] ||
        fail "[isolation] $HOSTNAME reaches $(printf '%s; ' "${reached[@]}")so what runs here could act on production: a route or peer of posit:network.existing leads there, and a security group lets it through. Close that way (the ranges in posit:network must not have production in them), or accept it with posit:overrides: [{gate: isolation, reason: …}]."
    json_object tried: "$PLACES_count"
    echo
}

# Whether something answers there, be it that nobody listens.
answers_at() { # address port
    local said
    # shellcheck disable=SC2016 # the other shell's: what is tried comes as an argument, and is read by nobody as a program
    if said=$(timeout "$TRY_SECONDS" bash -c 'exec 3<>"/dev/tcp/$1/$2"' answers_at "$1" "$2" 2>&1); then return 0; fi
    [[ $said == *'Connection refused'* ]]
}
