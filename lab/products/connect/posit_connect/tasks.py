"""Work that goes on after its request was answered."""
import threading

from posit_common import log
from posit_common.web import Refusal

from .setup import new_id

_tasks = {}


def start(work):
    """Runs work(say) in a thread; answers {"task_id"}."""
    task = {"id": new_id(), "finished": False, "code": 0, "output": [], "error": ""}
    _tasks[task["id"]] = task

    def run():
        try:
            work(lambda text: task["output"].extend(text.split("\n")))
        except Exception as error:
            task["code"], task["error"] = 1, str(error)
            task["output"].extend(str(error).split("\n"))
            log.error(f"task {task['id']}: {type(error).__name__}: {str(error).strip()}")
        task["finished"] = True

    threading.Thread(target=run, daemon=True).start()
    return {"task_id": task["id"]}


def state(task):
    if task not in _tasks:
        raise Refusal(404, f"there is no task {task}")
    return _tasks[task]


def busy():
    return any(not task["finished"] for task in _tasks.values())
