#!/usr/bin/env bash
# Plays sudo: everybody may.
[ "$1" != -n ] || shift
exec "$@"
