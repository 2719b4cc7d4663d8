"""gcfg text as gopkg.in/gcfg.v1 reads it, to which tests/gcfg holds this file: quotes anywhere in a value, a backslash at a line's end goes on
in the next line, `;` and `#` begin comments also behind a value, names don't mind case."""
import re

BLANKS = re.compile(r"[ \t\r]*")
# Spaces, a comment, and the end of the line or the text.
REST = re.compile(r"[ \t\r]*(?:[;#][^\n]*)?(?:\n|\Z)")
NAME = re.compile(r'"((?:[^"\\\n]|\\["\\])*)"')
# No part of a part may repeat: a quote that is never closed would take for ever.
VALUE = re.compile(r'(?:"(?:[^"\\\n]|\\["\\nt])*"|\\\r?["\n]|[^"\\;#\n]+)*')
ESCAPES = {"n": "\n", "t": "\t", "\n": ""}


class GcfgError(Exception):
    """What can't be read, and in which line."""

    def __init__(self, line, says):
        super().__init__(f"line {line}: {says}")
        self.line = line
        self.says = says


def folded(word):
    """The parser folds case as Unicode does, which has a second small s and knows the sign of kelvin for a K."""
    return word.lower().replace("\u017f", "s")


def statements(text):
    """(section, name, key, value, line) of each header and setting in turn; a header has no key, a key without "=" no value."""
    found = []
    section = ""
    name = ""
    at = 1 if text.startswith("\ufeff") else 0
    if "\0" in text:
        raise _problem(text, text.index("\0"), "it has a zero byte")
    while at < len(text):
        start, begin = at, _after(BLANKS, text, at)
        nothing = REST.match(text, begin)
        if nothing:
            at = nothing.end()
            continue
        key = value = None
        header = _header(text, begin)
        if header:
            section, name, end = header
            if name == "":
                raise _problem(text, start, "a section's name in quotes is empty")
        else:
            end = _word(text, begin)
            if end == begin:
                raise _problem(text, start, "it is neither a [Section], nor a setting, nor a comment")
            if not section:
                raise _problem(text, start, "a setting stands before the first section")
            key = text[begin:end]
            end = _after(BLANKS, text, end)
            if text.startswith("=", end):
                begin = _after(BLANKS, text, end + 1)
                end = _after(VALUE, text, begin)
                value = _meant(text[begin:end])
        rest = REST.match(text, end)
        if not rest:
            raise _problem(text, start, "what follows can't stand there, or a quote is not closed")
        at = rest.end()
        found.append((section, name or "", key, value, _line(text, start)))
    return found


def _header(text, at):
    """The section, its name or None, and where it ends."""
    if not text.startswith("[", at):
        return None
    begin = _after(BLANKS, text, at + 1)
    end = _word(text, begin)
    name = NAME.match(text, _after(BLANKS, text, end))
    closing = _after(BLANKS, text, name.end() if name else end)
    if end == begin or not text.startswith("]", closing):
        return None
    return text[begin:end], re.sub(r"\\(.)", r"\1", name.group(1)) if name else None, closing + 1


def _word(text, at):
    """Where the word ends that begins there: a letter, then letters, digits and hyphens."""
    end = at
    while end < len(text) and (text[end].isalpha() or (end > at and (text[end].isdecimal() or text[end] == "-"))):
        end += 1
    return end


def _meant(raw):
    """Without the quotes, which are always closed here, and what is escaped as it is meant."""
    text = raw.rstrip(" \t\r").replace("\r", "")
    return re.sub(r'\\(.)|"', lambda found: ESCAPES.get(found.group(1), found.group(1)) if found.group(1) else "", text, flags=re.DOTALL)


def _after(pattern, text, at):
    return pattern.match(text, at).end()


def _line(text, at):
    return text.count("\n", 0, at) + 1


def _problem(text, at, says):
    return GcfgError(_line(text, at), says)
