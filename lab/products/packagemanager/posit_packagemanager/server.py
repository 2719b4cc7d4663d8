"""rstudio-pm: the daemon. Serves users on its port and rspm on a socket."""
import argparse
import os

from posit_common import log, paths, program, web

from . import model, repositories, setup, syncing

FINISH_SECONDS = 60
PLACE = r"/([a-z][a-z0-9-]*)(?:/__linux__/([a-z0-9]+))?/([A-Za-z0-9-]+)"


def main(library):
    release = program.release(library)
    parser = argparse.ArgumentParser(prog="rstudio-pm")
    parser.add_argument("--config", action="append", help="read this file; repeated: later files win")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--test-config", action="store_true", help="read the configuration, say what is wrong with it")
    arguments = parser.parse_args()
    title = f"Package Manager {release['version']}"
    if arguments.version:
        print(f"Posit {title}")
        return
    program.drop_to(model.ACCOUNT)
    if arguments.test_config:
        program.attempt(title, lambda: setup.read_config(arguments.config))
        print("The configuration is valid.")
        return
    program.attempt(title, lambda: log.open_log(paths.rooted(model.LOG)))
    program.serve(title, lambda: start(arguments.config, release))


def public_routes(manager):
    bind = lambda function: lambda _, *groups: function(manager, *groups)  # noqa: E731
    return [
        ("GET", "/__ping__", lambda _: {}),
        ("GET", "/__api__/status", lambda _: {"version": manager.release["version"], "status": "offline" if manager.offline else "online"}),
        ("GET", "/__api__/repos", lambda _: repositories.every(manager)),
        ("GET", f"{PLACE}/simple/", bind(repositories.simple_index)),
        ("GET", f"{PLACE}/simple/([A-Za-z0-9._-]+)/", bind(repositories.simple_package)),
        ("GET", f"{PLACE}/src/contrib/PACKAGES", bind(repositories.r_index)),
        ("GET", f"{PLACE}/packages/([0-9a-f]{{64}})/([A-Za-z0-9._+-]+)", lambda _, repo, __, snapshot, sha, name: repositories.file(manager, repo, snapshot, sha, name)),
        ("GET", f"{PLACE}/simple(?:/[A-Za-z0-9._-]+)?", lambda request, *_: web.Response("", 308, headers={"Location": request.path + "/"})),
    ]


def admin_routes(manager, public):
    def create(request):
        wanted = request.json()
        repositories.create(manager, wanted.get("name"), wanted.get("type"), wanted.get("description"))
        return {}

    def set_offline(value):
        manager.offline = value
        if value:
            finished = web.idle(public, FINISH_SECONDS)
            log.info(f"offline; {'requests in progress have finished' if finished else 'some requests still go on'}")
        else:
            log.info("online")
        return {"status": "offline" if value else "online"}

    def sync(request):
        wanted = request.json().get("type")
        return [syncing.sync(manager, source) for source in model.KINDS if wanted in (None, source)]

    return [
        ("POST", "/offline", lambda _: set_offline(True)),
        ("POST", "/online", lambda _: set_offline(False)),
        ("GET", "/repos", lambda _: repositories.every(manager)),
        ("POST", "/repos", create),
        ("POST", "/sync", sync),
    ]


def start(files, release):
    os.umask(0o077)
    manager = setup.open_package_manager(files, release)

    def gate(_):
        if manager.offline:
            raise web.Refusal(503, "Package Manager is offline", {"Retry-After": "60"})

    handler = web.make_handler(public_routes(manager), gate)
    socket = setup.socket_path(manager.config)
    os.makedirs(os.path.dirname(socket), exist_ok=True)
    if os.path.exists(socket):
        os.unlink(socket)
    admin = web.listen(socket, web.make_handler(admin_routes(manager, handler)))
    server = web.listen(manager.config.get("HTTP", "Listen", ":4242"), handler)
    scheduler = syncing.Scheduler(manager)

    def stop():
        scheduler.ended.set()
        web.stop(server, FINISH_SECONDS)
        web.stop(admin, 1)
        os.unlink(socket)
        scheduler.stop(FINISH_SECONDS)
        manager.db.close()

    return stop
