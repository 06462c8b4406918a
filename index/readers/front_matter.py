"""Front matter: the lines of YAML between `---` and `---` with which a text file says what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from index.readers.encoding import clean

_FENCED = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LARGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says of itself; None where it says nothing, or nothing that can be used."""

    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None


def split(text: str) -> tuple[FrontMatter, str]:
    """Return the front matter of `text` and the text after it.

    Front matter that is malformed is no front matter: it stays in the text, so that nothing is lost.
    """
    fenced = _FENCED.match(text, 0, _LARGEST)
    fields = _fields(fenced[1]) if fenced else None
    if fenced is None or fields is None:
        return FrontMatter(), text
    found = FrontMatter(
        title=_line(fields.get("title")),
        publisher=_line(fields.get("source")),
        url=web_address(fields.get("url")),
        published=day(fields.get("published") or fields.get("date")),
        language=language_code(fields.get("language") or fields.get("lang")),
    )
    return found, text[fenced.end() :].lstrip("\n")


def web_address(value: object) -> str | None:
    """Return `value` if it is an absolute http or https address, else None."""
    try:
        parts = urlsplit(_said(value))
        parts.geturl().encode()  # half a character, which can be written nowhere, is a ValueError too
    except ValueError:
        return None
    return parts.geturl() if parts.scheme in ("http", "https") and parts.hostname else None


def day(value: object) -> date | None:
    """Return the day that `value`, a date or a time in ISO 8601, begins with, else None."""
    try:
        return date.fromisoformat(_said(value)[:10])
    except ValueError:
        return None


def language_code(value: object) -> str | None:
    """Return the ISO 639-1 code that the language tag `value` begins with ("zh-Hant" is "zh"), else None."""
    code = re.match(r"([A-Za-z]{2})(?![A-Za-z])", _said(value))
    return code[1].lower() if code else None


def _fields(source: str) -> dict[object, object] | None:
    # Imported here because most texts have none.
    import yaml

    try:
        # The base loader makes only strings, lists and mappings: no types to abuse, no merge keys that multiply.
        fields = yaml.load(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return fields if isinstance(fields, dict) else None


def _line(value: object) -> str | None:
    return " ".join(clean(_said(value)).split()) or None


def _said(value: object) -> str:
    # A list may hold another many times over, and all of it would be spelt out.
    return value.strip() if isinstance(value, str) else ""
