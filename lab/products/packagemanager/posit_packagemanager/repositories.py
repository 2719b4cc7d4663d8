"""Repositories and their frozen snapshots. A snapshot's hash is that of what it lists: the same files, the same hash."""
import hashlib
import os
import re

from posit_common import clock
from posit_common.web import File, Refusal, Response

from . import model

NAME = re.compile(r"^[a-z][a-z0-9-]*$")
DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


def normalised(package):
    return re.sub(r"[-_.]+", "-", package).lower()


def create(manager, name, type_, description):
    if not NAME.match(name or ""):
        raise Refusal(400, "a repository's name has lower-case letters, digits and dashes")
    if type_ not in model.KINDS.values():
        raise Refusal(400, f"a repository's type is one of {', '.join(model.KINDS.values())}")
    if manager.db.one("SELECT name FROM repos WHERE name = ?", (name,)):
        raise Refusal(409, f"there is a repository {name} already")
    values = (name, type_, description or "", clock.to_text(clock.now()))
    manager.db.execute("INSERT INTO repos (name, type, description, created) VALUES (?, ?, ?, ?)", values)


def every(manager):
    found = []
    for repo in manager.db.execute("SELECT name, type, description FROM repos ORDER BY name"):
        newest = _newest(manager, repo["name"])
        found.append({**repo, **({"frozen_hash": newest["hash"]} if newest else {})})
    return found


def freeze(manager, repo, files):
    """Makes a snapshot of these files, unless the newest one is just that."""
    lines = sorted(f"{file['package']} {file['filename']} {file['sha256']} {file['codename']}" for file in files)
    frozen = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    newest = _newest(manager, repo)
    if newest and newest["hash"] == frozen:
        return frozen
    number = newest["number"] + 1 if newest else 1

    def work(execute):
        if execute("SELECT hash FROM snapshots WHERE repo = ? AND hash = ?", (repo, frozen)):
            execute("UPDATE snapshots SET number = ? WHERE repo = ? AND hash = ?", (number, repo, frozen))
            return
        execute("INSERT INTO snapshots VALUES (?, ?, ?, ?)", (repo, frozen, clock.to_text(clock.now()), number))
        for file in files:
            values = (repo, frozen, file["package"], file["version"], file["filename"], file["sha256"], file["codename"])
            execute("INSERT INTO snapshot_files VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    manager.db.transaction(work)
    return frozen


def _newest(manager, repo):
    return manager.db.one("SELECT hash, number FROM snapshots WHERE repo = ? ORDER BY number DESC LIMIT 1", (repo,))


def resolve(manager, repo, snapshot):
    """The frozen hash that "latest", a date or a hash means."""
    if not manager.db.one("SELECT name FROM repos WHERE name = ?", (repo,)):
        raise Refusal(404, f"there is no repository {repo}")
    if snapshot == "latest":
        found = _newest(manager, repo)
    elif DATE.match(snapshot):
        found = manager.db.one("SELECT hash FROM snapshots WHERE repo = ? AND created < ? ORDER BY number DESC LIMIT 1", (repo, snapshot + "U"))
    else:
        found = manager.db.one("SELECT hash FROM snapshots WHERE repo = ? AND hash = ?", (repo, snapshot))
    if not found:
        raise Refusal(404, f"the repository {repo} has no snapshot {snapshot}")
    return found["hash"]


def _files(manager, repo, snapshot, codename, package=None):
    frozen = resolve(manager, repo, snapshot)
    sql, values = "SELECT * FROM snapshot_files WHERE repo = ? AND hash = ?", [repo, frozen]
    if package is not None:
        sql, values = sql + " AND package = ?", [*values, normalised(package)]
    rows = manager.db.execute(sql + " ORDER BY package, filename", values)
    return [row for row in rows if codename is None or row["codename"] in ("any", codename)]


def _page(title, links):
    return Response(f"<!DOCTYPE html><html><head><title>{title}</title></head><body>\n" + "<br/>\n".join(links) + "\n</body></html>\n", 200, "text/html")


def simple_index(manager, repo, codename, snapshot):
    names = sorted({row["package"] for row in _files(manager, repo, snapshot, codename)})
    return _page("Simple index", [f'<a href="{name}/">{name}</a>' for name in names])


def simple_package(manager, repo, codename, snapshot, package):
    rows = _files(manager, repo, snapshot, codename, package)
    if not rows:
        raise Refusal(404, f"the snapshot has no {package}")
    manager.db.execute("INSERT INTO downloads (repo, package, downloaded) VALUES (?, ?, ?)", (repo, normalised(package), clock.to_text(clock.now())))
    links = [f'<a href="../../packages/{row["sha256"]}/{row["filename"]}#sha256={row["sha256"]}">{row["filename"]}</a>' for row in rows]
    return _page(f"Links for {package}", links)


def r_index(manager, repo, codename, snapshot):
    rows = _files(manager, repo, snapshot, codename)
    return Response("\n".join(f"Package: {row['package']}\nVersion: {row['version']}\n" for row in rows))


def file_path(manager, sha256, filename):
    return os.path.join(manager.data, "packages", sha256[:2], sha256, filename)


def file(manager, repo, snapshot, sha256, filename):
    resolve(manager, repo, snapshot)
    path = file_path(manager, sha256, filename)
    try:
        return File(path, os.path.getsize(path))
    except FileNotFoundError:
        raise Refusal(404, f"there is no file {filename}") from None
