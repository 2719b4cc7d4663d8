#!/usr/bin/env bash
# Installs the product's package at its exact version from its repository, and holds it there.
# Variables: VERSION REPOSITORY_URL REPOSITORY_KEY CODENAME RUNTIMES_JSON.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

KEYRING=/usr/share/keyrings/posit-upgrade.asc
SOURCE=/etc/apt/sources.list.d/posit-upgrade.list
# Only the given repository is asked: a product must not change with what some other source offers.
APT=(-o "Dir::Etc::sourcelist=$SOURCE" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 -o DPkg::Lock::Timeout=120)

main() {
    if [ "$(package_version "$PACKAGE")" != "$VERSION" ]; then
        run_as_unit "install-$SLUG" 1800 install_package
    fi
    apt-mark hold "$PACKAGE" >/dev/null
    json_object package "$PACKAGE" version "$(package_version "$PACKAGE")" held: true
    echo
}

install_package() {
    local fresh=true path
    while IFS= read -r path; do
        if [ -e "$path" ]; then fresh=false; fi
    done < <(product_first_start_state)
    printf '%s\n' "$REPOSITORY_KEY" | write_file "$KEYRING" 0644
    printf 'deb [signed-by=%s] %s ./\n' "$KEYRING" "$REPOSITORY_URL" | write_file "$SOURCE"
    apt-get "${APT[@]}" -qq update || fail "the package repository $REPOSITORY_URL can't be read from $HOSTNAME: check posit:packages and posit:network.packageCidrs."
    require_version
    # Units must not start with a configuration of their own before ours is there.
    printf '#!/bin/sh\nexit 101\n' | write_file /usr/sbin/policy-rc.d 0755
    export DEBIAN_FRONTEND=noninteractive RSTUDIO_INSTALL_NO_LICENSE_INITIALIZATION=1
    apt-get "${APT[@]}" -qq -y --allow-downgrades --allow-change-held-packages -o Dpkg::Options::=--force-confold install "$PACKAGE=$VERSION" >&2 ||
        { rm -f /usr/sbin/policy-rc.d; fail "$PACKAGE $VERSION can't be installed on $HOSTNAME; apt's words are above."; }
    rm -f /usr/sbin/policy-rc.d
    stop_product
    # What the installer's first start left behind: a database and a key of its own.
    if [ "$fresh" = true ]; then product_first_start_state | tr '\n' '\0' | xargs -0 rm -rf --; fi
}

require_version() {
    local available
    available=$(apt-cache "${APT[@]}" madison "$PACKAGE" | cut -d '|' -f 2 | tr -d ' ' | sort -Vu)
    grep -qxF "$VERSION" <<<"$available" ||
        fail "$PACKAGE $VERSION is not in $REPOSITORY_URL; it has: $(tr '\n' ' ' <<<"${available:-nothing of that name}"). Correct the product's version in the stack's configuration."
}
