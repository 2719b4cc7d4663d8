#!/usr/bin/env bash
# On a restored server users (Postgres' own roles) and databases exist already: sets each user's password to this environment's own and
# makes it the owner.
# The master of a managed server is no superuser, so it joins roles for as long as it needs to. Passwords come as what the server keeps
# of them, since a server may log what it is told.
# Variables: DATABASE_HOST DATABASE_PORT MASTER_USER MASTER_PASSWORD DATABASE_CA DATABASES [{name, user, scram, md5}].
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

# Of the server: RDS sets a new master password some time after it calls the server available.
PATIENCE=300

main() {
    local i
    os_need pg_dump
    postgres_target "$DATABASE_HOST" "$DATABASE_PORT" "$MASTER_USER" "$MASTER_PASSWORD" "$DATABASE_CA"
    wait_for_master
    for ((i = 0; i < DATABASES_count; i++)); do
        take_over "${DATABASES_name[i]}" "${DATABASES_user[i]}" "${DATABASES_scram[i]}" "${DATABASES_md5[i]}"
    done
    json_object databases "$DATABASES_count"
    echo
}

wait_for_master() {
    local waited=0 step problem=''
    while ! problem=$(query 'SELECT 1' 2>&1 >/dev/null); do
        ((waited < PATIENCE)) ||
            fail "the restored database server $DATABASE_HOST can't be reached as $MASTER_USER from $HOSTNAME after $waited s: ${problem##*$'\n'}"
        step=$((PATIENCE - waited < 30 ? PATIENCE - waited : 30))
        if ((waited > 0)); then say "$DATABASE_HOST is not ready for $MASTER_USER after $waited s: ${problem##*$'\n'}"; fi
        wait_for "$step" query 'SELECT 1' >/dev/null 2>&1 || true
        waited=$((waited + step))
    done
}

query() { psql -qAtX -d postgres -c "$1" </dev/null; }

# SQL from stdin. Names and passwords are psql's variables, quoted by it; passwords are never words of a command.
sql() { # name=value...
    local options=() pair
    for pair in "$@"; do options+=(-v "$pair"); done
    psql -qAtX -v ON_ERROR_STOP=1 "${options[@]}" -d postgres
}

take_over() { # database user scram md5
    local facts owner version problem verifier=$3
    facts=$(facts_of "$1" "$2") || fail "database $1 can't be looked at on $DATABASE_HOST; the lines above say why."
    IFS='|' read -r owner version _ <<<"$facts"
    [ -n "$owner" ] || fail "there is no database $1 on the restored server $DATABASE_HOST; correct posit:current.*.databases[].name in production's stack."
    [ "$(sql role="$2" <<<"SELECT count(*) FROM pg_roles WHERE rolname = :'role';")" = 1 ] ||
        fail "there is no role $2 on the restored server $DATABASE_HOST; correct posit:current.*.databases[].user in production's stack."
    if [ "$(query 'SHOW password_encryption')" = md5 ]; then verifier=$4; fi
    problem=$(set_password "$2" "$verifier" 2>&1 >/dev/null) ||
        fail "the password of role $2 can't be set on $DATABASE_HOST: ${problem##*$'\n'}. $(remedy "$version" "$2")"
    if [ "$owner" = "$2" ]; then return; fi
    problem=$(give_database "$1" "$2" "$owner" "$version" 2>&1 >/dev/null) ||
        fail "database $1 can't be taken from $owner and given to role $2 on $DATABASE_HOST: ${problem##*$'\n'}. $(remedy "$version" "$2" "$owner")"
}

facts_of() { # database user → owner|major version
    sql database="$1" role="$2" <<'SQL'
SELECT pg_get_userbyid(datdba), current_setting('server_version_num')::int / 10000 FROM pg_database WHERE datname = :'database';
SQL
}

# The verifier goes by stdin and is no plain password; a server that logs statements logs that.
set_password() { # user verifier
    { printf '\\set verifier %s\n' "'$2'"; cat <<'SQL'; } | sql role="$1"
ALTER ROLE :"role" LOGIN PASSWORD :'verifier';
SQL
}

# All or nothing, and only memberships that were not there before are given up again. To give a database away one needs the rights of its
# owner and the right to become its new one (from Postgres 16 on options of a membership, each for itself).
give_database() { # database user owner version
    local become=MEMBER set='' inherit=''
    if (($4 >= 16)); then
        become=SET
        set=' WITH SET TRUE'
        inherit=' WITH INHERIT TRUE'
    fi
    sql database="$1" role="$2" owner="$3" become="$become" set="$set" inherit="$inherit" <<'SQL'
BEGIN;
SELECT set_config('posit.database', :'database', true), set_config('posit.role', :'role', true), set_config('posit.owner', :'owner', true),
    set_config('posit.become', :'become', true), set_config('posit.set', :'set', true), set_config('posit.inherit', :'inherit', true);
DO $$
DECLARE
    role text := current_setting('posit.role');
    owner text := current_setting('posit.owner');
    joins boolean := NOT pg_has_role(current_user, role, current_setting('posit.become'));
    inherits boolean := NOT pg_has_role(current_user, owner, 'USAGE');
BEGIN
    IF joins THEN EXECUTE format('GRANT %I TO CURRENT_USER%s', role, current_setting('posit.set')); END IF;
    IF inherits THEN EXECUTE format('GRANT %I TO CURRENT_USER%s', owner, current_setting('posit.inherit')); END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO %I', current_setting('posit.database'), role);
    IF inherits THEN EXECUTE format('REVOKE %I FROM CURRENT_USER', owner); END IF;
    IF joins THEN EXECUTE format('REVOKE %I FROM CURRENT_USER', role); END IF;
END $$;
COMMIT;
SQL
}

# Why it can't be done, from what the server says of its roles; reads only.
remedy() { # version user...
    local version=$1 master role super admin
    shift
    master=$(query 'SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user')
    for role in "$@"; do
        IFS='|' read -r super admin < <(sql role="$role" <<'SQL'
SELECT rolsuper, pg_has_role(current_user, oid, 'MEMBER WITH ADMIN OPTION') FROM pg_roles WHERE rolname = :'role';
SQL
        ) || true
        if [ "${super:-}" = t ]; then
            printf 'Role %s is a superuser, which only a superuser may change: give the database to an ordinary role in production, and take a new capture. ' "$role"
        elif ((version >= 16)) && [ "${admin:-}" = f ]; then
            printf 'From Postgres 16 on a master may change only roles that were given to it: in production, as whoever made role %s, run GRANT "%s" TO "%s" WITH ADMIN OPTION, and take a new capture. ' "$role" "$role" "$MASTER_USER"
        fi
    done
    if [ "$master" = f ]; then
        printf '%s may not change roles: it needs CREATEROLE, as the master of the server has it. ' "$MASTER_USER"
    fi
}
