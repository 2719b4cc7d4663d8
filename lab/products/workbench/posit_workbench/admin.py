"""rstudio-server: what administrators do on the host."""
import argparse
import json
import os
import subprocess
import sys

from posit_common import paths, program, secrets

from . import model, sessions, setup

COUNTED = ("licensed_user", "session_history")
UNIT = "rstudio-server"


def main(library):
    release = program.release(library)
    parser = argparse.ArgumentParser(prog="rstudio-server")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("start", "stop", "restart", "status", "offline", "online", "active-sessions", "suspend-all", "force-suspend-all", "kill-all", "test-config", "version", "list-users"):
        commands.add_parser(name)
    commands.add_parser("encrypt-password", help="standard input, encrypted with the secure cookie key")
    commands.add_parser("counts", help="how many rows the tables have, as JSON; changes nothing")
    for name in ("suspend-session", "force-suspend-session", "kill-session"):
        commands.add_parser(name).add_argument("pid", type=int)
    arguments = parser.parse_args()
    program.attempt("rstudio-server", lambda: act(arguments, release))


def act(arguments, release):
    command, pid = arguments.command, getattr(arguments, "pid", None)
    if command in ("start", "stop", "restart", "status"):
        if command in ("start", "restart"):
            setup.read_config()
        sys.exit(subprocess.call(["systemctl", command, UNIT]))
    elif command in ("offline", "online"):
        switch(command == "offline")
    elif command == "active-sessions":
        show(sessions.active())
    elif command.startswith("force-suspend"):
        sessions.send(sessions.FORCE_SUSPEND, pid)
    elif command.startswith("suspend"):
        sessions.send(sessions.SUSPEND, pid)
    elif command.startswith("kill"):
        sessions.send(sessions.KILL, pid, kinds=tuple(model.PROGRAMS))
    elif command == "test-config":
        setup.read_config()
        print("The configuration is valid.")
    elif command == "version":
        print(f"{release['version']} Workbench (stand-in)")
    elif command == "encrypt-password":
        print(secrets.encrypt(secrets.read_key(setup.key_path(), create=True), sys.stdin.read().rstrip("\n")))
    else:
        ask_database(command)


def switch(offline):
    marker = paths.rooted(model.OFFLINE)
    if offline:
        with open(marker, "w", encoding="utf-8"):
            pass
    elif os.path.exists(marker):
        os.unlink(marker)


def show(found):
    print(f"{'PID':>7} {'USER':<16} {'KIND':<10} {'STATE':<6} SESSION")
    for one in found:
        print(f"{one['pid']:>7} {one['user']:<16} {one['kind']:<10} {'busy' if one['busy'] else 'idle':<6} {one['id']}")


def ask_database(command):
    _, parameters = setup.read_config()
    db = setup.open_database(parameters, setup.existing_key(parameters))
    if command == "list-users":
        for row in db.execute("SELECT user_name FROM licensed_user ORDER BY user_name"):
            print(row["user_name"])
        return
    counts = {table: db.one(f"SELECT count(*) AS n FROM {table}")["n"] for table in COUNTED}
    counts["schema_version"] = db.one("SELECT version FROM schema_version")["version"]
    print(json.dumps(counts, separators=(",", ":")))
