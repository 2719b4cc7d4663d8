#!/usr/bin/env bash
# The words that a live connection brings on stdin: one a line, with a tab before the line's end.
# The tab tells a whole word from half a one. Whether `read -t` succeeded does not: where its time is over as a line ends, bash (seen with 5.2.15)
# takes the line's end away and says that nothing but half a line came. Once in a thousand words that meet the time-out that would have made
# one unknown word of two. No word has a tab in it, JSON escapes it.
# shellcheck disable=SC2034 # used by the scripts that are rendered after it
set -euo pipefail

WORD=''
HALF_WORD=''

# Waits for at most SECONDS. Sets WORD to the word that is whole by now, or to nothing; fails at the end of the stream.
next_word() { # seconds
    local piece='' status=0
    WORD=''
    IFS= read -r -t "$1" piece || status=$?
    if ((status != 0 && status <= 128)); then return 1; fi
    HALF_WORD+=$piece
    if [ "${HALF_WORD%$'\t'}" != "$HALF_WORD" ]; then
        WORD=${HALF_WORD%$'\t'}
        HALF_WORD=''
    elif ((status == 0)) && [ -n "$HALF_WORD" ]; then
        WORD="no word: $HALF_WORD"
        HALF_WORD=''
    fi
}
