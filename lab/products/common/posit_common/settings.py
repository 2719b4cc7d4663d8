"""Configuration files: gcfg (Connect, Package Manager) and key=value (Workbench). Strict, as the real ones are."""
from . import gcfg


class ConfigError(Exception):
    """What is wrong with the configuration, in a sentence for the person who wrote it."""


class Settings:
    """Values by section, the section's name and key, as they stand in turn; a section and a key are compared without regard to case."""

    def __init__(self):
        self.values = {}

    def add(self, section, sub, key, value):
        """`value` None: the key stands there without "="."""
        self.values.setdefault((gcfg.folded(section), sub, gcfg.folded(key)), []).append(value)

    def all(self, section, key, sub=""):
        """Of a list: each value adds to it, a key without "=" empties it."""
        values = []
        for value in self._of(section, key, sub):
            values = [] if value is None else values + [value]
        return values

    def get(self, section, key, default="", sub=""):
        """Of a single value: the last one counts, and a key without "=" is a switch that is on."""
        values = self._of(section, key, sub)
        return default if not values else "true" if values[-1] is None else values[-1]

    def _of(self, section, key, sub):
        return self.values.get((gcfg.folded(section), sub, gcfg.folded(key)), [])

    def flag(self, section, key, default=False):
        value = self.get(section, key)
        return value.lower() in ("true", "yes", "on", "1") if value else default

    def number(self, section, key, default):
        value = self.get(section, key)
        if not value:
            return default
        if not value.isdigit():
            raise ConfigError(f"{section}.{key} must be a number, not {value}")
        return int(value)


def read_gcfg(paths, known):
    """Reads the files in turn; `known` maps section → its keys. Anything else is refused."""
    settings = Settings()
    for path in paths:
        try:
            add_gcfg(settings, _text(path), path, known)
        except gcfg.GcfgError as error:
            raise ConfigError(f"{path}:{error.line}: {error.says}") from None
    return settings


def add_gcfg(settings, text, path, known):
    """`known` None accepts any setting."""
    names = None if known is None else {gcfg.folded(section): {gcfg.folded(key) for key in keys} for section, keys in known.items()}
    for section, name, key, value, line in gcfg.statements(text):
        if names is not None and gcfg.folded(section) not in names:
            raise ConfigError(f"{path}:{line}: unknown section [{section}]")
        if key is None:
            continue
        if names is not None and gcfg.folded(key) not in names[gcfg.folded(section)]:
            raise ConfigError(f"{path}:{line}: unknown setting {section}.{key}")
        settings.add(section, name, key, value)


def read_key_values(path, known, optional=False):
    """A Workbench file: key=value lines. `known` None accepts any key."""
    values = {}
    try:
        lines = _lines(path)
    except ConfigError:
        if optional:
            return values
        raise
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals:
            raise ConfigError(f"{path}:{number}: this is no key=value: {text}")
        if known is not None and key not in known:
            raise ConfigError(f"{path}:{number}: unrecognised option '{key}'")
        values[key] = value.strip().strip('"')
    return values


def _lines(path):
    return _text(path).splitlines()


def _text(path):
    """As it stands there, line ends too."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist") from None
    except PermissionError:
        raise ConfigError(f"{path} can't be read by this account") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is no UTF-8") from None
