"""connect: the daemon."""
import argparse
import os
import time

from posit_common import log, paths, program, web

from . import api, model, runtimes, schedules, setup, tasks

FINISH_SECONDS = 60  # renders in progress may take that long before a stop


def main(library):
    release = program.release(library)
    parser = argparse.ArgumentParser(prog="connect")
    parser.add_argument("--config", action="append", help="read this file; repeated: later files win")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("--test-config", action="store_true", help="read the configuration, say what is wrong with it")
    arguments = parser.parse_args()
    title = f"Connect {release['version']}"
    if arguments.version:
        print(f"Posit {title}")
        return
    if arguments.test_config:
        program.attempt(title, lambda: runtimes.interpreters(setup.read_config(arguments.config)))
        print("The configuration is valid.")
        return
    program.attempt(title, lambda: log.open_log(paths.rooted(model.LOG)))
    program.serve(title, lambda: start(arguments.config, release))


def start(files, release):
    os.umask(0o022)
    connect = setup.open_connect(files, release)
    for name in ("bundles", "apps", "python-environments"):
        os.makedirs(os.path.join(connect.data, name), exist_ok=True)
    os.chmod(os.path.join(connect.data, "db"), 0o700)
    os.chmod(os.path.join(connect.data, "bundles"), 0o700)
    found = runtimes.interpreters(connect.config)
    log.info(f"Python versions: {', '.join(version for version, _ in found) or 'none'}")
    server = web.listen(connect.config.get("HTTP", "Listen", ":3939"), web.make_handler(api.routes(connect)))
    scheduler = schedules.Scheduler(connect)

    def stop():
        scheduler.ended.set()
        web.stop(server, FINISH_SECONDS)
        scheduler.stop(FINISH_SECONDS)
        deadline = time.monotonic() + FINISH_SECONDS
        while tasks.busy() and time.monotonic() < deadline:
            time.sleep(0.02)
        connect.db.close()

    return stop
