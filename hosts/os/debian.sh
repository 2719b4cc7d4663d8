#!/usr/bin/env bash
# How Debian, Ubuntu and what is made from them do what hosts/lib/os.sh has words for.
# shellcheck disable=SC2034,SC2154 # lib/os.sh stands beside it
set -euo pipefail

OS_FAMILIES+=(debian)
debian_is() { [[ $1 == debian || $1 == ubuntu ]]; }

DEBIAN_KEYRING=${HOST_ROOT:-}/usr/share/keyrings/posit-upgrade.asc
DEBIAN_SOURCE=${HOST_ROOT:-}/etc/apt/sources.list.d/posit-upgrade.list
# Only the given repository is asked: a product must not change with what some other source offers.
DEBIAN_ONLY=(-o "Dir::Etc::sourcelist=$DEBIAN_SOURCE" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 -o DPkg::Lock::Timeout=120)
# Asked by packages before they start a unit (invoke-rc.d).
DEBIAN_POLICY=${HOST_ROOT:-}/usr/sbin/policy-rc.d

debian_installed() {
    dpkg-query --show --showformat='${db:Status-Abbrev}${Version}' "$1" 2>/dev/null | sed -n 's/^[hi]i *//p' || true
}

debian_versions() {
    { printf '%s\n' "$3" | write_file "$DEBIAN_KEYRING" 0644 &&
        printf 'deb [signed-by=%s] %s ./\n' "$DEBIAN_KEYRING" "$2" | write_file "$DEBIAN_SOURCE" &&
        apt-get "${DEBIAN_ONLY[@]}" -qq update >&2; } ||
        fail "the package repository $2 can't be read from $HOSTNAME: check posit:packages and posit:network.packageCidrs."
    apt-cache "${DEBIAN_ONLY[@]}" madison "$1" | cut -d '|' -f 2 | tr -d ' ' | sort -Vu
}

debian_install() {
    debian_forbid_starts
    DEBIAN_FRONTEND=noninteractive apt-get "${DEBIAN_ONLY[@]}" -qq -y --allow-downgrades --allow-change-held-packages \
        -o Dpkg::Options::=--force-confold install "$1=$2" >&2 ||
        fail "$1 $2 can't be installed on $HOSTNAME; apt's words are above."
    debian_allow_starts
}

# An image's own policy stays as it is.
debian_forbid_starts() {
    if [ -e "$DEBIAN_POLICY" ] && ! grep -q posit-upgrade "$DEBIAN_POLICY"; then return; fi
    : >"$INSTALLING"
    printf '#!/bin/sh\n# of posit-upgrade\n[ ! -e %s ] || exit 101\n' "$INSTALLING" | write_file "$DEBIAN_POLICY" 0755
}

debian_allow_starts() {
    rm -f "$INSTALLING"
    if [ -e "$DEBIAN_POLICY" ] && grep -q posit-upgrade "$DEBIAN_POLICY"; then rm -f "$DEBIAN_POLICY"; fi
}

debian_hold() { apt-mark hold "$1" >/dev/null; }
debian_held() { apt-mark showhold "$1" | grep -qx "$1"; }

debian_need() {
    local what path='' package options=()
    case $1 in
        mount.nfs4) what='the NFS client' path=/sbin/mount.nfs4 package=nfs-common ;;
        pg_dump) what='the Postgres client' package=postgresql-client ;;
        postgres) what="Postgres $2" path=/usr/lib/postgresql/$2/bin/postgres package=postgresql-$2 options=(--no-install-recommends) ;;
        *) fail "hosts/os/debian.sh knows no package that has $1." ;;
    esac
    if os_found "$1" "$path"; then return; fi
    # No server of its own is to run here.
    if [ "$1" = postgres ]; then printf 'create_main_cluster = false\n' | write_file "${HOST_ROOT:-}/etc/postgresql-common/createcluster.conf"; fi
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y "${options[@]}" install "$package" >&2 || true
    os_found "$1" "$path" ||
        fail "$what is missing on $HOSTNAME and can't be installed: put the package $package into the image or its package repository${3:+; $3}."
}

debian_service() {
    case $1 in
        cron) echo cron ;;
        *) fail "hosts/os/debian.sh knows no unit for $1." ;;
    esac
}

debian_ca_store() { printf '%s/etc/ssl/certs\n' "${HOST_ROOT:-}"; }
