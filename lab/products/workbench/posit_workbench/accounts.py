"""People as the operating system knows them, and work done as one of them."""
import os
import pwd
import subprocess
import sys

from posit_common.web import Refusal

# Runs as the person: lists a folder or prints a file, with that person's rights and nobody else's.
HELPER = """
import json, os, pwd, sys
what, path = sys.argv[1:]
def owner(uid):
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
try:
    if what == "list":
        rows = []
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            stat = entry.stat(follow_symlinks=False)
            rows.append({"name": entry.name, "uid": stat.st_uid, "gid": stat.st_gid, "owner": owner(stat.st_uid), "size": stat.st_size})
        print(json.dumps(rows))
    else:
        with open(path, "rb") as file:
            sys.stdout.buffer.write(file.read())
except OSError as error:
    sys.stderr.write(error.strerror)
    sys.exit({"FileNotFoundError": 44, "PermissionError": 43}.get(type(error).__name__, 40))
"""


def person(username):
    try:
        return pwd.getpwnam(username)
    except KeyError:
        raise Refusal(403, f"there is no account {username}") from None


def identity(entry):
    """Popen's arguments that make a process this person's."""
    if os.geteuid() != 0:
        return {}
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": os.getgrouplist(entry.pw_name, entry.pw_gid)}


def as_person(username, what, path):
    entry = person(username)
    if not path.startswith("/"):
        path = os.path.join(entry.pw_dir, path)
    result = subprocess.run([sys.executable, "-ISB", "-c", HELPER, what, path], capture_output=True, cwd="/", timeout=60, **identity(entry))
    if result.returncode in (40, 43, 44):
        raise Refusal(400 if result.returncode == 40 else 360 + result.returncode, f"{path}: {result.stderr.decode()}")
    if result.returncode != 0:
        raise RuntimeError(result.stderr.decode()[-500:])
    return result.stdout
