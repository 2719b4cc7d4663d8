#!/usr/bin/env bash
# What each kind of database means on a host, in words of one meaning. A word's work stands in hosts/databases/KIND.sh as KIND_word, in front
# of this; nothing else asks for the kind. The words:
#
# provider: what its product's configuration calls it.
# reach, findings, closed, dump (i, a row of DATABASES): in a closed window. Makes what asks it ready; says what could fail, while everything
# serves; notes what lies on the volume, once everything is stopped; puts on the volume what lies on none.
# is_there, load, take_away: on a restored volume, at SOURCE. Whether it is still there; into the target; from the copy, once it is loaded.
set -euo pipefail

database_word() { # kind word arguments...
    local kind=$1 word=$2
    shift 2
    "${kind}_$word" "$@"
}
