#!/usr/bin/env bash
# Installs the product's package at its exact version from its repository, and holds it there.
# Variables: VERSION REPOSITORY_URL REPOSITORY_KEY.
# shellcheck disable=SC2154 # variables come from the renderer
set -euo pipefail

main() {
    if [ "$(os_installed "$PACKAGE")" != "$VERSION" ]; then
        run_as_unit "install-$SLUG" 1800 install_package "$INSTALLING"
    fi
    os_hold "$PACKAGE"
    json_object package "$PACKAGE" version "$(os_installed "$PACKAGE")" held: true
    echo
}

install_package() {
    local fresh=true path
    while IFS= read -r path; do
        if [ -e "$path" ]; then fresh=false; fi
    done < <(product_first_start_state)
    require_version
    # Units must not start with a configuration of their own before ours is there, and no licence is looked for.
    export RSTUDIO_INSTALL_NO_LICENSE_INITIALIZATION=1
    os_install "$PACKAGE" "$VERSION"
    stop_product
    # What the installer's first start left behind: a database and a key of its own.
    if [ "$fresh" = true ]; then product_first_start_state | tr '\n' '\0' | xargs -0 rm -rf --; fi
}

require_version() {
    local available
    available=$(os_versions "$PACKAGE" "$REPOSITORY_URL" "$REPOSITORY_KEY") || exit 1 # it has said why
    grep -qxF "$VERSION" <<<"$available" ||
        fail "$PACKAGE $VERSION is not in $REPOSITORY_URL; it has: $(tr '\n' ' ' <<<"${available:-nothing of that name}"). Correct the product's version in the stack's configuration."
}
