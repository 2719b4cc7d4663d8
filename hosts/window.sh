#!/usr/bin/env bash
# The closed window on one host, at the end of a live connection: arms, drains and freezes as the words on stdin say, and keeps
# the product closed only while they come. Three seconds of silence, the end of the stream or an unknown word open it again.
# Words (hosts/lib/window/words.sh): beat | drain | freeze | dump | note {JSON} | complete | stay | abort. Answers: one JSON object a line, {"event": ...}. A thaw that
# somebody else begins ends the window at once: nothing is noted from then on, and nothing stays.
# Variables: TOKEN MAX_CLOSED_SECONDS MAX_STAY_SECONDS NOTICE BACK_MINUTES DRAIN_SECONDS FORCE START_SECONDS (how long another one's thaw is
# waited for) THAW_SCRIPT DATABASES [{role, kind, path, unit?, host?, port?, name?, user?, password?, ca?, room?}] (those that this host
# has to do with; room: bytes that its dump needs, where somebody measured).
set -euo pipefail

main() {
    # A password may have come with this script, which has been read to its end by now.
    rm -f "$RUN_DIR/window-$TOKEN.sh"
    take_the_floor
    meet_the_databases
    meet_the_product
    # From here on a failing command must lead to the thaw, never to an exit: set -e and the ERR trap are off.
    set +eE
    trap - ERR
    trap '' PIPE INT HUP
    # Armed with the drain's time on top; the freeze arms a second timer for its own time.
    if ! arm "$THAW_SCRIPT" "$((DRAIN_SECONDS + MAX_CLOSED_SECONDS + 30))"; then
        disarm
        refuse "the dead-man can't be armed on $HOSTNAME, so nothing was touched; is the disk full (df /var /etc)? See also: journalctl -b -n 50"
    fi
    trap 'thaw_now terminated; exit 1' TERM
    trap 'thaw_now error' EXIT
    emit armed armedAt "$(fact_of armedAt)" clock: "$(date +%s%3N)"
    obey
}

obey() {
    while [ -z "$REQUEST" ]; do
        attend 500
        case $REQUEST in
            drain)
                REQUEST=''
                drain
                ;;
            freeze)
                REQUEST=''
                freeze
                ;;
            dump)
                REQUEST=''
                dump
                ;;
            stay)
                emit heard word stay
                stay && exit 0
                if thaw_begun; then REQUEST=opened; else REQUEST=error; fi
                ;;
        esac
    done
    case $REQUEST in
        opened) follow_the_thaw ;;
        complete | abort)
            emit heard word "$REQUEST"
            thaw_now "$REQUEST"
            ;;
        *) thaw_now "$REQUEST" ;;
    esac
    exit 0
}

# Somebody else was first (the dead-man, a person), and what that thaw says went elsewhere. Ours waits for its end, and goes on if it gave
# up. When it is done it takes away all that it stood on, the thaw script too; the marker stays.
follow_the_thaw() {
    trap - EXIT
    end_aside
    if [ -d "$FACTS_DIR" ]; then
        emit error reason "$HOSTNAME is being opened since $(fact_of thawingAt), by \"$(fact_of openedBy)\""
        exec 8>"$RUN_DIR/thaw.lock"
        flock -w "$START_SECONDS" 8
        exec 8>&-
        if [ -d "$FACTS_DIR" ] && [ "$(fact_of state)" != open ]; then
            thaw_now lost
            return
        fi
    fi
    emit open openedBy "$(word_of_marker "$TOKEN" openedBy)" openedAt "$(word_of_marker "$TOKEN" openedAt)" health "$(word_of_marker "$TOKEN" health)"
}

thaw_now() { # reason
    trap - EXIT
    trap '' TERM
    end_aside
    /bin/bash "$DEADMAN_DIR/thaw.sh" "$1" 9>&-
}
