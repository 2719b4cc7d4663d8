"""What the server opens before it works: configuration, key, database."""
import os

from posit_common import database, log, paths, secrets, settings

from . import model


class Workbench:
    """What the parts of a running Workbench share."""

    def __init__(self, config, release, key, db):
        self.config, self.release, self.key, self.db = config, release, key, db


def config_folder():
    return os.environ.get("RSTUDIO_CONFIG_DIR") or paths.rooted("/etc/rstudio")


def _read(name):
    return settings.read_key_values(os.path.join(config_folder(), name), model.KNOWN.get(name), optional=True)


def read_config():
    config = _read("rserver.conf")
    _read("rsession.conf")
    settings.read_key_values(os.path.join(config_folder(), "repos.conf"), None, optional=True)
    if not config.get("www-port", "8787").isdigit():
        raise settings.ConfigError(f"rserver.conf: www-port must be a number, not {config['www-port']}")
    database_parameters = _read("database.conf")
    provider = database_parameters.get("provider", "sqlite")
    if provider not in ("sqlite", "postgresql"):
        raise settings.ConfigError(f"database.conf: provider must be sqlite or postgresql, not {provider}")
    if provider == "postgresql" and not (database_parameters.get("host") or database_parameters.get("connection-uri")):
        raise settings.ConfigError("database.conf: host is missing")
    return config, database_parameters


def key_path():
    return _read("rserver.conf").get("secure-cookie-key-file") or os.path.join(config_folder(), "secure-cookie-key")


def open_database(parameters, key):
    if parameters.get("provider", "sqlite") == "sqlite":
        folder = parameters.get("directory") or paths.rooted(model.DATA)
        return database.connect_sqlite(os.path.join(folder, "rstudio.sqlite"))
    password = secrets.password_from(key or b"", parameters.get("password", ""), "database.conf: password")
    if parameters.get("connection-uri"):
        return database.connect_postgres(database.parameters_of(parameters["connection-uri"], password))
    wanted = {
        "host": parameters["host"],
        "port": parameters.get("port", "5432"),
        "dbname": parameters.get("database", "rstudio"),
        "user": parameters.get("username", "rstudio"),
        "password": password,
        "sslmode": parameters.get("sslmode", ""),
    }
    if parameters.get("sslrootcert"):
        wanted["sslrootcert"] = parameters["sslrootcert"]
    return database.connect_postgres(wanted)


def existing_key(parameters):
    path = key_path()
    if os.path.exists(path) or parameters.get("password", "").startswith(secrets.PREFIX):
        return secrets.read_key(path)
    return None


def open_workbench(release):
    config, parameters = read_config()
    paths.require_writable(paths.rooted(model.DATA))
    key = existing_key(parameters)
    db = open_database(parameters, key)
    log.info(f"using {db.label}")
    if key is None:
        if database.has_schema(db):
            raise settings.ConfigError(f"the key {key_path()} is missing, and this database was signed with one; put it back")
        key = secrets.read_key(key_path(), create=True)
    database.prepare(db, key, model.MIGRATIONS, release["schema"], f"Workbench {release['version']}")
    return Workbench(config, release, key, db)
