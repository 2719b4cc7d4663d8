"""How a product's daemon lives: starts or says why not, tells systemd when it is ready, stops on SIGTERM."""
import json
import os
import signal
import socket
import sys

from . import log
from .database import Unavailable
from .settings import ConfigError

CONFIG_EXIT = 78  # systemd does not try again after it


def release(library):
    """{"version", "schema"} from the VERSION file beside the program's library."""
    with open(os.path.join(library, "VERSION"), encoding="utf-8") as file:
        return json.load(file)


def notify(state):
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.connect("\0" + path[1:] if path.startswith("@") else path)
        connection.sendall(state.encode())


def serve(title, start):
    """`start()` answers a function that stops all; runs until a signal comes."""
    wait_for_signal = catch_signals()
    stop_all = attempt(f"{title} does not start", start)
    log.info(f"{title} is ready")
    notify("READY=1")
    wait_for_signal()
    notify("STOPPING=1")
    log.info(f"{title} is stopping")
    stop_all()
    log.info(f"{title} has stopped")
    os._exit(0)  # threads that still wait for clients must not hold it up


def catch_signals():
    """Answers a function that waits for SIGTERM or SIGINT, which may have come before it is called."""
    # A pipe, since the kernel may hand the signal to another thread than the one that waits: a lock would not be woken by that.
    told, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return lambda: os.read(told, 1)


def attempt(title, work):
    """Runs `work`; a reason not to goes to the log and to stderr."""
    try:
        return work()
    except ConfigError as error:
        code, reason = CONFIG_EXIT, str(error)
    except Unavailable as error:
        code, reason = 1, f"the database can't be reached: {error}"
    except OSError as error:
        code, reason = 1, str(error)
    except Exception as error:  # a database that refuses, a mistake of ours: the log must tell that too
        code, reason = 1, f"{' '.join(str(error).split())} ({type(error).__name__})"
    log.error(f"{title}: {reason}")
    sys.stderr.write(f"{title}: {reason}\n")
    sys.exit(code)


def drop_to(account):
    """Gives up root for the product's account, where it exists; files then belong to whom they should."""
    import pwd

    if os.geteuid() != 0 or os.environ.get("POSIT_ROOT"):
        return
    try:
        entry = pwd.getpwnam(account)
    except KeyError:
        return
    os.initgroups(account, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ["HOME"] = entry.pw_dir  # libpq looks for certificates there, and may not look in root's
