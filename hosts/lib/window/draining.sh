#!/usr/bin/env bash
# Before the freeze: a product's work comes to its end while it still serves. Needs marker, quiet, listening.
# Variables: DRAIN_SECONDS FORCE.
set -euo pipefail

# Whose work was ended last by force.
CUT=''

# Everything still serves meanwhile, as far as the product allows that.
drain() {
    local busy shown='' deadline=$((SECONDS + DRAIN_SECONDS)) forced=0
    unless_thawing fact state draining || { trouble "$HOSTNAME can't be drained while it is being opened"; return; }
    product_drain_start || { trouble "$PRODUCT could not be drained on $HOSTNAME; see $LOG_PATH there"; return; }
    while busy=$(product_busy && people_in_data) && [ -n "$busy" ]; do
        if [ "$busy" != "$shown" ]; then
            shown=$busy
            emit busy work: "$(json_lines <<<"$busy")"
        fi
        if ((SECONDS >= deadline)); then
            if [ "$FORCE" != true ] || ((forced == 2)); then
                trouble "still busy after $DRAIN_SECONDS s: ${busy//$'\n'/; }. Ask them to finish, or set force: true on the capture"
                return
            fi
            # First asked, then made to.
            tell_cut "$busy"
            if ((forced++ == 0)); then product_drain_force; else product_end_leftovers; fi
            deadline=$((SECONDS + 5))
        fi
        attend 200
        [ -z "$REQUEST" ] || return
    done
    # The freeze then has little left to write.
    finish_while_listening sync_data || return
    unless_thawing fact state drained || return
    emit drained
}

# Says once whose work force is about to end.
tell_cut() { # lines
    if [ "$1" != "$CUT" ]; then
        CUT=$1
        emit cut work: "$(json_lines <<<"$1")"
    fi
}
