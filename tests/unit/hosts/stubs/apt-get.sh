#!/usr/bin/env bash
# Plays apt-get where a test plays none itself: no test of a host that is a folder installs anything on the machine that it runs on.
echo "apt-get $*" >>"$HOST_ROOT/calls"
exit 100
