#!/usr/bin/env bash
# Plays apt-mark where a test plays none itself: no test of a host that is a folder holds a package of the machine that it runs on.
echo "apt-mark $*" >>"$HOST_ROOT/calls"
exit 100
