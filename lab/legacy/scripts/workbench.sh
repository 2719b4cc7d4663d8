# shellcheck shell=bash
# Workbench of the old production: people with homes, an R library, a virtual environment, suspended sessions.

accounts() {
    local name uid gid groups password
    groupadd --gid 3001 analysts
    # PEOPLE: lines of "name uid gid supplementary-groups password".
    while read -r name uid gid groups password; do
        groupadd --gid "$gid" "$name"
        useradd --create-home --uid "$uid" --gid "$gid" --shell /bin/bash "$name"
        [ "$groups" = - ] || usermod --append --groups "$groups" "$name"
        printf '%s:%s\n' "$name" "$password" | chpasswd
    done <<<"$PEOPLE"
}

configure() {
    local encrypted
    cat >/etc/rstudio/rserver.conf <<CONF
# Workbench at $ADDRESS, set up by hand in 2024.
www-port=8787
server-health-check-enabled=1
launcher-address=127.0.0.1
launcher-port=5559
launcher-sessions-enabled=1
session-python-index-url=$PACKAGES_ADDRESS/pypi/__linux__/bookworm/latest/simple
CONF
    cat >/etc/rstudio/rsession.conf <<CONF
r-cran-repos=$PACKAGES_ADDRESS/cran/__linux__/bookworm/latest
CONF
    cat >/etc/rstudio/repos.conf <<CONF
CRAN=$PACKAGES_ADDRESS/cran/__linux__/bookworm/latest
CONF
    encrypted=$(printf '%s' "$DATABASE_PASSWORD" | rstudio-server encrypt-password)
    cat >/etc/rstudio/database.conf <<CONF
provider=postgresql
host=$DATABASE_HOST
database=$DATABASE_NAME
port=5432
username=$DATABASE_ROLE
password=$encrypted
sslmode=$(database_sslmode)
CONF
    chmod 0600 /etc/rstudio/database.conf
}

# What people have at home; times are old, as homes' are.
home_of() { # name
    local name=$1 home=/home/$1
    runuser -u "$name" -- mkdir -p "$home/analysis/figures" "$home/.local/share/rstudio/sessions/suspended"
    printf 'library(ggplot2)\n# by %s\n' "$name" >"$home/analysis/report.R"
    printf 'quarter,revenue\n1,%s\n2,%s\n' "${#name}00" "${#name}10" >"$home/analysis/revenue.csv"
    printf 'figure of %s\n' "$name" >"$home/analysis/figures/one.svg"
    chown "$name:$name" "$home/analysis/report.R" "$home/analysis/revenue.csv" "$home/analysis/figures/one.svg"
    suspended_session "$name" "$home"
    r_library "$name" "$home"
    touch -d 2025-03-01 "$home"/analysis/*
}

suspended_session() { # name home
    local folder="$2/.local/share/rstudio/sessions/active/session-0a1b2c3d/suspended-session-data"
    install -d -o "$1" -g "$1" "$2/.local/share/rstudio/sessions/active" "${folder%/*}" "$folder"
    printf 'r_version="4.3.1"\nworking_dir="~/analysis"\n' >"$folder/settings"
    printf 'x <- 42\n' >"$folder/environment"
    chown -R "$1:$1" "$folder"
}

# An R library as install.packages() leaves it: a package with a shared object of this operating system.
r_library() { # name home
    local library="$2/R/x86_64-pc-linux-gnu-library/4.3/digest"
    install -d "$library/libs"
    printf 'Package: digest\nVersion: 0.6.33\nBuilt: R 4.3.1; x86_64-pc-linux-gnu; 2024-06-01; unix\n' >"$library/DESCRIPTION"
    find "$2/venvs" -name '_xxhash*.so' -exec cp {} "$library/libs/digest.so" \; -quit
    chown -R "$1:$1" "$2/R"
}

# A virtual environment with a package compiled for this system's Python, installed from the company's Package Manager.
virtual_environment() { # name
    local index="$PACKAGES_ADDRESS/pypi/__linux__/bookworm/latest/simple"
    runuser -u "$1" -- python3 -m venv "/home/$1/venvs/analysis"
    runuser -u "$1" -- "/home/$1/venvs/analysis/bin/pip" install --quiet --no-cache-dir --disable-pip-version-check \
        --trusted-host "$PACKAGES_HOST" --index-url "$index" "$COMPILED_PACKAGE" >&2
    runuser -u "$1" -- "/home/$1/venvs/analysis/bin/python" -c "import ${COMPILED_PACKAGE%%=*}"
}

main() {
    local name
    mount_volumes
    accounts
    if [ "$DATABASE_KIND" = local ]; then local_postgres; fi
    install_package rstudio-server "$VERSION"
    systemctl stop rstudio-server rstudio-launcher
    rm -rf /var/lib/rstudio-server/rstudio.sqlite
    database_ca
    configure
    printf '%s\n' "$LICENSE" >/var/lib/rstudio-server/licence.lic
    chown rstudio-server:rstudio-server /var/lib/rstudio-server/licence.lic
    systemctl enable --now rstudio-launcher rstudio-server >&2
    wait_for_health http://localhost:8787/health-check 60
    while read -r name _; do
        virtual_environment "$name"
        home_of "$name"
    done <<<"$PEOPLE"
    fillers
}
