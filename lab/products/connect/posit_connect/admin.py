"""rscadmin: what administrators do on the host. Works on the configured database, whether the server runs or not."""
import argparse
import json
import sys

from posit_common import program, secrets, settings

from . import content, setup, users

COUNTED = ("users", "api_keys", "content", "bundles", "environment", "schedules", "schedule_runs", "visits")


def main(library):
    release = program.release(library)
    parser = argparse.ArgumentParser(prog="rscadmin")
    parser.add_argument("--config", action="append")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("encrypt-config-value", help="standard input, encrypted with the server's key")
    user = commands.add_parser("create-user")
    user.add_argument("--username", required=True)
    user.add_argument("--role", default="publisher")
    user.add_argument("--email")
    key = commands.add_parser("create-api-key", help="prints a new API key, once")
    key.add_argument("--username", required=True)
    key.add_argument("--name", default="made with rscadmin")
    rebuild_ = commands.add_parser("rebuild-content", help="builds environments for this host's interpreters")
    rebuild_.add_argument("--all", action="store_true")
    rebuild_.add_argument("--guid", action="append", default=[], help="only this one; repeated: in this order")
    commands.add_parser("counts", help="how many rows the tables have, as JSON; changes nothing")
    arguments = parser.parse_args()
    program.attempt("rscadmin", lambda: act(arguments, release))


def act(arguments, release):
    if arguments.command == "encrypt-config-value":
        print(secrets.encrypt(secrets.read_key(key_path(arguments.config), create=True), sys.stdin.read().rstrip("\n")))
    elif arguments.command == "counts":
        config = setup.read_config(arguments.config)
        db = setup.open_database(config, setup.existing_key(config))
        counts = {table: db.one(f"SELECT count(*) AS n FROM {table}")["n"] for table in COUNTED}
        counts["schema_version"] = db.one("SELECT version FROM schema_version")["version"]
        print(json.dumps(counts, separators=(",", ":")))
    elif arguments.command == "rebuild-content":
        if not arguments.all and not arguments.guid:
            raise settings.ConfigError("say which: --all or --guid GUID")
        rebuild(setup.open_connect(arguments.config, release), arguments.guid)
    else:
        db = setup.open_connect(arguments.config, release).db
        if arguments.command == "create-user":
            users.create(db, arguments.username, arguments.role, arguments.email)
        else:
            print(users.create_api_key(db, arguments.username, arguments.name))


def key_path(files):
    """Encrypting comes before there is a valid configuration."""
    try:
        return setup.key_path(setup.read_config(files))
    except settings.ConfigError:
        return setup.key_path(settings.Settings())


def rebuild(connect, guids):
    """Builds the environments of content for this host's interpreters; a line per item, and one of JSON at the end."""
    done = {"rebuilt": [], "failed": []}
    items = [content.item(connect, guid) for guid in guids] if guids else content.all_items(connect)
    for item in items:
        if not item["bundle_id"]:
            continue
        try:
            content.rebuild(connect, item["guid"], lambda _: None)
            done["rebuilt"].append(item["name"])
        except Exception as error:
            done["failed"].append({"guid": item["guid"], "name": item["name"], "reason": str(error)[-500:]})
        sys.stderr.write(f"{item['name']}: {'built' if item['name'] in done['rebuilt'] else 'failed'}\n")
    print(json.dumps(done, separators=(",", ":")))
    if done["failed"]:
        sys.exit(1)
