"""Connect's settings and tables."""

ACCOUNT = "rstudio-connect"
CONFIG = "/etc/rstudio-connect/rstudio-connect.gcfg"
LOG = "/var/log/rstudio/rstudio-connect/rstudio-connect.log"

KNOWN = {
    "Server": ["Address", "DataDir", "TempDir", "EmailProvider", "SenderEmail", "SenderEmailDisplayName", "PublicWarning", "LoggedInWarning", "HideVersion", "SourcePackageDir"],
    "HTTP": ["Listen", "NoWarning", "ForceSecure"],
    "HTTPS": ["Listen", "Certificate", "Key", "MinimumTLS"],
    "Database": ["Provider", "Dir", "SeparateInstrumentation"],
    "Postgres": ["URL", "Password", "InstrumentationURL", "InstrumentationPassword"],
    "SQLite": ["Dir", "Backup", "BackupFrequency"],
    "Python": ["Enabled", "Executable"],
    "R": ["Enabled", "Executable", "ExecutableScanning"],
    "Quarto": ["Enabled", "Executable"],
    "RPackageRepository": ["URL"],
    "Authentication": ["Provider", "Lifetime", "Inactivity"],
    "Authorization": ["DefaultUserRole", "PublishersCanManageVanities"],
    "Applications": ["ScheduleConcurrency", "RunAs", "ConnectionTimeout", "ReadTimeout", "Supervisor", "BundleRetentionLimit", "MinProcesses", "MaxProcesses"],
    "Scheduler": ["InitTimeout", "IdleTimeout", "MinProcesses", "MaxProcesses"],
    "SMTP": ["Host", "Port", "User", "Password", "SSL", "StartTLS"],
    "Logging": ["ServiceLog", "ServiceLogLevel", "ServiceLogFormat", "AuditLog"],
    "Metrics": ["Enabled", "DataPath"],
    "Bootstrap": ["Enabled", "SecretKeyFile"],
}  # fmt: skip

KEY_MISMATCH = (
    "Secret key mismatch between database and file; the database was previously used with a different secret key, whose "
    "signature began with {began}. Put that key back"
)

# One list of statements per schema version: version 1 is what the old release makes, version 2 the new one's step.
MIGRATIONS = [
    [
        "CREATE TABLE users (guid text PRIMARY KEY, username text UNIQUE NOT NULL, email text NOT NULL, role text NOT NULL, created_time text NOT NULL)",
        "CREATE TABLE api_keys (id text PRIMARY KEY, user_guid text NOT NULL REFERENCES users(guid), name text NOT NULL, key_hash text UNIQUE NOT NULL, created_time text NOT NULL)",
        "CREATE TABLE content (guid text PRIMARY KEY, name text NOT NULL, title text NOT NULL, owner_guid text NOT NULL REFERENCES users(guid), py_version text, bundle_id text, created_time text NOT NULL, last_deployed_time text)",
        "CREATE TABLE bundles (id text PRIMARY KEY, content_guid text NOT NULL REFERENCES content(guid), size integer NOT NULL, created_time text NOT NULL)",
        "CREATE TABLE environment (content_guid text NOT NULL REFERENCES content(guid), name text NOT NULL, value text NOT NULL, PRIMARY KEY (content_guid, name))",
        "CREATE TABLE schedules (id text PRIMARY KEY, content_guid text NOT NULL REFERENCES content(guid), cron text NOT NULL, email integer NOT NULL, next_run text NOT NULL)",
        "CREATE TABLE schedule_runs (id text PRIMARY KEY, schedule_id text NOT NULL, content_guid text NOT NULL, due text NOT NULL, started text NOT NULL, finished text NOT NULL, code integer NOT NULL, missed integer NOT NULL, mailed integer NOT NULL)",
        "CREATE TABLE visits (id text PRIMARY KEY, content_guid text NOT NULL, user_guid text, started text NOT NULL, ended text NOT NULL)",
    ],
    [
        "ALTER TABLE content ADD COLUMN last_built_time text",
        "ALTER TABLE visits ADD COLUMN data_version integer NOT NULL DEFAULT 3",
        "UPDATE content SET last_built_time = last_deployed_time",
        "CREATE INDEX visits_by_content ON visits (content_guid, started)",
    ],
]  # fmt: skip
