#!/usr/bin/env bash
# Workbench's part of every script. Facts: docs.posit.co/ide/server-pro (rstudio_server_cli, backup_guide).
# shellcheck disable=SC2034,SC2154 # variables come from the renderer, functions are called by the scripts
set -euo pipefail

OFFLINE_MARKER=${HOST_ROOT:-}/var/lib/rstudio-server/offline
HOMES=${HOST_ROOT:-}/home
WORKBENCH_CONFIG=${HOST_ROOT:-}/etc/rstudio

# ---- the closed window ----

# Somebody may have taken it offline before; then it stays so afterwards.
product_remember() {
    if [ -e "$OFFLINE_MARKER" ]; then fact wasOffline true; fi
}

# For new logins Workbench is closed from here on; running sessions are asked to suspend.
product_drain_start() {
    # Posit's own command, which also makes a running server notice.
    timeout 30 rstudio-server offline >/dev/null || return 1
    timeout 60 rstudio-server suspend-all >/dev/null 2>&1 || true
}

# Sessions of all kinds; suspend-all reaches only R's.
product_busy() {
    pgrep -f "$SESSION_PATTERN" 2>/dev/null | describe_pids | head -n 10 || true
}

product_drain_force() {
    timeout 60 rstudio-server force-suspend-all >/dev/null 2>&1 || true
    sleep 0.3
    pkill -TERM -f "$SESSION_PATTERN" 2>/dev/null || true
}

# A server that was stopped reads the marker when it starts; one that was only drained has to be told.
product_undrain() {
    [ "$(fact_of wasOffline)" != true ] || return 0
    rm -f "$OFFLINE_MARKER"
    if ! has_fact closedAt; then timeout 20 rstudio-server online >/dev/null; fi
}

# What a drain left on disk.
product_forget_drain() { rm -f "$OFFLINE_MARKER"; }
product_end_leftovers() { pkill -KILL -f "$SESSION_PATTERN" 2>/dev/null || true; }

# ---- installing and configuring ----

encrypt_value() { rstudio-server encrypt-password; }
product_test_config() { rstudio-server test-config >/dev/null; }
product_first_start_state() {
    printf '%s\n' "${HOST_ROOT:-}/var/lib/rstudio-server/rstudio.sqlite" "${HOST_ROOT:-}/var/lib/rstudio-server/secure-cookie-key"
}

# ---- inventory ----

# A URI beats all parts but the password (rstudio/rstudio:src/cpp/server/extras/conf/database.conf, DatabaseUtils.cpp).
product_database() {
    local file=$WORKBENCH_CONFIG/database.conf provider uri
    provider=$(key_value "$file" provider)
    uri=$(key_value "$file" connection-uri)
    if [ "$provider" != postgresql ]; then
        json_object provider "${provider:-sqlite}"
    elif [[ ${uri,,} =~ ^postgres(ql)?:// ]]; then
        postgres_url "${uri#*://}"
    elif [ -n "$uri" ]; then
        # libpq's words, among them perhaps a password.
        json_object provider postgres host unreadable
    else
        json_object provider postgres host "$(key_value "$file" host)" name "$(key_value "$file" database)" user "$(key_value "$file" username)"
    fi
}

product_listens() {
    local address port scheme=http usual=$USUAL_PORT
    # As boost reads a flag.
    case $(rserver_setting ssl-enabled | tr '[:upper:]' '[:lower:]') in 1 | true | yes | on) scheme=https usual=$USUAL_TLS_PORT ;; esac
    address=$(rserver_setting www-address)
    port=$(rserver_setting www-port)
    case $address in *:*) address="[$address]" ;; esac
    printf '%s %s:%s\n' "$scheme" "$address" "${port:-$usual}"
}

# A # cuts a value there.
rserver_setting() { key_value "${HOST_ROOT:-}/etc/rstudio/rserver.conf" "$1" | sed 's/[[:space:]]*#.*//'; }

# It has no setting of its public address.
product_address() { :; }
product_root() { rserver_setting www-root-path; }

product_findings() {
    local elsewhere
    if [ -s "$WORKBENCH_CONFIG/load-balancer" ]; then
        finding load-balanced refused "Workbench is one of several nodes (/etc/rstudio/load-balancer)" "this version moves single servers; reduce it to one node before the upgrade"
    fi
    elsewhere=$(sed -n 's/^[[:space:]]*type[[:space:]]*=[[:space:]]*//p' "$WORKBENCH_CONFIG/launcher.conf" 2>/dev/null | grep -vix local | sort -u | tr '\n' ' ' || true)
    if [ -n "$elsewhere" ]; then
        finding off-host-execution refused "sessions run elsewhere (launcher.conf: $elsewhere)" "this version moves servers that run their sessions themselves"
    fi
}

product_runtimes_in_use() { :; }
product_counts() { json_object homes: "$(find "$HOMES" -mindepth 1 -maxdepth 1 -type d ! -name lost+found 2>/dev/null | wc -l)"; }

# ---- restored data ----

# Its own, and nobody's home.
product_own_data() { printf '%s\n' "${HOST_ROOT:-}/var/lib/rstudio-server"; }

