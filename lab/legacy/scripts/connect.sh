# shellcheck shell=bash
# Connect of the old production: configured, with its first people; what they publish comes by its API.

rscadmin=/opt/rstudio-connect/bin/rscadmin

configure() {
    local encrypted
    encrypted=$(printf '%s' "$DATABASE_PASSWORD" | "$rscadmin" encrypt-config-value)
    cat >/etc/rstudio-connect/rstudio-connect.gcfg <<GCFG
; Connect at $ADDRESS, set up by hand in 2024.

[Server]
Address = $ADDRESS
DataDir = /var/lib/rstudio-connect
EmailProvider = sendmail
SenderEmail = connect@example.com

[HTTP]
Listen = :3939

[Database]
Provider = Postgres

[Postgres]
URL = "postgres://$DATABASE_ROLE@$DATABASE_HOST:5432/$DATABASE_NAME?sslmode=verify-full"
Password = "$encrypted"

[Python]
Enabled = true
Executable = /usr/bin/python3

[RPackageRepository "CRAN"]
URL = $PACKAGES_ADDRESS/cran/__linux__/bookworm/latest

[Applications]
ScheduleConcurrency = 2
GCFG
    chmod 0640 /etc/rstudio-connect/rstudio-connect.gcfg
    cat >/etc/pip.conf <<CONF
[global]
index-url = $PACKAGES_ADDRESS/pypi/__linux__/bookworm/latest/simple
trusted-host = $PACKAGES_HOST
disable-pip-version-check = true
CONF
}

# The first is the administrator. Prints {"name":"key",…}: keys are shown once, when they are made.
publishers() {
    local name role=administrator answer=""
    for name in $PUBLISHERS; do
        "$rscadmin" create-user --username "$name" --role "$role" >&2
        answer+=",\"$name\":\"$("$rscadmin" create-api-key --username "$name" --name legacy)\""
        role=publisher
    done
    echo "{${answer#,}}"
}

main() {
    mount_volumes
    install_package rstudio-connect "$VERSION"
    systemctl stop rstudio-connect
    rm -rf /var/lib/rstudio-connect/db/*.db
    own_places rstudio-connect
    database_ca
    configure
    printf '%s\n' "$LICENSE" >/var/lib/rstudio-connect/licence.lic
    chown rstudio-connect:rstudio-connect /var/lib/rstudio-connect/licence.lic
    systemctl enable --now rstudio-connect >&2
    wait_for_health http://localhost:3939/__ping__ 60
    fillers
    publishers
}
