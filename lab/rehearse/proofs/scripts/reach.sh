# shellcheck shell=bash
# Tries to open a TCP connection to each of TARGETS (lines "address port"); prints those that answered, one a line.

reaches() { # address port
    timeout 2 bash -c ": </dev/tcp/$1/$2" 2>/dev/null
}

main() {
    local address port
    while read -r address port; do
        if reaches "$address" "$port"; then echo "$address:$port"; fi
    done <<<"$TARGETS"
}
