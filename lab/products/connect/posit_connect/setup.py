"""What the server and rscadmin open before they work: configuration, key, database."""
import os
import uuid

from posit_common import clock, database, log, paths, secrets, settings

from . import model


class Connect:
    """What the parts of a running Connect share."""

    def __init__(self, config, release, data, key, db):
        self.config, self.release, self.data, self.key, self.db = config, release, data, key, db


def read_config(files):
    config = settings.read_gcfg(files or [paths.rooted(model.CONFIG)], model.KNOWN)
    provider = config.get("Database", "Provider", "sqlite").lower()
    if provider not in ("sqlite", "postgres"):
        raise settings.ConfigError(f"Database.Provider must be SQLite or Postgres, not {provider}")
    if provider == "postgres" and not config.get("Postgres", "URL"):
        raise settings.ConfigError("Postgres.URL is missing")
    mail = config.get("Server", "EmailProvider", "none").lower()
    if mail not in ("none", "smtp", "sendmail"):
        raise settings.ConfigError(f"Server.EmailProvider must be none, SMTP or sendmail, not {mail}")
    if mail != "none" and not config.get("Server", "SenderEmail"):
        raise settings.ConfigError("Server.SenderEmail is missing; it is required to send mail")
    config.number("Applications", "ScheduleConcurrency", 2)
    return config


def data_folder(config):
    return config.get("Server", "DataDir", paths.rooted("/var/lib/rstudio-connect"))


def key_path(config):
    return os.path.join(data_folder(config), "db", "secret.key")


def open_database(config, key):
    if config.get("Database", "Provider", "sqlite").lower() == "sqlite":
        return database.connect_sqlite(os.path.join(data_folder(config), "db", "connect.db"))
    password = secrets.password_from(key or b"", config.get("Postgres", "Password"), "Postgres.Password")
    return database.connect_postgres(database.parameters_of(config.get("Postgres", "URL"), password))


def open_connect(files, release):
    config = read_config(files)
    data = data_folder(config)
    paths.require_writable(data)
    key = existing_key(config)
    db = open_database(config, key)
    log.info(f"using {db.label}")
    if key is None:
        if database.has_schema(db):
            raise settings.ConfigError(f"the key {key_path(config)} is missing, and this database was signed with one; put it back")
        key = secrets.read_key(key_path(config), create=True)
    database.prepare(db, key, model.MIGRATIONS, release["schema"], f"Connect {release['version']}", model.KEY_MISMATCH)
    return Connect(config, release, data, key, db)


def existing_key(config):
    """A missing key is made only for a database that has none yet, and never for a password that needs one."""
    path = key_path(config)
    if os.path.exists(path) or config.get("Postgres", "Password").startswith(secrets.PREFIX):
        return secrets.read_key(path)
    return None


def new_id():
    return str(uuid.uuid4())


def now_text():
    return clock.to_text(clock.now())
