# shellcheck shell=sh
# The server runs as root, which PAM and sessions of other people need; a key is made where there is none.
product_setup() {
    chown root:root "$ACCOUNT_HOME"
    chmod 0755 "$ACCOUNT_HOME"
    chmod 0600 /etc/rstudio/database.conf
    if [ ! -e /etc/rstudio/secure-cookie-key ]; then
        (umask 077 && cat /proc/sys/kernel/random/uuid >/etc/rstudio/secure-cookie-key)
    fi
}
