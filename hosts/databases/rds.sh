#!/usr/bin/env bash
# A database on a server of RDS: nothing about it is a host's to do (the cloud has moments and snapshots of it).
set -euo pipefail

rds_provider() { printf postgres; }

# ---- in a closed window ----

rds_reach() { :; }    # i
rds_findings() { :; } # i
rds_closed() { :; }   # i
rds_dump() { :; }     # i

# ---- on a restored volume ----

rds_is_there() { false; }
rds_load() { fail "what is at $SOURCE on $HOSTNAME is not loaded from a volume."; }
rds_take_away() { :; }
