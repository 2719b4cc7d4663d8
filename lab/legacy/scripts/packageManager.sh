# shellcheck shell=bash
# Package Manager of the old production: installed, configured, with repositories and a frozen snapshot.

rspm=/opt/rstudio-pm/bin/rspm

configure() {
    local encrypted
    encrypted=$(printf '%s' "$DATABASE_PASSWORD" | "$rspm" encrypt)
    cat >/etc/rstudio-pm/rstudio-pm.gcfg <<GCFG
; Package Manager at $ADDRESS, set up by hand in 2024.

[Server]
Address = $ADDRESS
DataDir = /var/lib/rstudio-pm

[HTTP]
Listen = :4242

$(database_section "$encrypted")

; Nightly, when nobody works.
[PyPI]
SyncSchedule = "0 2 * * *"

[CRAN]
SyncSchedule = "30 2 * * *"
GCFG
    chown rstudio-pm:rstudio-pm /etc/rstudio-pm/rstudio-pm.gcfg
    chmod 0640 /etc/rstudio-pm/rstudio-pm.gcfg
}

database_section() { # encrypted password
    if [ "$DATABASE_KIND" = sqlite ]; then
        printf '[Database]\nProvider = sqlite\n'
    else
        printf '[Database]\nProvider = postgres\n\n[Postgres]\nURL = "postgres://%s@%s:5432/%s?sslmode=verify-full"\nPassword = "%s"\n' \
            "$DATABASE_ROLE" "$DATABASE_HOST" "$DATABASE_NAME" "$1"
    fi
}

repositories() {
    "$rspm" create repo --name=pypi --type=python --description="Python packages" >&2
    "$rspm" create repo --name=cran --type=r --description="R packages" >&2
    "$rspm" sync >&2
}

main() {
    mount_volumes
    install_package rstudio-pm "$VERSION"
    systemctl stop rstudio-pm
    rm -rf /var/lib/rstudio-pm/db
    own_places rstudio-pm
    database_ca
    configure
    printf '%s\n' "$LICENSE" >/var/lib/rstudio-pm/licence.lic
    chown rstudio-pm:rstudio-pm /var/lib/rstudio-pm/licence.lic
    systemctl enable --now rstudio-pm >&2
    wait_for_health http://localhost:4242/__ping__ 60
    repositories
    fillers
    "$rspm" list | grep '"repository":"pypi"'
}
