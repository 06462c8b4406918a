"""Editing `corpus.toml`: a source is put in or taken out, and all else stays as its author wrote it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import tomlkit
from yarl import URL

from index.access import AccessRule
from index.errors import BadConfiguration
from index.sources.configuration import parse_configuration, text_of
from index.sources.scanning import SETTINGS
from index.sources.source import Source

_MARKS = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 40


def add_source(
    corpus: Path, where: str, kind: str | None = None, name: str | None = None, server: int | None = None
) -> Source:
    """Put a source at an address or a path into `corpus.toml` and return it.

    Without a `kind` its address tells, without a `name` it gets one. With a `server` it is shown nowhere else. Raises
    BadConfiguration.
    """
    path = corpus / SETTINGS
    text = text_of(path)
    taken = {source.name for source in parse_configuration(text, corpus, str(path))}
    table = _table(where, kind, name, taken)
    if server is not None:
        table["access"] = tomlkit.inline_table().append("servers", [server])
    document = tomlkit.parse(text)
    sources = document.setdefault("source", tomlkit.aot())
    sources.append(tomlkit.item(table))
    changed = tomlkit.dumps(document)
    added = parse_configuration(changed, corpus, str(path))[-1]
    _write(path, changed)
    return added


def remove_source(corpus: Path, name: str, server: int | None = None) -> Source:
    """Take the source of this name, or at this address, out of `corpus.toml` and return it.

    With a `server` only those are known that are shown there alone. Raises BadConfiguration.
    """
    path = corpus / SETTINGS
    text = text_of(path)
    sources = parse_configuration(text, corpus, str(path))[1:]
    if server is not None:
        sources = of_server(sources, server)
    found = [source for source in sources if name in (source.name, source.address)]
    if len(found) != 1:
        known = ", ".join(source.name for source in sources) or "none"
        raise BadConfiguration(f"{path} names no source {name}; those that it names: {known}")
    document = tomlkit.parse(text)
    tables: Any = document["source"]
    at = next(number for number, table in enumerate(tables) if table["name"] == found[0].name)
    del tables[at]
    if not tables:
        del document["source"]
    _write(path, tomlkit.dumps(document))
    return found[0]


def of_server(sources: Iterable[Source], server: int) -> tuple[Source, ...]:
    """Return those sources that are shown on a server and nowhere else."""
    alone = AccessRule(servers=frozenset({server}))
    return tuple(source for source in sources if any(limited.rule == alone for limited in source.access))


def _table(where: str, kind: str | None, name: str | None, taken: set[str]) -> dict[str, Any]:
    kind = kind or _kind(where)
    named = name or _name(where, taken)
    if "://" in where:
        return {"name": named, kind: [where] if kind == "pages" else where}
    place = Path(where).expanduser().absolute()
    if not place.exists():
        raise BadConfiguration(f"{where} is neither there nor an address that begins with https://")
    if place.is_dir():
        return {"name": named, kind: str(place)}
    return {"name": named, kind: str(place.parent), "include": [place.name]}


def _kind(where: str) -> str:
    """Return the kind of what an address or a path says to be, a page where it says nothing."""
    if "://" not in where:
        return "folder"
    try:
        path = PurePosixPath(URL(where).path.lower())
    except ValueError:
        return "pages"
    if path.suffix == ".git":
        return "git"
    if "sitemap" in path.name and (path.suffix == ".xml" or path.name.endswith(".xml.gz")):
        return "sitemap"
    if path.suffix in (".rss", ".atom") or path.name in ("feed", "rss", "atom", "feed.xml", "rss.xml", "atom.xml"):
        return "feed"
    return "pages"


def _name(where: str, taken: set[str]) -> str:
    """Return a name that no other source has, made of an address or a path."""
    said = re.sub(r"^\w+://", "", where) if "://" in where else Path(where).name
    name = _MARKS.sub("-", said).strip("-._")[:_LONGEST_NAME].strip("-._") or "source"
    every = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in every if one not in taken)


def _write(path: Path, text: str) -> None:
    """Replace a file at once: whoever reads it meanwhile sees the old one or the new."""
    try:
        handle, new = tempfile.mkstemp(prefix=".corpus-", suffix=".new", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        mode = path.stat().st_mode if path.exists() else 0o644
        Path(new).chmod(mode)
        Path(new).replace(path)
    except OSError as error:
        raise BadConfiguration(f"{path} cannot be written: {error.strerror}") from error
