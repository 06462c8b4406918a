"""`corpus.toml`: what else to index besides the files beside it, each source a table of its own."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from index.documents import CORPUS
from index.errors import BadConfiguration, FootnoteError
from index.sources.folder import Folder
from index.sources.kept import kept_in
from index.sources.scanning import SETTINGS
from index.sources.source import RemoteSource, Source

_NAME = re.compile(r"[\w][\w .-]{0,59}")
_INTERVAL = re.compile(r"([1-9][0-9]{0,5}) ?([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read_configuration(corpus: Path) -> tuple[Source, ...]:
    """Return the sources of a corpus folder: the folder itself first, then those that its `corpus.toml` names.

    Raises BadConfiguration, with one line that says what is wrong with which source.
    """
    path = corpus / SETTINGS
    return parse_configuration(text_of(path), corpus, str(path))


def remote_sources(corpus: Path) -> list[RemoteSource]:
    """Return the sources of a corpus that have to be asked. Raises BadConfiguration."""
    return [source for source in read_configuration(corpus) if isinstance(source, RemoteSource)]


def must_be_asked(corpus: Path, data: Path) -> bool:
    """Return whether there is any source to ask, or anything kept of one that is no longer named.

    Raises BadConfiguration.
    """
    return bool(remote_sources(corpus)) or kept_in(data).exists()


def parse_configuration(text: str, corpus: Path, where: str) -> tuple[Source, ...]:
    """Return the sources that the text of a `corpus.toml` names, as `read_configuration` does."""
    try:
        form = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadConfiguration(f"{where} is no TOML: {error}") from error
    tables = form.pop("source", [])
    if form or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadConfiguration(f"{where}: {next(iter(form), 'source')} is not known; a source begins with [[source]]")
    sources = [_source(table, corpus, f"{where}: source {number}") for number, table in enumerate(tables, start=1)]
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise BadConfiguration(f"{where}: two sources are called {name}: give each a name of its own")
    own = [source for source in sources if source.name == CORPUS]
    others = [source for source in sources if source.name != CORPUS]
    return (*(own or [Folder(name=CORPUS, folder=corpus)]), *others)


def text_of(path: Path) -> str:
    """Return the text of a `corpus.toml`, nothing where there is none. Raises BadConfiguration."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise BadConfiguration(f"{path} cannot be read: it is not UTF-8 text") from error
    except OSError as error:
        raise BadConfiguration(f"{path} cannot be read: {error.strerror}") from error


def _source(table: dict[str, Any], corpus: Path, where: str) -> Source:
    name = table.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadConfiguration(f'{where}: give it a name of letters, digits, spaces, dots and dashes, as name = "…"')
    # Imported here because each kind brings what it reads with, and most folders have no other source than themselves.
    from pydantic import TypeAdapter, ValidationError

    from index.sources.kinds import KINDS

    where = f"{where} ({name})"
    kinds = [kind for key, kind in KINDS.items() if key in table]
    if name == CORPUS:
        kinds, table = [Folder], {**table, "folder": "."}
    if len(kinds) != 1:
        raise BadConfiguration(f"{where}: say where it is with exactly one of {', '.join(KINDS)}")
    known = [field.name for field in fields(kinds[0])]
    for key in table:
        if key not in known:
            raise BadConfiguration(f"{where}: {key} is not known{_nearest(key, known)}")
    try:
        source: Source = TypeAdapter(kinds[0]).validate_python(_prepared(table, corpus, where))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "it"
        wrong = first["msg"].removeprefix("Value error, ").replace("Input should be", "accepted is")
        if first["type"] == "unexpected_keyword_argument":
            wrong = "this is not known"
        raise BadConfiguration(f"{where}: {place}: {wrong}") from None
    except FootnoteError as error:
        raise BadConfiguration(f"{where}: {error}") from error
    if "{title}" not in source.title:
        raise BadConfiguration(f"{where}: title: put {{title}} where the document's own title is to stand")
    return source


def _prepared(table: dict[str, Any], corpus: Path, where: str) -> dict[str, Any]:
    """Return a table with its interval as a time, and with paths that begin at the folder that `corpus.toml` is in."""
    prepared = dict(table)
    if isinstance(table.get("access"), dict):
        prepared["access"] = [table["access"]]
    if "interval" in table:
        found = _INTERVAL.fullmatch(str(table["interval"]))
        if found is None:
            raise BadConfiguration(f"{where}: interval: accepted is a number of minutes, hours or days: 15m, 6h, 1d")
        prepared["interval"] = int(found[1]) * _UNITS[found[2]]
    for key in ("folder", "git"):
        path = table.get(key)
        if isinstance(path, str) and "://" not in path:
            prepared[key] = str(corpus / Path(path).expanduser())
    return prepared


def _nearest(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, n=1, cutoff=0.0)
    return f"; the nearest that is: {near[0]}" if near else ""
