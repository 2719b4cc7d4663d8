#!/usr/bin/env bash
# On a restored server roles and databases exist already: sets each role's password to this environment's own and makes it the owner.
# Variables: DATABASE_HOST DATABASE_PORT MASTER_USER MASTER_PASSWORD DATABASE_CA DATABASES_JSON [{name, role, password}].
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    local i
    postgres_client
    postgres_target "$DATABASE_HOST" "$DATABASE_PORT" "$MASTER_USER" "$MASTER_PASSWORD" "$DATABASE_CA"
    wait_for 60 psql -qAtX -d postgres -c 'SELECT 1' >/dev/null 2>&1 ||
        fail "the restored database server $DATABASE_HOST can't be reached as $MASTER_USER from $HOSTNAME: $(psql -qAtX -d postgres -c 'SELECT 1' 2>&1 | tail -n 1)"
    for ((i = 0; i < DATABASES_count; i++)); do
        take_over "${DATABASES_name[i]}" "${DATABASES_role[i]}" "${DATABASES_password[i]}"
    done
    json_object databases "$DATABASES_count"
    echo
}

# The password goes by stdin, so that no process list shows it.
take_over() { # database role password
    local database=${1//\"/\"\"} role=${2//\"/\"\"} password=${3//\'/\'\'}
    psql -qX -v ON_ERROR_STOP=1 -d postgres >/dev/null <<SQL || fail "role $2 of database $1 can't be taken over on $DATABASE_HOST."
ALTER ROLE "$role" LOGIN PASSWORD '$password';
SQL
    [ "$(psql -qAtX -d postgres -c "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '${1//\'/\'\'}'")" = "$2" ] ||
        psql -qX -v ON_ERROR_STOP=1 -d postgres -c "ALTER DATABASE \"$database\" OWNER TO \"$role\"" >/dev/null ||
        fail "database $1 can't be given to role $2 on $DATABASE_HOST."
}
