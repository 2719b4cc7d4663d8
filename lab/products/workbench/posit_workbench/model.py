"""Workbench's settings and tables."""

ACCOUNT = "rstudio-server"
LOG = "/var/log/rstudio/rstudio-server/rserver.log"
LAUNCHER_LOG = "/var/log/rstudio/launcher/rstudio-launcher.log"
DATA = "/var/lib/rstudio-server"
OFFLINE = DATA + "/offline"
LAUNCHER_RUN = "/run/rstudio-launcher"
SESSIONS = LAUNCHER_RUN + "/sessions"
LAUNCHER_SOCKET = LAUNCHER_RUN + "/launcher.sock"

# Kind of session → the program it runs as.
PROGRAMS = {"rsession": "rsession", "jupyter": "jupyter-lab", "vscode": "pwb-code-server"}

KNOWN = {
    "rserver.conf": {
        "www-port", "www-address", "www-root-path", "admin-enabled", "admin-group", "server-health-check-enabled", "server-shared-storage-path", "server-data-dir",
        "server-user", "server-project-sharing", "auth-pam-sessions-enabled", "auth-required-user-group", "auth-timeout-minutes", "auth-stay-signed-in-days", "launcher-address",
        "launcher-port", "launcher-sessions-enabled", "launcher-default-cluster", "launcher-sessions-callback-address", "launcher-use-ssl", "ssl-enabled", "ssl-certificate",
        "ssl-certificate-key", "secure-cookie-key-file", "session-python-index-url", "rsession-which-r", "r-versions-scan", "audit-data-path", "monitor-data-path", "audit-r-sessions",
        "load-balancing-enabled", "workspaces-enabled", "user-provisioning-enabled", "rsession-proxy-max-wait-secs", "www-verify-user-agent", "www-frame-origin", "database-config-file",
    },
    "rsession.conf": {
        "r-cran-repos", "r-cran-repos-file", "allow-r-cran-repos-edit", "session-timeout-minutes", "session-timeout-suspend", "session-save-action-default", "r-libs-user",
        "session-first-project-template-path", "session-default-working-dir", "session-default-new-project-dir", "default-rsconnect-server", "copilot-enabled", "session-timeout-kill-hours",
        "limit-cpu-time-minutes", "limit-file-upload-size-mb", "show-help-home", "websocket-log-level",
    },
    "database.conf": {
        "provider", "host", "database", "port", "username", "password", "sslmode", "connection-uri", "directory", "connection-timeout-seconds", "pool-size", "sslrootcert",
    },
}  # fmt: skip

# One list of statements per schema version: version 1 is what the old release makes, version 2 the new one's step.
MIGRATIONS = [
    [
        "CREATE TABLE licensed_user (user_name text PRIMARY KEY, user_id integer NOT NULL, created text NOT NULL, last_sign_in text NOT NULL)",
        "CREATE TABLE session_history (id text PRIMARY KEY, user_name text NOT NULL, kind text NOT NULL, started text NOT NULL)",
    ],
    [
        "ALTER TABLE licensed_user ADD COLUMN locked integer NOT NULL DEFAULT 0",
        "CREATE TABLE audit_event (id text PRIMARY KEY, user_name text NOT NULL, event text NOT NULL, happened text NOT NULL)",
    ],
]  # fmt: skip
