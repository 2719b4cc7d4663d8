# shellcheck shell=sh
# Package Manager runs as rstudio-pm, which owns its data, configuration and log.
product_setup() {
    chown "$ACCOUNT:$ACCOUNT" "$ACCOUNT_HOME" "$LOG_DIR" /etc/rstudio-pm/rstudio-pm.gcfg
    chmod 0701 "$ACCOUNT_HOME"
    chmod 0775 "$LOG_DIR"
    chmod 0640 /etc/rstudio-pm/rstudio-pm.gcfg
}
