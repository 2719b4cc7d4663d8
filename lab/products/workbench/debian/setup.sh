# shellcheck shell=sh
# The server runs as root, which PAM and sessions of other people need; a key is made where there is none. Running sessions
# are suspended by force, as Posit's package does it: installing over a server that people use ends their work.
product_setup() {
    chown root:root "$ACCOUNT_HOME"
    chmod 0755 "$ACCOUNT_HOME"
    chmod 0600 /etc/rstudio/database.conf
    /usr/sbin/rstudio-server force-suspend-all || true
    if [ ! -e /etc/rstudio/secure-cookie-key ]; then
        (umask 077 && cat /proc/sys/kernel/random/uuid >/etc/rstudio/secure-cookie-key)
    fi
}
