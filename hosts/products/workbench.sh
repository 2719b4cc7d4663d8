#!/usr/bin/env bash
# Workbench's part of every script. Facts: docs.posit.co/ide/server-pro (rstudio_server_cli, backup_guide).
# shellcheck disable=SC2034,SC2154 # variables come from the renderer, functions are called by the scripts
set -euo pipefail

OFFLINE_MARKER=${HOST_ROOT:-}/var/lib/rstudio-server/offline

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
product_first_start_state() { printf '%s\n' /var/lib/rstudio-server/rstudio.sqlite /var/lib/rstudio-server/secure-cookie-key; }

# ---- inventory ----

product_database() {
    local file=/etc/rstudio/database.conf provider
    provider=$(key_value "$file" provider)
    if [ "$provider" = postgresql ]; then
        json_object provider postgres host "$(key_value "$file" host)" name "$(key_value "$file" database)" user "$(key_value "$file" username)"
    else
        json_object provider "${provider:-sqlite}"
    fi
}

product_findings() {
    local elsewhere
    if [ -s /etc/rstudio/load-balancer ]; then
        finding load-balanced refused "Workbench is one of several nodes (/etc/rstudio/load-balancer)" "this version moves single servers; reduce it to one node before the upgrade"
    fi
    elsewhere=$(sed -n 's/^[[:space:]]*type[[:space:]]*=[[:space:]]*//p' /etc/rstudio/launcher.conf 2>/dev/null | grep -vix local | sort -u | tr '\n' ' ' || true)
    if [ -n "$elsewhere" ]; then
        finding off-host-execution refused "sessions run elsewhere (launcher.conf: $elsewhere)" "this version moves servers that run their sessions themselves"
    fi
}

product_runtimes_in_use() { :; }
product_counts() { json_object homes: "$(find /home -mindepth 1 -maxdepth 1 -type d ! -name lost+found 2>/dev/null | wc -l)"; }

# ---- restored data ----

# Libraries and environments compiled for the old operating system are renamed, never deleted; a list tells what to reinstall.
product_repair() {
    local home
    rm -f "$OFFLINE_MARKER"
    [ "$OLD_CODENAME" != "$CODENAME" ] || return 0
    for home in /home/*/; do
        # Shared homes are production's too, and read-only here.
        [ -w "$home" ] || continue
        set_aside_libraries "${home%/}"
    done
}

set_aside_libraries() { # home
    local home=$1 owner list environment library
    owner=$(stat -c %u:%g "$home")
    list="$home/REINSTALL-after-$OLD_CODENAME.txt"
    {
        while IFS= read -r environment; do
            environment=$(dirname "$environment")
            echo "$environment: $(find "$environment" -path '*/site-packages/*.dist-info' -prune -printf '%f ' 2>/dev/null | sed 's/\.dist-info//g')"
            mv "$environment" "$environment.before-$CODENAME"
        done < <(find "$home" -xdev -name pyvenv.cfg -not -path '*.before-*' 2>/dev/null)
        for library in "$home"/R/*-library; do
            [ -d "$library" ] || continue
            echo "$library: $(find "$library" -mindepth 2 -maxdepth 2 -type d -printf '%f ' 2>/dev/null)"
            mv "$library" "$library.before-$CODENAME"
        done
    } >"$list.part"
    if [ -s "$list.part" ]; then
        mv "$list.part" "$list"
        chown "$owner" "$list"
    else
        rm -f "$list.part"
    fi
}

product_restored_counts() {
    json_object homes: "$(find /home -mindepth 1 -maxdepth 1 -type d ! -name lost+found 2>/dev/null | wc -l)"
}

product_quarantine_overlay() { :; }
product_quarantine_files() { :; }
product_quarantine_command() { :; }

# Users' own timetables came with the copy.
product_quarantine_host_on() {
    systemctl mask --now cron.service >/dev/null 2>&1 || true
}

product_quarantine_host_off() {
    systemctl unmask cron.service >/dev/null 2>&1 || true
    systemctl start cron.service >/dev/null 2>&1 || true
}

product_rebuild() { :; }
