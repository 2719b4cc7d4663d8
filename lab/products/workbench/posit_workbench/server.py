"""rserver: sign-in, files, sessions. The launcher runs the sessions; a restart of this server doesn't end them."""
import argparse
import os

from posit_common import clock, log, paths, program, web

from . import accounts, model, pam, sessions, setup, signin

FINISH_SECONDS = 20


def main(library):
    release = program.release(library)
    parser = argparse.ArgumentParser(prog="rserver")
    parser.add_argument("--test-config", action="store_true", help="read the configuration, say what is wrong with it")
    arguments = parser.parse_args()
    title = f"Workbench {release['version']}"
    if arguments.test_config:
        program.attempt(title, setup.read_config)
        print("The configuration is valid.")
        return
    program.attempt(title, lambda: log.open_log(paths.rooted(model.LOG)))
    program.serve(title, lambda: start(release))


def is_offline():
    return os.path.exists(paths.rooted(model.OFFLINE))


def gate(_):
    if is_offline():
        raise web.Refusal(503, "Workbench is offline for maintenance", {"Retry-After": "60"})


def routes(workbench):
    db, key = workbench.db, workbench.key

    def signed_in(function):
        return lambda request: function(request, signin.user_of(key, request))

    def health(_):
        if workbench.config.get("server-health-check-enabled") != "1":
            raise web.Refusal(404, "the health check is off: server-health-check-enabled")
        return web.Response(f"active-sessions: {len(sessions.active())}\nlicense-status: Activated\nlicense-days-left: 365\n")

    def sign_in(request):
        form = request.form()
        username = form.get("username", "")
        if not pam.authenticates(username, form.get("password", "")):
            log.warning(f"sign-in of {username} refused")
            raise web.Refusal(401, "wrong name or password")
        remember(username)
        return web.Response("", 302, headers={"Location": "/", "Set-Cookie": signin.cookie_for(key, username)})

    def remember(username):
        uid, now = accounts.person(username).pw_uid, clock.to_text(clock.now())

        def work(execute):
            if execute("SELECT user_name FROM licensed_user WHERE user_name = ?", (username,)):
                execute("UPDATE licensed_user SET last_sign_in = ?, user_id = ? WHERE user_name = ?", (now, uid, username))
            else:
                execute("INSERT INTO licensed_user (user_name, user_id, created, last_sign_in) VALUES (?, ?, ?, ?)", (username, uid, now, now))

        db.transaction(work)

    def start_session(request, username):
        wanted = request.json()
        kind = wanted.get("kind", "rsession")
        if kind not in model.PROGRAMS:
            raise web.Refusal(400, f"a session is one of {', '.join(model.PROGRAMS)}")
        question = {"user": username, "kind": kind, "busy": wanted.get("busy", False), "pythonIndex": workbench.config.get("session-python-index-url")}
        try:
            status, session = web.ask_socket(paths.rooted(model.LAUNCHER_SOCKET), "POST", "/sessions", question, timeout=30)
        except OSError:
            raise web.Refusal(502, "the launcher does not answer; see: systemctl status rstudio-launcher") from None
        if status >= 400:
            raise web.Refusal(502, session["error"])
        values = (session["id"], username, kind, session["started"])
        db.execute("INSERT INTO session_history VALUES (?, ?, ?, ?)", values)
        return session

    def me(_, username):
        entry = accounts.person(username)
        return {"username": username, "uid": entry.pw_uid, "gid": entry.pw_gid, "home": entry.pw_dir}

    def users(_, __):
        rows = db.execute("SELECT user_name, user_id, last_sign_in FROM licensed_user ORDER BY user_name")
        return [{"username": row["user_name"], "uid": row["user_id"], "lastSignIn": row["last_sign_in"]} for row in rows]

    def files(request, username):
        return web.Response(accounts.as_person(username, "list", request.query.get("path", "")), 200, "application/json")

    def file(request, username):
        return web.Response(accounts.as_person(username, "read", request.query.get("path", "")), 200, "application/octet-stream")

    return [
        ("GET", "/health-check", health),
        ("GET", "/", lambda _: web.Response("<h1>Posit Workbench (stand-in)</h1>", 200, "text/html")),
        ("POST", "/auth-do-sign-in", sign_in),
        ("GET", "/api/me", signed_in(me)),
        ("GET", "/api/users", signed_in(users)),
        ("GET", "/api/files", signed_in(files)),
        ("GET", "/api/file", signed_in(file)),
        ("GET", "/api/sessions", signed_in(lambda _, username: [one for one in sessions.active() if one["user"] == username])),
        ("POST", "/api/sessions", signed_in(start_session)),
    ]


def start(release):
    os.umask(0o022)
    workbench = setup.open_workbench(release)
    address = f"{workbench.config.get('www-address', '')}:{workbench.config.get('www-port', '8787')}"
    server = web.listen(address, web.make_handler(routes(workbench), gate))

    def stop():
        web.stop(server, FINISH_SECONDS)
        workbench.db.close()

    return stop
