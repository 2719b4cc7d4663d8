#!/usr/bin/env bash
# Connect's part of every script. Facts: docs.posit.co/connect/admin (server-management, runtime-caches, database).
# shellcheck disable=SC2034,SC2154 # variables come from the renderer, functions are called by the scripts
set -euo pipefail

RSCADMIN=${HOST_ROOT:-}/opt/rstudio-connect/bin/rscadmin
CONNECT_DATA=${HOST_ROOT:-}/var/lib/rstudio-connect

# ---- the closed window ----

product_remember() { :; }
product_drain_start() { :; }

# Renders and builds are processes of their own; a stop would let renders end and fail builds.
product_busy() {
    pgrep -u "$ACCOUNT" -f 'render|pip install|packrat|renv' 2>/dev/null | describe_pids | sed 's/^/content: /' | head -n 5 || true
}

product_drain_force() { pkill -TERM -u "$ACCOUNT" -f 'render|pip install' 2>/dev/null || true; }
product_undrain() { :; }
product_forget_drain() { :; }
product_end_leftovers() { pkill -KILL -u "$ACCOUNT" 2>/dev/null || true; }

# ---- installing and configuring ----

encrypt_value() { "$RSCADMIN" encrypt-config-value; }
product_test_config() { "${HOST_ROOT:-}/opt/rstudio-connect/bin/connect" --test-config >/dev/null; }
product_first_start_state() { printf '%s\n' "$CONNECT_DATA/db"; }

# ---- inventory ----

product_database() { gcfg_database "$(main_config)"; }

product_listens() { gcfg_listens "$(main_config)" CONNECT; }
product_address() { setting_in_force "$(main_config)" CONNECT Server Address; }
product_root() { :; }

product_findings() {
    if [ "$(gcfg_value "$(main_config)" Launcher Enabled | tr '[:upper:]' '[:lower:]')" = true ]; then
        finding off-host-execution refused "Connect runs content elsewhere (Launcher.Enabled)" "this version moves servers that run their content themselves; move the runners by hand, or turn it off before the upgrade"
    fi
}

# Versions that content was built for: each has a cache of its own.
product_runtimes_in_use() {
    local folder
    for folder in "$CONNECT_DATA"/python-environments/*/; do
        [ -d "$folder" ] || continue
        json_object language python version "$(basename "$folder" | grep -oE '^[0-9]+\.[0-9]+')" content: '[]'
        echo
    done | sort -u
}

product_counts() { "$RSCADMIN" counts 2>/dev/null | tr -d '\n' | grep -E '^\{.*\}$' || printf '{}'; }

# ---- restored data ----

product_own_data() { printf '%s\n' "$CONNECT_DATA"; }

# Caches hold packages compiled for the old operating system; the content is rebuilt after the start. The folder is the product's
# account's, as which content runs: found and removed from within their folder, so that no link put in the way is followed.
product_repair() {
    [ -d "$CONNECT_DATA" ] || return 0
    find "$CONNECT_DATA" -xdev -mindepth 1 -maxdepth 2 \( -path "$CONNECT_DATA/python-environments" -o -path "$CONNECT_DATA/packrat" \
        -o -path "$CONNECT_DATA/R/packrat_cache" \) -prune -execdir rm -rf -- '{}' \;
}

product_restored_counts() {
    json_object bundles: "$(find "$CONNECT_DATA/bundles" -type f 2>/dev/null | wc -l)"
}

product_quarantine_overlay() {
    printf '\n[Server]\nEmailProvider = none\n\n[Applications]\nScheduleConcurrency = 0\n'
}

product_quarantine_files() { printf '%s\n' "${HOST_ROOT:-}/etc/rstudio-connect/rstudio-connect.gcfg"; }
product_quarantine_command() { printf '%s/opt/rstudio-connect/bin/connect --config %s' "${HOST_ROOT:-}" "$1"; }
product_quarantine_host_on() { :; }
product_quarantine_host_off() { :; }

product_rebuild() { "$RSCADMIN" rebuild-content --all; }
