"""Content items: bundles, deployment, running."""
import io
import json
import os
import shutil
import subprocess
import tarfile

from posit_common import secrets
from posit_common.web import Refusal

from . import runtimes
from .setup import new_id, now_text

ITEMS = (
    "SELECT c.guid, c.name, c.title, c.owner_guid, u.username AS owner_username, c.py_version, c.bundle_id, "
    "c.created_time, c.last_deployed_time FROM content c JOIN users u ON u.guid = c.owner_guid"
)


def all_items(connect):
    return connect.db.execute(f"{ITEMS} ORDER BY c.name, c.guid")


def item(connect, guid):
    found = connect.db.one(f"{ITEMS} WHERE c.guid = ?", (guid,))
    if not found:
        raise Refusal(404, f"there is no content {guid}")
    return found


def create(connect, user, name, title):
    if not name:
        raise Refusal(400, "the content needs a name")
    guid = new_id()
    connect.db.execute(
        "INSERT INTO content (guid, name, title, owner_guid, created_time) VALUES (?, ?, ?, ?, ?)",
        (guid, name, title or name, user["guid"], now_text()),
    )
    return item(connect, guid)


def bundle_path(connect, guid, bundle):
    return os.path.join(connect.data, "bundles", guid, f"{bundle}.tar.gz")


def app_folder(connect, guid, bundle):
    return os.path.join(connect.data, "apps", guid, str(bundle))


def add_bundle(connect, guid, data):
    item(connect, guid)
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            names = [os.path.normpath(name) for name in archive.getnames()]
    except tarfile.TarError:
        raise Refusal(400, "the bundle is no tar.gz") from None
    if "app.py" not in names:
        raise Refusal(400, "the bundle has no app.py")
    bundle = new_id()
    path = bundle_path(connect, guid, bundle)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    connect.db.execute("INSERT INTO bundles VALUES (?, ?, ?, ?)", (bundle, guid, len(data), now_text()))
    return {"id": bundle, "content_guid": guid, "size": len(data)}


def unpack(connect, guid, bundle):
    folder = app_folder(connect, guid, bundle)
    if not os.path.isdir(folder):
        part = folder + ".part"
        shutil.rmtree(part, ignore_errors=True)
        os.makedirs(part)
        with tarfile.open(bundle_path(connect, guid, bundle)) as archive:
            # Python 3.11.2 has no filter yet.
            archive.extractall(part, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        os.rename(part, folder)
    return folder


def deploy(connect, guid, bundle, say):
    """Unpacks the bundle, builds its environment, and only then makes it the one that runs."""
    row = connect.db.one("SELECT id FROM bundles WHERE id = ? AND content_guid = ?", (str(bundle), guid))
    if not row:
        raise RuntimeError(f"the content has no bundle {bundle}")
    say(f"Deploying bundle {bundle}")
    version = runtimes.build(connect.data, connect.config, unpack(connect, guid, bundle), None, say)
    connect.db.execute(
        "UPDATE content SET bundle_id = ?, py_version = ?, last_deployed_time = ? WHERE guid = ?",
        (str(bundle), version, now_text(), guid),
    )
    _write_schedule(connect, guid, bundle, say)


def _write_schedule(connect, guid, bundle, say):
    """A bundle may bring its schedule along: schedule.json {"cron", "email"}."""
    from . import schedules

    path = os.path.join(app_folder(connect, guid, bundle), "schedule.json")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            wanted = json.load(file)
        schedules.put(connect, guid, wanted["cron"], wanted.get("email", True))
        say(f"Scheduled: {wanted['cron']}")


def rebuild(connect, guid, say):
    """Builds the content's environment for an interpreter that this host has."""
    found = item(connect, guid)
    if not found["bundle_id"]:
        raise RuntimeError("the content was never deployed")
    app = unpack(connect, guid, found["bundle_id"])
    version = runtimes.build(connect.data, connect.config, app, found["py_version"], say)
    connect.db.execute("UPDATE content SET py_version = ? WHERE guid = ?", (version, guid))
    if connect.release["schema"] >= 2:
        connect.db.execute("UPDATE content SET last_built_time = ? WHERE guid = ?", (now_text(), guid))


def set_environment(connect, guid, variables):
    item(connect, guid)

    def work(execute):
        for variable in variables:
            execute("DELETE FROM environment WHERE content_guid = ? AND name = ?", (guid, variable["name"]))
            if variable.get("value") is not None:
                value = secrets.encrypt(connect.key, variable["value"])
                execute("INSERT INTO environment VALUES (?, ?, ?)", (guid, variable["name"], value))

    connect.db.transaction(work)
    return environment_names(connect, guid)


def environment_names(connect, guid):
    return [row["name"] for row in connect.db.execute("SELECT name FROM environment WHERE content_guid = ? ORDER BY name", (guid,))]


def _variables(connect, guid):
    rows = connect.db.execute("SELECT name, value FROM environment WHERE content_guid = ?", (guid,))
    return {row["name"]: secrets.decrypt(connect.key, row["value"], f"environment variable {row['name']}") for row in rows}


def run(connect, guid):
    """Runs the item once: (exit code, output, errors)."""
    found = item(connect, guid)
    if not found["bundle_id"]:
        return 1, "", "the content was never deployed"
    chosen = runtimes.choose(connect.config, found["py_version"])
    if chosen is None:
        return 1, "", "no Python is configured on this server"
    version, executable = chosen
    app = unpack(connect, guid, found["bundle_id"])
    folder = runtimes.environment_folder(connect.data, found["py_version"] or version, app)
    if not os.path.isdir(folder):
        return 1, "", f"the content's environment for Python {found['py_version']} is gone; this server has Python {version}: rebuild the content"
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1", "POSIT_PRODUCT": "CONNECT", **_variables(connect, guid)}
    try:
        result = subprocess.run([executable, "-u", "app.py"], cwd=app, env=environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=120, **runtimes.account_arguments())
    except subprocess.TimeoutExpired:
        return 1, "", "the content did not end within 120 s"
    return result.returncode, result.stdout.decode(errors="replace"), result.stderr.decode(errors="replace")
