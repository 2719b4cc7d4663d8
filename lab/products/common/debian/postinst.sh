# shellcheck shell=sh
# After unpacking: the account when it is missing, folders, and the units enabled and started at once, as Posit's packages
# do it. The build writes ACCOUNT, ACCOUNT_HOME, UNITS and LOG_DIR above, and the product's own product_setup.

make_account() {
    # Either may have been made before, with numbers of somebody's choice: kept as they are.
    getent group "$ACCOUNT" >/dev/null || groupadd --system "$ACCOUNT"
    getent passwd "$ACCOUNT" >/dev/null ||
        useradd --system --gid "$ACCOUNT" --home-dir "$ACCOUNT_HOME" --no-create-home --shell /usr/sbin/nologin "$ACCOUNT"
    mkdir -p "$ACCOUNT_HOME" "$LOG_DIR"
    chmod 0755 "$LOG_DIR"
}

start_units() {
    [ -d /run/systemd/system ] || return 0
    systemctl daemon-reload || true
    # shellcheck disable=SC2086 # units are words
    systemctl enable --quiet $UNITS || true
    # Honours policy-rc.d. A product that can't start yet must not fail its installation.
    # shellcheck disable=SC2086
    deb-systemd-invoke restart $UNITS || true
}

if [ "$1" = configure ]; then
    make_account
    product_setup
    start_units
fi
