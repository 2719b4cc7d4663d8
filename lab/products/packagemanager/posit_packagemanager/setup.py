"""What the server and rspm open before they work: configuration, key, database."""
import os

from posit_common import clock, database, log, paths, secrets, settings

from . import model


class PackageManager:
    """What the parts of a running Package Manager share."""

    def __init__(self, config, release, data, db):
        self.config, self.release, self.data, self.db = config, release, data, db
        self.upstream = config.get("Manifest", "URL", model.UPSTREAM).rstrip("/")
        self.offline = False


def read_config(files):
    config = settings.read_gcfg(files or [paths.rooted(model.CONFIG)], model.KNOWN)
    provider = config.get("Database", "Provider", "sqlite").lower()
    if provider not in ("sqlite", "postgres"):
        raise settings.ConfigError(f"Database.Provider must be sqlite or postgres, not {provider}")
    if provider == "postgres" and not config.get("Postgres", "URL"):
        raise settings.ConfigError("Postgres.URL is missing")
    for cron in schedules(config).values():
        clock.parse_cron(cron)
    return config


def schedules(config):
    """Cron of each source that is synchronised by schedule."""
    found = {source: config.get(source, "SyncSchedule") for source in model.KINDS}
    return {source: cron for source, cron in found.items() if cron}


def data_folder(config):
    return config.get("Server", "DataDir", paths.rooted("/var/lib/rstudio-pm"))


def key_path(config):
    return config.get("Server", "EncryptionKeyPath") or os.path.join(data_folder(config), "rstudio-pm.key")


def socket_path(config):
    folder = config.get("Server", "SockFileDir")
    return os.path.join(folder, "rstudio-pm.sock") if folder else paths.rooted(model.SOCKET)


def existing_key(config):
    path = key_path(config)
    if os.path.exists(path) or config.get("Postgres", "Password").startswith(secrets.PREFIX):
        return secrets.read_key(path)
    return None


def open_database(config, key):
    if config.get("Database", "Provider", "sqlite").lower() == "sqlite":
        return database.connect_sqlite(os.path.join(data_folder(config), "db", "rstudio-pm.db"))
    password = secrets.password_from(key or b"", config.get("Postgres", "Password"), "Postgres.Password")
    return database.connect_postgres(database.parameters_of(config.get("Postgres", "URL"), password))


def open_package_manager(files, release):
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
    database.prepare(db, key, model.MIGRATIONS, release["schema"], f"Package Manager {release['version']}")
    return PackageManager(config, release, data, db)
