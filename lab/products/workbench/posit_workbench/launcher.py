"""rstudio-launcher: starts sessions as processes of the people they belong to, its own children."""
import os
import subprocess
import sys
import threading
import uuid

from posit_common import clock, log, paths, program, web

from . import accounts, model, sessions


def main(library):
    title = f"Launcher of Workbench {program.release(library)['version']}"
    program.attempt(title, lambda: log.open_log(paths.rooted(model.LAUNCHER_LOG)))
    program.serve(title, lambda: start(os.path.join(os.path.dirname(library), "bin")))


def start(programs):
    for session in sessions.active():
        log.info(f"session {session['id']} of {session['user']} still runs")
    socket = paths.rooted(model.LAUNCHER_SOCKET)
    os.makedirs(os.path.dirname(socket), mode=0o700, exist_ok=True)
    if os.path.exists(socket):
        os.unlink(socket)
    routes = [
        ("GET", "/status", lambda _: {"status": "Green"}),
        ("GET", "/sessions", lambda _: sessions.active()),
        ("POST", "/sessions", lambda request: spawn(programs, request.json())),
    ]
    server = web.listen(socket, web.make_handler(routes))
    os.chmod(socket, 0o600)
    return lambda: (web.stop(server, 1), os.unlink(socket))


def spawn(programs, wanted):
    entry = accounts.person(wanted["user"])
    kind = wanted["kind"]
    session = {"id": uuid.uuid4().hex[:8], "user": entry.pw_name, "kind": kind, "busy": bool(wanted.get("busy")), "started": clock.to_text(clock.now())}
    path = os.path.join(programs, model.PROGRAMS[kind])
    command = [path, "-ISB", path, "--session-id", session["id"], "--kind", kind]  # named after itself, not after Python
    if session["busy"]:
        command.append("--busy")
    environment = {"HOME": entry.pw_dir, "USER": entry.pw_name, "LOGNAME": entry.pw_name, "SHELL": entry.pw_shell, "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    if wanted.get("pythonIndex"):
        environment.update(PIP_INDEX_URL=wanted["pythonIndex"], UV_INDEX_URL=wanted["pythonIndex"])
    home = entry.pw_dir if os.path.isdir(entry.pw_dir) else "/"
    child = subprocess.Popen(command, executable=sys.executable, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, **accounts.identity(entry))
    session["pid"] = child.pid
    ready = child.stdout.readline()  # it can be signalled from then on
    child.stdout.close()
    if not ready:
        raise web.Refusal(500, f"the session of {entry.pw_name} did not start: status {child.wait()}")
    sessions.record(session)
    threading.Thread(target=reap, args=(child, session), daemon=True).start()
    log.info(f"started {kind} {session['id']} of {entry.pw_name} (pid {child.pid})")
    return session


def reap(child, session):
    status = child.wait()
    sessions.forget(session)
    log.info(f"session {session['id']} of {session['user']} ended with {status}")
