"""A session: a process of a person that holds a file of the home open, and is suspended to that home.

SIGUSR1 asks to suspend, which a busy one ignores; SIGUSR2 interrupts and suspends; SIGTERM suspends too. Only RStudio
sessions know how: others just end.
"""
import argparse
import ctypes
import os
import signal
import sys
import threading

PR_SET_NAME = 15


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--session-id", required=True)
    parser.add_argument("--kind", required=True)
    parser.add_argument("--busy", action="store_true")
    arguments = parser.parse_args()
    # The name that ps and pgrep show by default, which would be the interpreter's.
    ctypes.CDLL(None).prctl(PR_SET_NAME, os.path.basename(sys.argv[0]).encode(), 0, 0, 0)
    folder = os.path.expanduser(f"~/.local/share/rstudio/sessions/active/session-{arguments.session_id}")
    os.makedirs(folder, exist_ok=True)
    held = open(os.path.join(folder, "session.lock"), "w", encoding="utf-8")
    held.write(f"{os.getpid()}\n")
    held.flush()
    ended = threading.Event()

    def suspend(*_):
        if arguments.kind == "rsession":
            save(os.path.join(folder, "suspended-session-data"))
        ended.set()

    if arguments.kind == "rsession":
        signal.signal(signal.SIGUSR1, signal.SIG_IGN if arguments.busy else suspend)
        signal.signal(signal.SIGUSR2, suspend)
    signal.signal(signal.SIGTERM, suspend)
    print("ready", flush=True)
    sys.stdout.close()
    ended.wait()
    os.unlink(held.name)
    held.close()
    os._exit(0)


def save(folder):
    os.makedirs(folder, exist_ok=True)
    for name, text in (("settings", 'r_version="4.4.1"\nworking_dir="~"\n'), ("environment", "x <- 42\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
