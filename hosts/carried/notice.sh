#!/bin/bash
# Answers one request on stdin with 503: a page for a browser, JSON for everything else. Its argument is the file that has the notice's
# text. Runs for everybody who knocks, as a user without rights, and reads whatever they send; lies on the host beside that file.
# No `set -e`: whatever fails here, somebody waits for an answer.
set -u

# Newer shells put the match where an & stands.
shopt -u patsub_replacement 2>/dev/null
text=$(tr '\n' ' ' <"${1:-/dev/null}")
text=${text:-Closed for maintenance.}
head='' type=application/json lines=0
# A line without an end, or lines without end, are somebody's attempt at our memory.
while ((lines++ < 100)) && IFS= read -r -t 5 -n 4096 line && [ -n "${line%$'\r'}" ]; do
    [ -n "$head" ] || head=${line%$'\r'}
    case ${line,,} in accept:*text/html*) type='text/html; charset=utf-8' ;; esac
done
if [ "$type" = application/json ]; then
    text=${text//\\/\\\\}
    body="{\"error\":\"${text//\"/\\\"}\"}"
else
    text=${text//&/&amp;}
    text=${text//</&lt;}
    body="<!doctype html><title>Closed for maintenance</title><h1>Closed for maintenance</h1><p>$text</p>"
fi
LC_ALL=C
printf 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Type: %s\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: %s\r\n\r\n' "$type" "${#body}"
case $head in HEAD\ *) ;; *) printf '%s' "$body" ;; esac
