"""Scheduled runs. Those missed while the server was down run once when it starts; their results are mailed."""
import json
import os
import threading

from posit_common import clock, log, paths
from posit_common.web import Refusal

from . import content
from .setup import new_id, now_text

SPOOL = "/var/spool/posit-mail/mail.jsonl"
LATE_SECONDS = 30  # later than that, a run counts as missed


def put(connect, guid, cron, email):
    found = content.item(connect, guid)
    due = clock.to_text(clock.next_run(cron, clock.now()))

    def work(execute):
        execute("DELETE FROM schedules WHERE content_guid = ?", (guid,))
        execute("INSERT INTO schedules VALUES (?, ?, ?, ?, ?)", (new_id(), guid, cron, int(bool(email)), due))

    connect.db.transaction(work)
    log.info(f"scheduled {found['name']}: {cron}, next at {due}")
    return next(item for item in all_schedules(connect) if item["content_guid"] == guid)


def all_schedules(connect):
    runs = {row["content_guid"]: row["runs"] for row in connect.db.execute("SELECT content_guid, count(*) AS runs FROM schedule_runs GROUP BY content_guid")}
    rows = connect.db.execute("SELECT id, content_guid, cron, email, next_run FROM schedules ORDER BY content_guid")
    return [{**row, "email": bool(row["email"]), "runs": runs.get(row["content_guid"], 0)} for row in rows]


class Scheduler:
    """Looks each second for what is due; at most ScheduleConcurrency run at a time, and 0 runs none."""

    def __init__(self, connect):
        self.connect = connect
        self.limit = connect.config.number("Applications", "ScheduleConcurrency", 2)
        self.ended = threading.Event()
        self.running = {}
        if self.limit == 0:
            log.info("scheduled runs are off: Applications.ScheduleConcurrency is 0")
        else:
            threading.Thread(target=self._loop, daemon=True).start()

    def _loop(self):
        while True:
            try:
                self._look()
            except Exception as error:
                log.error(f"scheduler: {type(error).__name__}: {str(error).strip()}")
            if self.ended.wait(1):
                return

    def _look(self):
        now = clock.now()
        due = self.connect.db.execute("SELECT * FROM schedules WHERE next_run <= ? ORDER BY next_run", (clock.to_text(now),))
        for schedule in due:
            if len(self.running) >= self.limit or self.ended.is_set():
                return
            following = clock.to_text(clock.next_run(schedule["cron"], now))
            self.connect.db.execute("UPDATE schedules SET next_run = ? WHERE id = ?", (following, schedule["id"]))
            missed = (now - clock.from_text(schedule["next_run"])).total_seconds() > LATE_SECONDS
            thread = threading.Thread(target=self._run, args=(schedule, missed), daemon=True)
            self.running[schedule["id"]] = thread
            thread.start()

    def _run(self, schedule, missed):
        try:
            started = now_text()
            code, output, errors = content.run(self.connect, schedule["content_guid"])
            mailed = bool(schedule["email"]) and send_mail(self.connect, schedule["content_guid"], output or errors)
            self.connect.db.execute(
                "INSERT INTO schedule_runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (new_id(), schedule["id"], schedule["content_guid"], schedule["next_run"], started, now_text(), code, int(missed), int(mailed)),
            )
            log.info(f"scheduled run of {schedule['content_guid']} ended with {code}{' (missed while down)' if missed else ''}")
        except Refusal as refusal:
            log.error(f"scheduled run: {refusal}")
        finally:
            self.running.pop(schedule["id"], None)

    def stop(self, seconds):
        """Runs in progress finish first."""
        self.ended.set()
        for thread in list(self.running.values()):
            thread.join(seconds)


def send_mail(connect, guid, body):
    """One line of JSON in the spool, as a mail server would have taken it. Answers whether it was sent."""
    if connect.config.get("Server", "EmailProvider", "none").lower() == "none":
        return False
    found = content.item(connect, guid)
    owner = connect.db.one("SELECT email FROM users WHERE guid = ?", (found["owner_guid"],))
    spool = paths.rooted(SPOOL)
    os.makedirs(os.path.dirname(spool), exist_ok=True)
    mail = {"time": now_text(), "from": connect.config.get("Server", "SenderEmail"), "to": owner["email"], "subject": found["title"], "body": body[:2000]}
    with open(spool, "a", encoding="utf-8") as file:
        file.write(json.dumps(mail) + "\n")
    return True
