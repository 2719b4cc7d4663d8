"""Synchronisation with the upstream service, by command or by schedule. What was missed while the server was down is made
up for as soon as it starts."""
import hashlib
import json
import os
import threading
import time
import urllib.request
import uuid

from posit_common import clock, log

from . import model, repositories, setup

_at_work = threading.Lock()


def sync(manager, source, missed=False):
    """Fetches the source's list and files, makes new snapshots; answers its row of sync_runs."""
    with _at_work:
        started, count, error = clock.to_text(clock.now()), 0, ""
        try:
            files = _fetch_list(manager, source)
            for file in files:
                _fetch_file(manager, file)
            for repo in manager.db.execute("SELECT name FROM repos WHERE type = ?", (model.KINDS[source],)):
                repositories.freeze(manager, repo["name"], files)
            count = len(files)
        except (OSError, ValueError, KeyError) as problem:
            error = f"{manager.upstream}: {problem}"
            log.error(f"sync of {source} failed: {error}")
        run = {"source": source, "started": started, "finished": clock.to_text(clock.now()), "missed": int(missed), "packages": count, "error": error}
        manager.db.execute("INSERT INTO sync_runs VALUES (?, ?, ?, ?, ?, ?, ?)", (str(uuid.uuid4()), *run.values()))
        log.info(f"sync of {source}: {count} packages{' (missed while down)' if missed else ''}")
        return run


def _fetch_list(manager, source):
    with urllib.request.urlopen(f"{manager.upstream}/{source}.json", timeout=20) as answer:
        return json.load(answer)["files"]


def _fetch_file(manager, file):
    path = repositories.file_path(manager, file["sha256"], os.path.basename(file["filename"]))
    if os.path.exists(path):
        return
    with urllib.request.urlopen(f"{manager.upstream}/files/{file['filename']}", timeout=60) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != file["sha256"]:
        raise ValueError(f"{file['filename']} is not what the list promises")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".part", "wb") as target:
        target.write(data)
    os.rename(path + ".part", path)


class Scheduler:
    """A schedule that is taken out of the configuration keeps its place: what it missed is made up for when it comes back."""

    def __init__(self, manager):
        self.manager, self.ended = manager, threading.Event()
        self.crons = setup.schedules(manager.config)
        if not self.crons:
            log.info("no sync schedules: CRAN.SyncSchedule and PyPI.SyncSchedule are empty")
        for source, cron in self.crons.items():
            self._plan(source, cron)
        threading.Thread(target=self._loop, daemon=True).start()

    def _plan(self, source, cron):
        kept = self.manager.db.one("SELECT cron FROM sync_schedules WHERE source = ?", (source,))
        if kept and kept["cron"] == cron:
            return
        self._set(source, cron, clock.now())

    def _set(self, source, cron, after):
        due = clock.to_text(clock.next_run(cron, after))

        def work(execute):
            execute("DELETE FROM sync_schedules WHERE source = ?", (source,))
            execute("INSERT INTO sync_schedules VALUES (?, ?, ?)", (source, cron, due))

        self.manager.db.transaction(work)

    def _loop(self):
        first = True
        while not self.ended.is_set():
            try:
                self._look(first)
            except Exception as error:
                log.error(f"sync scheduler: {type(error).__name__}: {str(error).strip()}")
            first = False
            self.ended.wait(1)

    def _look(self, at_start):
        now = clock.now()
        for source, cron in self.crons.items():
            row = self.manager.db.one("SELECT next_run FROM sync_schedules WHERE source = ?", (source,))
            if self.manager.offline or not row or row["next_run"] > clock.to_text(now):
                continue
            self._set(source, cron, now)
            sync(self.manager, source, missed=at_start)

    def stop(self, seconds):
        """A sync in progress finishes first."""
        self.ended.set()
        deadline = time.monotonic() + seconds
        while _at_work.locked() and time.monotonic() < deadline:
            time.sleep(0.02)
