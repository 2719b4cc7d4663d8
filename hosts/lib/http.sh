#!/usr/bin/env bash
# The product's answer on this host.
set -euo pipefail

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

