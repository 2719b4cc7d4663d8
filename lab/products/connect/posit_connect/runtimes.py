"""Python interpreters and the environments that content runs in, built by pip from the configured index, one per version
of Python and list of requirements. An environment holds compiled packages: another interpreter can't load them."""
import glob
import hashlib
import os
import pwd
import shutil
import subprocess
import threading

from posit_common import log
from posit_common.settings import ConfigError

from . import model

_building = threading.Lock()
_versions = {}


def executables(config):
    if not config.flag("Python", "Enabled"):
        return []
    return config.all("Python", "Executable")


def interpreters(config):
    """[(version, executable)] in the order of the configuration. An interpreter that does not run stops the start."""
    found = []
    for path in executables(config):
        if path not in _versions:
            try:
                answer = subprocess.run([path, "-IS", "-c", "import platform; print(platform.python_version())"], capture_output=True, text=True, timeout=30, check=True)
            except (OSError, subprocess.SubprocessError):
                raise ConfigError(f"Python.Executable {path} does not run") from None
            _versions[path] = answer.stdout.strip()
        found.append((_versions[path], path))
    return found


def choose(config, version):
    """The interpreter of exactly that version, else the nearest of the same minor version, else the newest there is."""
    found = interpreters(config)
    if not found:
        return None
    minor = (version or "").rsplit(".", 1)[0]
    return min(
        enumerate(found), key=lambda item: (item[1][0] != version, item[1][0].rsplit(".", 1)[0] != minor, item[0] if not version else [-int(n) for n in item[1][0].split(".")])
    )[1]


def account_arguments():
    """Content and builds run as the product's account."""
    if os.geteuid() != 0 or os.environ.get("POSIT_ROOT"):
        return {}
    try:
        entry = pwd.getpwnam(model.ACCOUNT)
    except KeyError:
        return {}
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def caches_folder(data):
    return os.path.join(data, "python-environments")


def environment_folder(data, version, app):
    return os.path.join(caches_folder(data), version, hashlib.sha256(requirements(app).encode()).hexdigest()[:16])


def requirements(app):
    try:
        with open(os.path.join(app, "requirements.txt"), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def build(data, config, app, version, say):
    """Makes the environment for `app` on the interpreter nearest to `version`; answers the version it was built for."""
    chosen = choose(config, version)
    if chosen is None:
        raise RuntimeError("no Python is configured: Python.Enabled and Python.Executable")
    actual, executable = chosen
    say(f"Using Python {actual} ({executable})")
    folder = environment_folder(data, actual, app)
    with _building:
        if os.path.isdir(folder):
            say("Using the environment that is there already")
            return actual
        part = f"{folder}.part"
        shutil.rmtree(part, ignore_errors=True)
        os.makedirs(part)
        owner = account_arguments()
        if owner:
            os.chown(part, owner["user"], owner["group"])
        wanted = requirements(app)
        if wanted:
            say("Installing:\n" + wanted)
            result = subprocess.run(_pip(executable) + ["--target", part, "-r", os.path.join(app, "requirements.txt")], capture_output=True, text=True, env=_pip_environment(executable), timeout=600, **owner)
            if result.returncode != 0:
                shutil.rmtree(part, ignore_errors=True)
                raise RuntimeError("pip failed:\n" + result.stderr.strip()[-2000:])
        os.rename(part, folder)
    log.info(f"built Python {actual} environment {os.path.basename(folder)}")
    return actual


def _pip(executable):
    return [executable, "-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "--only-binary=:all:", "--no-warn-script-location"]


def _pip_environment(executable):
    """Debian's Python has no pip of its own; the wheel that its venv uses runs as well."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "PIP_NO_INPUT": "1"}
    environment.update({name: value for name, value in os.environ.items() if name.startswith("PIP_")})
    wheels = sorted(glob.glob("/usr/share/python-wheels/pip-*.whl"))
    if wheels and executable.startswith("/usr/bin/"):
        environment["PYTHONPATH"] = wheels[-1]
    return environment


def caches(data):
    folder = caches_folder(data)
    if not os.path.isdir(folder):
        return []
    return [{"language": "Python", "version": version, "image_name": "Local"} for version in sorted(os.listdir(folder))]


def drop_caches(data, version=None):
    for cache in caches(data):
        if version in (None, cache["version"]):
            shutil.rmtree(os.path.join(caches_folder(data), cache["version"]), ignore_errors=True)
            log.info(f"removed the runtime cache of Python {cache['version']}")
