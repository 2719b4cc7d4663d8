#!/bin/bash
# Runs a program as the postgres user, who sees one database's folder at /mnt and needs no way to it through the
# checkout's own folders (which are often closed to others). Ends with the program, under the same process id.
# Usage (in a mount namespace of its own): as-postgres.sh FOLDER PROGRAM [ARGUMENT...]
set -euo pipefail

folder=$1
shift
mount --bind "$folder" /mnt
cd /mnt
exec setpriv --reuid=postgres --regid=postgres --clear-groups --no-new-privs -- "$@"
