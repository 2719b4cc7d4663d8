#!/usr/bin/env bash
# Plays psql: the size of the database ("database-size"), the version of the server.
case $* in
    *pg_database_size*) cat "$HOST_ROOT/database-size" 2>/dev/null || echo 1000 ;;
    *server_version_num*) echo 15 ;;
esac
