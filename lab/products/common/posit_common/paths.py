"""Where things lie. POSIT_ROOT puts all of it below a folder, for tests."""
import os


def rooted(path):
    return os.environ.get("POSIT_ROOT", "") + path


def require_writable(folder):
    """The data directory, made when it is missing; refused when it can't be written."""
    from .settings import ConfigError

    try:
        os.makedirs(folder, exist_ok=True)
        probe = os.path.join(folder, ".write-test")
        with open(probe, "w", encoding="utf-8"):
            pass
        os.unlink(probe)
    except OSError as error:
        raise ConfigError(f"the data directory {folder} can't be written: {error.strerror}") from None
