"""Package Manager's settings and tables."""

ACCOUNT = "rstudio-pm"
CONFIG = "/etc/rstudio-pm/rstudio-pm.gcfg"
LOG = "/var/log/rstudio/rstudio-pm/rstudio-pm.log"
SOCKET = "/run/rstudio-pm/rstudio-pm.sock"

# Where packages come from; the real product's Posit Package Service.
UPSTREAM = "http://repository.test/upstream"

# Kinds of sources, and the type of repository that is made of each.
KINDS = {"pypi": "python", "cran": "r"}

KNOWN = {
    "Server": ["Address", "DataDir", "RVersion", "PythonVersion", "LauncherDir", "EncryptionKeyPath", "SockFileDir", "TempDir", "HideVersion"],
    "HTTP": ["Listen", "NoWarning"],
    "HTTPS": ["Listen", "Certificate", "Key"],
    "Database": ["Provider", "UsageProvider"],
    "Postgres": ["URL", "Password", "UsageDataURL", "UsageDataPassword"],
    "SQLite": ["Dir", "UsageDataDir"],
    "Storage": ["Default", "Persistent"],
    "FileStorage": ["Location"],
    "CRAN": ["SyncSchedule"],
    "PyPI": ["SyncSchedule"],
    "Bioconductor": ["SyncSchedule"],
    "Manifest": ["URL", "User", "Password"],
    "Proxy": ["URL", "User", "Password"],
    "Git": ["PollInterval", "BuildRetries", "AllowUnsandboxedGitBuilds"],
    "Metrics": ["Enabled", "DataPath"],
    "Logging": ["ServiceLog", "ServiceLogLevel", "AccessLog"],
    "Repos": ["PyPI", "CRAN"],
}  # fmt: skip

# One list of statements per schema version: version 1 is what the old release makes, version 2 the new one's step.
MIGRATIONS = [
    [
        "CREATE TABLE repos (name text PRIMARY KEY, type text NOT NULL, description text NOT NULL, created text NOT NULL)",
        "CREATE TABLE snapshots (repo text NOT NULL REFERENCES repos(name), hash text NOT NULL, created text NOT NULL, number integer NOT NULL, PRIMARY KEY (repo, hash))",
        "CREATE TABLE snapshot_files (repo text NOT NULL, hash text NOT NULL, package text NOT NULL, version text NOT NULL, filename text NOT NULL, sha256 text NOT NULL, codename text NOT NULL)",
        "CREATE INDEX files_by_snapshot ON snapshot_files (repo, hash, package)",
        "CREATE TABLE sync_runs (id text PRIMARY KEY, source text NOT NULL, started text NOT NULL, finished text NOT NULL, missed integer NOT NULL, packages integer NOT NULL, error text NOT NULL)",
        "CREATE TABLE sync_schedules (source text PRIMARY KEY, cron text NOT NULL, next_run text NOT NULL)",
        "CREATE TABLE downloads (repo text NOT NULL, package text NOT NULL, downloaded text NOT NULL)",
    ],
    [
        "ALTER TABLE repos ADD COLUMN hidden integer NOT NULL DEFAULT 0",
        "ALTER TABLE downloads ADD COLUMN client text NOT NULL DEFAULT 'unknown'",
        "CREATE TABLE blocklist_rules (id text PRIMARY KEY, repo text NOT NULL, package text NOT NULL)",
    ],
]  # fmt: skip
