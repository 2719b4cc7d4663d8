"""Configuration files: gcfg (Connect, Package Manager) and key=value (Workbench). Strict, as the real ones are."""
import re

WORDS = re.compile(r'^\[\s*([A-Za-z0-9-]+)(?:\s+"([^"]*)")?\s*\]$')


class ConfigError(Exception):
    """What is wrong with the configuration, in a sentence for the person who wrote it."""


def _unquote(raw, where):
    """The value after '=': quoted with escapes, or bare up to a comment."""
    if not raw.startswith('"'):
        return re.split(r"\s[;#]", raw, maxsplit=1)[0].strip()
    out, i = [], 1
    while i < len(raw) and raw[i] != '"':
        if raw[i] == "\\" and i + 1 < len(raw):
            i += 1
        out.append(raw[i])
        i += 1
    if i >= len(raw):
        raise ConfigError(f"{where}: the quote is not closed")
    rest = raw[i + 1 :].strip()
    if rest and rest[0] not in ";#":
        raise ConfigError(f"{where}: unexpected text after the closing quote: {rest}")
    return "".join(out)


class Settings:
    """Values by section, subsection and key; names are compared without regard to case."""

    def __init__(self):
        self.values = {}

    def add(self, section, sub, key, value):
        self.values.setdefault((section.lower(), sub), {}).setdefault(key.lower(), []).append(value)

    def all(self, section, key, sub=None):
        return self.values.get((section.lower(), sub), {}).get(key.lower(), [])

    def get(self, section, key, default="", sub=None):
        values = self.all(section, key, sub)
        return values[-1] if values else default

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
    names = {section.lower(): {key.lower() for key in keys} for section, keys in known.items()}
    settings = Settings()
    for path in paths:
        section = sub = None
        for number, line in enumerate(_lines(path), 1):
            where = f"{path}:{number}"
            text = line.strip()
            if not text or text[0] in ";#":
                continue
            if text.startswith("["):
                match = WORDS.match(text)
                if not match:
                    raise ConfigError(f"{where}: this is no section header: {text}")
                section, sub = match.group(1), match.group(2)
                if section.lower() not in names:
                    raise ConfigError(f"{where}: unknown section [{section}]")
                continue
            if section is None:
                raise ConfigError(f"{where}: a setting before the first section: {text}")
            key, equals, raw = text.partition("=")
            key = key.strip()
            if key.lower() not in names[section.lower()]:
                raise ConfigError(f"{where}: unknown setting {section}.{key}")
            settings.add(section, sub, key, _unquote(raw.strip(), where) if equals else "true")
    return settings


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
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist") from None
    except PermissionError:
        raise ConfigError(f"{path} can't be read by this account") from None
