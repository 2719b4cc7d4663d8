#!/usr/bin/env bash
# Installs the product's package at its exact version from its repository, and holds it there.
# Variables: VERSION REPOSITORY_URL REPOSITORY_KEY.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

KEYRING=${HOST_ROOT:-}/usr/share/keyrings/posit-upgrade.asc
SOURCE=${HOST_ROOT:-}/etc/apt/sources.list.d/posit-upgrade.list
# Only the given repository is asked: a product must not change with what some other source offers.
APT=(-o "Dir::Etc::sourcelist=$SOURCE" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 -o DPkg::Lock::Timeout=120)

# While this exists no package starts a unit. It lies in memory, and goes with the unit that installs, however that ends: what
# stays behind after a power cut forbids nothing.
POLICY=${HOST_ROOT:-}/usr/sbin/policy-rc.d
INSTALLING=$RUN_DIR/installing

main() {
    if [ "$(package_version "$PACKAGE")" != "$VERSION" ]; then
        run_as_unit "install-$SLUG" 1800 install_package "$INSTALLING"
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
    forbid_starts
    export DEBIAN_FRONTEND=noninteractive RSTUDIO_INSTALL_NO_LICENSE_INITIALIZATION=1
    apt-get "${APT[@]}" -qq -y --allow-downgrades --allow-change-held-packages -o Dpkg::Options::=--force-confold install "$PACKAGE=$VERSION" >&2 ||
        fail "$PACKAGE $VERSION can't be installed on $HOSTNAME; apt's words are above."
    allow_starts
    stop_product
    # What the installer's first start left behind: a database and a key of its own.
    if [ "$fresh" = true ]; then product_first_start_state | tr '\n' '\0' | xargs -0 rm -rf --; fi
}

# Units must not start with a configuration of their own before ours is there. An image's own policy stays as it is.
forbid_starts() {
    if [ -e "$POLICY" ] && ! grep -q posit-upgrade "$POLICY"; then return; fi
    : >"$INSTALLING"
    printf '#!/bin/sh\n# of posit-upgrade\n[ ! -e %s ] || exit 101\n' "$INSTALLING" | write_file "$POLICY" 0755
}

allow_starts() {
    rm -f "$INSTALLING"
    if [ -e "$POLICY" ] && grep -q posit-upgrade "$POLICY"; then rm -f "$POLICY"; fi
}

require_version() {
    local available
    available=$(apt-cache "${APT[@]}" madison "$PACKAGE" | cut -d '|' -f 2 | tr -d ' ' | sort -Vu)
    grep -qxF "$VERSION" <<<"$available" ||
        fail "$PACKAGE $VERSION is not in $REPOSITORY_URL; it has: $(tr '\n' ' ' <<<"${available:-nothing of that name}"). Correct the product's version in the stack's configuration."
}
