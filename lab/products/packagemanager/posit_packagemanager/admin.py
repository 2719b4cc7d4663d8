"""rspm: what administrators do on the host. Talks to the running server; encrypt and counts work without it."""
import argparse
import json
import sys

from posit_common import program, secrets, settings, web

from . import model, setup

COUNTED = ("repos", "snapshots", "snapshot_files", "sync_runs", "downloads")


def main(library):
    release = program.release(library)
    parser = argparse.ArgumentParser(prog="rspm")
    parser.add_argument("--config", action="append")
    parser.add_argument("--version", action="version", version=f"Posit Package Manager {release['version']}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("encrypt", help="standard input, encrypted with the server's key").add_argument("action", nargs="?", choices=["generate"])
    commands.add_parser("list", help="repositories, one line of JSON each, with the newest snapshot's hash")
    commands.add_parser("offline", help="finish requests in progress, answer 503 to all others")
    commands.add_parser("online")
    commands.add_parser("counts", help="how many rows the tables have, as JSON; changes nothing")
    sync = commands.add_parser("sync")
    sync.add_argument("--type", choices=sorted(model.KINDS))
    sync.add_argument("--wait", action="store_true")
    repo = commands.add_parser("create").add_subparsers(dest="what", required=True).add_parser("repo")
    repo.add_argument("--name", required=True)
    repo.add_argument("--type", default="r")
    repo.add_argument("--description", default="")
    subscribe = commands.add_parser("subscribe", help="repositories have their type's source from the start")
    subscribe.add_argument("--repo", required=True)
    subscribe.add_argument("--source", required=True)
    arguments = parser.parse_args()
    program.drop_to(model.ACCOUNT)
    program.attempt("rspm", lambda: act(arguments))


def act(arguments):
    command = arguments.command
    if command == "encrypt":
        key = secrets.read_key(key_path(arguments.config), create=True)
        if arguments.action != "generate":
            print(secrets.encrypt(key, sys.stdin.read().rstrip("\n")))
    elif command == "counts":
        counts(arguments.config)
    elif command in ("offline", "online"):
        print(ask(arguments.config, "POST", f"/{command}")["status"])
    elif command == "list":
        for repo in ask(arguments.config, "GET", "/repos"):
            line = {"repository": repo["name"], "type": repo["type"], "description": repo["description"], "snapshot": repo.get("frozen_hash")}
            print(json.dumps(line, separators=(",", ":")))
    elif command == "sync":
        runs = ask(arguments.config, "POST", "/sync", {"type": arguments.type})
        for run in runs:
            print(f"{run['source']}: {run['error'] or str(run['packages']) + ' packages'}")
        if any(run["error"] for run in runs):
            sys.exit(1)
    elif command == "create":
        ask(arguments.config, "POST", "/repos", {"name": arguments.name, "type": arguments.type, "description": arguments.description})
        print(f"Repository {arguments.name} created")


def ask(files, method, path, body=None):
    socket = setup.socket_path(setup.read_config(files))
    try:
        status, answer = web.ask_socket(socket, method, path, body)
    except (FileNotFoundError, ConnectionRefusedError):
        raise settings.ConfigError(f"the server does not run ({socket}); start it: systemctl start rstudio-pm") from None
    if status >= 400:
        raise settings.ConfigError(answer["error"])
    return answer


def key_path(files):
    """Encrypting comes before there is a valid configuration."""
    try:
        return setup.key_path(setup.read_config(files))
    except settings.ConfigError:
        return setup.key_path(settings.Settings())


def counts(files):
    config = setup.read_config(files)
    db = setup.open_database(config, setup.existing_key(config))
    found = {table: db.one(f"SELECT count(*) AS n FROM {table}")["n"] for table in COUNTED}
    found["schema_version"] = db.one("SELECT version FROM schema_version")["version"]
    print(json.dumps(found, separators=(",", ":")))
