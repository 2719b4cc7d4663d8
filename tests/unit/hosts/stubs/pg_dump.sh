#!/usr/bin/env bash
# Plays pg_dump: a file "fail-pg_dump" holds what the server says against it; with "hanging-pg_dump" a dump goes on for
# minutes, and "dumping" has its number.
echo "pg_dump $*" >>"$HOST_ROOT/calls"
if [ -f "$HOST_ROOT/fail-pg_dump" ]; then
    cat "$HOST_ROOT/fail-pg_dump" >&2
    exit 1
fi
for word in "$@"; do
    case $word in
        --schema-only) exit 0 ;;
        --file=*)
            if [ -f "$HOST_ROOT/hanging-pg_dump" ]; then
                echo $$ >"$HOST_ROOT/dumping"
                exec sleep 300
            fi
            echo "dumped as $PGUSER with a password of ${#PGPASSWORD} letters" >"${word#--file=}"
            ;;
    esac
done
