# shellcheck shell=sh
# Connect runs as root and its content as rstudio-connect.
product_setup() {
    chown root:root "$ACCOUNT_HOME"
    chmod 0755 "$ACCOUNT_HOME"
    chmod 0600 /etc/rstudio-connect/rstudio-connect.gcfg
}
