"""Connect's HTTP API."""
from posit_common.settings import ConfigError
from posit_common.web import Refusal, Response

from . import content, runtimes, schedules, tasks, users
from .setup import new_id, now_text

API = "/__api__/v1"
GUID = "([0-9a-f-]{36})"


def routes(connect):
    db = connect.db

    def signed_in(function):
        return lambda request, *groups: function(request, users.of_request(db, request), *groups)

    def administrator(function):
        def checked(request, user, *groups):
            if user["user_role"] != "administrator":
                raise Refusal(403, "only administrators may do this")
            return function(request, user, *groups)

        return signed_in(checked)

    def owner(function):
        """Those who may change the content."""

        def checked(request, user, guid, *groups):
            if user["user_role"] != "administrator" and content.item(connect, guid)["owner_guid"] != user["guid"]:
                raise Refusal(403, "this content belongs to somebody else")
            return function(request, user, guid, *groups)

        return signed_in(checked)

    def create_content(request, user):
        if user["user_role"] == "viewer":
            raise Refusal(403, "viewers don't publish")
        wanted = request.json()
        return content.create(connect, user, wanted.get("name"), wanted.get("title"))

    def deploy(request, _, guid):
        bundle = request.json().get("bundle_id") or content.item(connect, guid)["bundle_id"]
        return tasks.start(lambda say: content.deploy(connect, guid, bundle, say))

    def schedule(request, _, guid):
        wanted = request.json()
        try:
            return schedules.put(connect, guid, wanted.get("cron", ""), wanted.get("email", True))
        except ConfigError as error:
            raise Refusal(400, str(error)) from None

    def drop_caches(request, _):
        wanted = request.json()
        if wanted.get("dry_run"):
            return {"task_id": None}
        return tasks.start(lambda say: (say("Removing runtime caches"), runtimes.drop_caches(connect.data, wanted.get("version"))))

    def people(*_):
        everybody = users.every(db)
        return {"results": everybody, "current_page": 1, "total": len(everybody)}

    def visits(*_):
        rows = db.execute("SELECT id, content_guid, user_guid, started AS time, ended FROM visits ORDER BY started, id")
        return {"results": rows, "paging": {"next": None, "previous": None}}

    def pythons(*_):
        found = runtimes.interpreters(connect.config)
        return {"installations": [{"version": version, "executable": path, "cluster_name": "Local", "image_name": "Local"} for version, path in found]}

    def show(_, user, guid):
        started = now_text()
        code, output, errors = content.run(connect, guid)
        db.execute("INSERT INTO visits (id, content_guid, user_guid, started, ended) VALUES (?, ?, ?, ?, ?)", (new_id(), guid, user["guid"], started, now_text()))
        return Response(output) if code == 0 else Response(errors or output or f"exit code {code}", 500)

    return [
        ("GET", "/__ping__", lambda _: {}),
        ("GET", "/__api__/server_settings", lambda _: {"version": connect.release["version"], "about": "stand-in"}),
        ("GET", f"{API}/server_settings/python", pythons),
        ("GET", f"{API}/user", signed_in(lambda _, user: user)),
        ("GET", f"{API}/users", signed_in(people)),
        ("GET", f"{API}/content", signed_in(lambda *_: content.all_items(connect))),
        ("POST", f"{API}/content", signed_in(create_content)),
        ("GET", f"{API}/content/{GUID}", signed_in(lambda _, __, guid: content.item(connect, guid))),
        ("POST", f"{API}/content/{GUID}/bundles", owner(lambda request, _, guid: content.add_bundle(connect, guid, request.body))),
        ("POST", f"{API}/content/{GUID}/deploy", owner(deploy)),
        ("POST", f"{API}/content/{GUID}/build", owner(lambda _, __, guid: tasks.start(lambda say: content.rebuild(connect, guid, say)))),
        ("GET", f"{API}/content/{GUID}/environment", owner(lambda _, __, guid: content.environment_names(connect, guid))),
        ("PATCH", f"{API}/content/{GUID}/environment", owner(lambda request, _, guid: content.set_environment(connect, guid, request.json()))),
        ("POST", f"{API}/content/{GUID}/schedule", owner(schedule)),
        ("GET", f"{API}/tasks/{GUID}", signed_in(lambda _, __, task: tasks.state(task))),
        ("GET", f"{API}/schedules", signed_in(lambda *_: schedules.all_schedules(connect))),
        ("GET", f"{API}/system/caches/runtime", administrator(lambda *_: {"caches": runtimes.caches(connect.data)})),
        ("DELETE", f"{API}/system/caches/runtime", administrator(drop_caches)),
        ("GET", f"{API}/instrumentation/content/visits", signed_in(visits)),
        ("GET", f"/content/{GUID}/?", signed_in(show)),
    ]
