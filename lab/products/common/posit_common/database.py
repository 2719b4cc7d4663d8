"""A product's database: PostgreSQL or SQLite, its schema's version, and the signature of the key that belongs to it."""
import os
import sqlite3
import threading
import urllib.parse

from . import log
from .paths import rooted
from .secrets import signature
from .settings import ConfigError

DATABASE_CA = "/etc/ssl/certs/posit-database-ca.pem"
KEY_MISMATCH = "the key does not belong to this database: its signature differs. Put back the key it was made with"


class Unavailable(Exception):
    """The database can't be reached just now; worth another try."""


def connect_sqlite(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)

    def open_():
        connection = sqlite3.connect(path, check_same_thread=False, timeout=20)
        connection.execute("PRAGMA journal_mode=DELETE")
        return connection

    return Database(open_, "sqlite", f"SQLite {path}")


def parameters_of(url, password):
    """psycopg2's parameters from a postgres:// URL. TLS is required, and checked when the host has the CA."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.hostname:
        raise ConfigError(f"this is no database URL of the form postgres://user@host:5432/name: {_hide(url)}")
    query = dict(urllib.parse.parse_qsl(parts.query))
    return {
        "host": parts.hostname,
        "port": parts.port or 5432,
        "dbname": parts.path.lstrip("/"),
        "user": urllib.parse.unquote(parts.username or ""),
        "password": password or urllib.parse.unquote(parts.password or ""),
        **query,
    }


def _hide(url):
    return url if "@" not in url else "…@" + url.rsplit("@", 1)[1]


def connect_postgres(parameters):
    import psycopg2  # only hosts with PostgreSQL need it

    ca = rooted(DATABASE_CA)
    wanted = dict(parameters)
    if not wanted.get("sslmode"):
        wanted["sslmode"] = "verify-full" if os.path.exists(ca) else "require"
    if wanted["sslmode"].startswith("verify") and "sslrootcert" not in wanted and os.path.exists(ca):
        wanted["sslrootcert"] = ca
    wanted.setdefault("connect_timeout", 5)
    label = f"PostgreSQL {wanted['host']}:{wanted['port']}/{wanted['dbname']} as {wanted['user']}"

    def open_():
        try:
            connection = psycopg2.connect(**wanted)
        except psycopg2.OperationalError as error:
            raise Unavailable(f"{label}: {str(error).strip()}") from None
        connection.autocommit = False
        return connection

    return Database(open_, "postgres", label)


class Database:
    """One connection, shared by all threads in turn; opened anew when it broke."""

    def __init__(self, open_, kind, label):
        self.open = open_
        self.kind = kind
        self.label = label
        self.lock = threading.RLock()
        self.connection = open_()

    def _statement(self, cursor, sql, values):
        cursor.execute(sql if self.kind == "sqlite" else sql.replace("?", "%s"), values)

    def transaction(self, work):
        """Runs work(execute) as one transaction; execute(sql, values) answers rows as dictionaries."""
        with self.lock:
            try:
                return self._attempt(work)
            except Exception as error:
                if self.kind == "sqlite" or type(error).__name__ not in ("OperationalError", "InterfaceError"):
                    raise
                log.warning(f"database connection lost, opening it anew: {str(error).strip()}")
                try:
                    self.connection.close()
                except Exception:  # it is broken already
                    pass
                self.connection = self.open()
                return self._attempt(work)

    def _attempt(self, work):
        cursor = self.connection.cursor()

        def execute(sql, values=()):
            self._statement(cursor, sql, values)
            if cursor.description is None:
                return []
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row)) for row in cursor.fetchall()]

        try:
            result = work(execute)
            self.connection.commit()
            return result
        except BaseException:
            try:
                self.connection.rollback()
            except Exception:  # the connection itself may be what failed
                pass
            raise
        finally:
            cursor.close()

    def execute(self, sql, values=()):
        return self.transaction(lambda execute: execute(sql, values))

    def one(self, sql, values=()):
        rows = self.execute(sql, values)
        return rows[0] if rows else None

    def close(self):
        with self.lock:
            self.connection.close()


def prepare(database, key, migrations, schema, program, mismatch=KEY_MISMATCH):
    """Brings the schema forward to `schema` and checks that the key belongs to this database. All or nothing.

    `mismatch` is what a foreign key is refused with; {began} in it is how the right key's signature begins.
    """

    def work(execute):
        execute("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)")
        execute("CREATE TABLE IF NOT EXISTS key_signature (signature text NOT NULL)")
        rows = execute("SELECT version FROM schema_version")
        version = rows[0]["version"] if rows else 0
        if version > schema:
            raise ConfigError(
                f"the database has schema version {version}, and {program} knows versions up to {schema} only: it was "
                "migrated by a newer release. Install that release, or restore a database of this one"
            )
        signed = execute("SELECT signature FROM key_signature")
        if signed and signed[0]["signature"] != signature(key):
            raise ConfigError(mismatch.format(began=signed[0]["signature"][:8]))
        if not signed:
            execute("INSERT INTO key_signature (signature) VALUES (?)", (signature(key),))
        for number in range(version + 1, schema + 1):
            log.info(f"migrating the database to schema version {number}")
            for statement in migrations[number - 1]:
                execute(statement)
        if version == 0:
            execute("INSERT INTO schema_version (version) VALUES (?)", (schema,))
        elif version < schema:
            execute("UPDATE schema_version SET version = ?", (schema,))

    try:
        database.transaction(work)
    except Exception as error:
        if type(error).__name__ != "InsufficientPrivilege":
            raise
        reason = f"{database.label}: {str(error).strip()}. The role must own the database's tables: give them to it (ALTER TABLE … OWNER TO …)"
        raise ConfigError(reason) from None


def has_schema(database):
    """Whether a product has used this database already (then a missing key must not be made anew)."""
    try:
        return bool(database.execute("SELECT signature FROM key_signature"))
    except Exception as error:
        if type(error).__name__ in ("OperationalError", "UndefinedTable", "ProgrammingError"):
            return False
        raise
