"""Running sessions, by the records that the launcher keeps of its children. A record counts only as long as the process it
names is still the same one."""
import json
import os
import signal

from posit_common import paths

from . import model


def folder():
    return paths.rooted(model.SESSIONS)


def started(pid):
    """The process's start in ticks since boot; None when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def record(session):
    os.makedirs(folder(), mode=0o700, exist_ok=True)
    path = os.path.join(folder(), f"{session['id']}.json")
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump({**session, "ticks": started(session["pid"])}, file)
    os.rename(path + ".part", path)


def forget(session):
    try:
        os.unlink(os.path.join(folder(), f"{session['id']}.json"))
    except FileNotFoundError:
        pass


def active():
    try:
        names = sorted(os.listdir(folder()))
    except FileNotFoundError:
        return []
    found = []
    for name in names:
        if name.endswith(".json"):
            with open(os.path.join(folder(), name), encoding="utf-8") as file:
                session = json.load(file)
            ticks = session.pop("ticks")
            if ticks is not None and started(session["pid"]) == ticks:
                found.append(session)
    return found


def send(number, pid=None, kinds=("rsession",)):
    """Sends a signal to all sessions of these kinds, or to the one with that process id; answers to which."""
    reached = [session for session in active() if (session["kind"] in kinds and pid is None) or session["pid"] == pid]
    for session in reached:
        try:
            os.kill(session["pid"], number)
        except ProcessLookupError:
            pass
    return reached


SUSPEND, FORCE_SUSPEND, KILL = signal.SIGUSR1, signal.SIGUSR2, signal.SIGKILL
