#!/usr/bin/env bash
# Files among the product's data, which are captured and restored with it.
set -euo pipefail

sqlite_provider() { printf sqlite; }

# ---- in a closed window ----

sqlite_reach() { :; }    # i
sqlite_findings() { :; } # i
sqlite_closed() { :; }   # i
sqlite_dump() { :; }     # i

# ---- on a restored volume ----

sqlite_is_there() { false; }
sqlite_load() { fail "what is at $SOURCE on $HOSTNAME is not loaded from a volume."; }
sqlite_take_away() { :; }
