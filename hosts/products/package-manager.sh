#!/usr/bin/env bash
# Package Manager's part of every script. Facts: docs.posit.co/rspm/admin (server-management, file-storage, appendix/encryption).
# shellcheck disable=SC2034,SC2154 # variables come from the renderer, functions are called by the scripts
set -euo pipefail

RSPM=${HOST_ROOT:-}/opt/rstudio-pm/bin/rspm
PM_DATA=${HOST_ROOT:-}/var/lib/rstudio-pm

# ---- the closed window ----

product_remember() { :; }

# `rspm offline` answers 503 to everybody at once, so it is no drain that still serves; a stop lets requests end.
product_drain_start() { :; }

# A sync or a git build in progress.
product_busy() {
    pgrep -u "$ACCOUNT" -f 'sync|git-build' 2>/dev/null | describe_pids | sed 's/^/sync: /' | head -n 5 || true
}

product_drain_force() { :; }
product_undrain() { :; }
product_forget_drain() { :; }
product_end_leftovers() { pkill -KILL -u "$ACCOUNT" 2>/dev/null || true; }

# ---- installing and configuring ----

encrypt_value() { "$RSPM" encrypt; }
product_test_config() { "${HOST_ROOT:-}/opt/rstudio-pm/bin/rstudio-pm" --test-config >/dev/null; }
product_first_start_state() { printf '%s\n' "$PM_DATA/db" "$PM_DATA/rstudio-pm.key"; }

# ---- inventory ----

product_database() { gcfg_database "$(main_config)"; }

product_listens() { gcfg_listens "$(main_config)" PACKAGEMANAGER; }
product_address() { setting_in_force "$(main_config)" PACKAGEMANAGER Server Address; }
product_root() { :; }

product_findings() {
    if [ "$(gcfg_value "$(main_config)" Storage Default | tr '[:upper:]' '[:lower:]')" = s3 ]; then
        finding s3-storage refused "packages lie in S3 (Storage.Default)" "a bucket has no snapshot that agrees with the database; move storage to the file system before the upgrade"
    fi
}

product_runtimes_in_use() { :; }
# rspm answers one line of JSON for each repository.
product_counts() { json_object repositories: "$("$RSPM" list 2>/dev/null | wc -l)"; }

# ---- restored data ----

product_own_data() { printf '%s\n' "$PM_DATA"; }

product_repair() {
    # Its place depends on the old host's name.
    rm -rf -- "$PM_DATA/launcher_internal"
}

product_restored_counts() { printf '{}'; }

product_quarantine_files() { printf '%s\n' "${HOST_ROOT:-}/etc/rstudio-pm/rstudio-pm.gcfg"; }

# Syncs off: what was missed while it was closed would begin at the first start.
product_quarantine_overlay() {
    printf '\n[CRAN]\nSyncSchedule = ""\n\n[PyPI]\nSyncSchedule = ""\n'
}

product_quarantine_command() { printf '%s/opt/rstudio-pm/bin/rstudio-pm --config %s' "${HOST_ROOT:-}" "$1"; }
product_quarantine_host_on() { :; }
product_quarantine_host_off() { :; }

product_rebuild() { :; }
