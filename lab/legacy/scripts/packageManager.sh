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

[Database]
Provider = postgres

[Postgres]
URL = "postgres://$DATABASE_ROLE@$DATABASE_HOST:5432/$DATABASE_NAME?sslmode=verify-full"
Password = "$encrypted"

; Nightly, when nobody works.
[PyPI]
SyncSchedule = "0 2 * * *"

[CRAN]
SyncSchedule = "30 2 * * *"
GCFG
    chown rstudio-pm:rstudio-pm /etc/rstudio-pm/rstudio-pm.gcfg
    chmod 0640 /etc/rstudio-pm/rstudio-pm.gcfg
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
    database_ca
    configure
    printf '%s\n' "$LICENSE" >/var/lib/rstudio-pm/licence.lic
    chown rstudio-pm:rstudio-pm /var/lib/rstudio-pm/licence.lic
    systemctl enable --now rstudio-pm >&2
    wait_for_health http://localhost:4242/__ping__ 60
    repositories
    filler /var/lib/rstudio-pm/packages-archive rstudio-pm
    "$rspm" list | grep '"repository":"pypi"'
}
