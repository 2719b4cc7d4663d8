"""One log file per product, lines as the real ones write them; what stops a start goes to stderr too."""
import datetime
import os
import sys
import threading

_state = {"path": None, "lock": threading.Lock()}


def open_log(path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    _state["path"] = path


def log(level, message):
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    line = f'time="{stamp}" level={level} msg="{message}"\n'
    if _state["path"] is None:  # a command, not the daemon: it speaks for itself
        return
    with _state["lock"]:
        try:
            with open(_state["path"], "a", encoding="utf-8") as file:  # reopened each time: may be rotated
                file.write(line)
        except OSError as error:
            sys.stderr.write(f"{error}\n{line}")


def info(message):
    log("info", message)


def warning(message):
    log("warning", message)


def error(message):
    log("error", message)