# Libraries and environments compiled for the old operating system are renamed, never deleted; a list tells what to reinstall.
product_repair() {
    local home codename
    rm -f "$OFFLINE_MARKER"
    codename=$(os_codename)
    [ "$OLD_CODENAME" != "$codename" ] || return 0
    while IFS= read -r -d '' home; do
        repair_home "$home" "$codename"
    done < <(homes_below "$HOMES" again)
}

# Folders that belong to somebody, and one level down in those that belong to root ("/home/DOMAIN/alice"); links are nobody's home.
homes_below() { # folder [again]
    local folder
    while IFS= read -r -d '' folder; do
        if [ "$(stat -c %u "$folder")" != 0 ]; then
            printf '%s\0' "$folder"
        elif [ -n "${2:-}" ]; then
            homes_below "$folder"
        fi
    done < <(find "$1" -mindepth 1 -maxdepth 1 -type d ! -name lost+found -print0 2>/dev/null | sort -z)
}

# People plant things in their homes: everything there is done as the owner, who can be led nowhere that is not open to him anyway.
# What goes wrong in one home is said, and no reason to leave the others alone.
repair_home() { # home codename
    local uid gid problem status=0
    read -r uid gid < <(stat -c '%u %g' "$1")
    problem=$(as_number "$uid" "$gid" env -i PATH=/usr/bin:/bin LC_ALL=C \
        timeout --kill-after=10 3600 bash -c "$(declare -f set_aside_libraries set_aside list_contents next_free); set_aside_libraries \"\$@\"" - \
        "$1" "$OLD_CODENAME" "$2" </dev/null 2>&1 >/dev/null) || status=$?
    [ "$status" = 0 ] || leave_alone "$1 (status $status)${problem:+: ${problem##*$'\n'}}"
}

# As the owner of the home, without a single right of root's.
set_aside_libraries() { # home old-codename codename
    set -uo pipefail
    umask 022
    local mark=before-$3 list="REINSTALL-after-$2.txt" part found environments libraries problems=0
    cd -P -- "$1" || return 3
    # Shared homes are production's too, and read-only here.
    [ -w . ] || return 0
    part=$(mktemp .reinstall.XXXXXXXX) || return 4
    {
        # All are found before the first is renamed; one inside another goes along with it.
        mapfile -d '' -t environments < <(find . -xdev -name "*.$mark*" -prune -o -name pyvenv.cfg -type f -print0 2>/dev/null)
        for found in "${environments[@]}"; do
            [ -e "$found" ] || continue
            found=${found%/pyvenv.cfg}
            if [ "$found" = . ]; then
                printf '%q is an environment itself: make it anew\n' "$1"
            else
                set_aside "$found" || problems=5
            fi
        done
        if [ ! -L R ]; then
            mapfile -d '' -t libraries < <(find R -mindepth 1 -maxdepth 1 -name '*-library' \( -type d -o -type l \) -print0 2>/dev/null)
            for found in "${libraries[@]}"; do
                if [ -L "$found" ]; then
                    printf '%q is a link: install anew what it leads to\n' "$found"
                else
                    set_aside "$found" || problems=5
                fi
            done
        fi
    } >"$part"
    if [ -s "$part" ]; then
        # --backup: a list of an earlier time, or what somebody calls so, stays.
        chmod 0644 "$part" && mv -T --backup=numbered -- "$part" "$list" || problems=6
    fi
    rm -f -- "$part"
    return "$problems"
}

set_aside() { # folder; of the caller: mark
    local name
    # Names as the shell would quote them: one line each, whatever they hold.
    printf '%q:' "$1"
    list_contents "$1"
    name=$(next_free "$1.$mark") && mv -nT -- "$1" "$name"
}

list_contents() { # environment or library
    if [ -f "$1/pyvenv.cfg" ]; then
        find "$1" -xdev -path '*/site-packages/*.dist-info' -prune -printf ' %f' 2>/dev/null | tr -d '\n' | sed 's/\.dist-info//g'
    else
        find "$1" -xdev -mindepth 2 -maxdepth 2 -type d -printf ' %f' 2>/dev/null | tr -d '\n'
    fi
    echo
}

next_free() { # path
    local i path=$1
    for ((i = 2; i < 100; i++)); do
        if [ ! -e "$path" ] && [ ! -L "$path" ]; then
            printf '%s' "$path"
            return
        fi
        path=$1.$i
    done
    return 1
}

product_restored_counts() {
    json_object homes: "$(find "$HOMES" -mindepth 1 -maxdepth 1 -type d ! -name lost+found 2>/dev/null | wc -l)"
}

product_quarantine_overlay() { :; }
product_quarantine_files() { :; }
product_quarantine_command() { :; }

# Users' own timetables came with the copy.
product_quarantine_host_on() {
    local unit
    unit=$(os_service cron)
    systemctl mask --now "$unit.service" >/dev/null 2>&1 || true
}

product_quarantine_host_off() {
    local unit
    unit=$(os_service cron)
    systemctl unmask "$unit.service" >/dev/null 2>&1 || true
    systemctl start "$unit.service" >/dev/null 2>&1 || true
}

product_rebuild() { :; }
