"""The documents of a question set, written out as a corpus folder: one `.txt` file each, named by the document's id."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from bot.evaluation.question_sets import rows

# File systems take 255 bytes.
LONGEST_NAME = 200


def source(id: str) -> str:
    """Return the name of the file, and so the `DocumentMetadata.source`, of the document with `id`."""
    name = quote(id, safe="")
    if name.startswith("."):  # a hidden file, which no reader looks at
        name = "%2E" + name[1:]
    if len(name) > LONGEST_NAME:
        name = hashlib.sha256(id.encode()).hexdigest()
    return name + ".txt"


def export(corpus: Path, folder: Path) -> None:
    """Make `folder` hold exactly the documents of `corpus`; nothing is written where it does already.

    Raises BadQuestionSet where `corpus` is not JSON lines with an id and a text.
    """
    stamp = folder.with_name("exported.sha256")
    digest = hashlib.sha256(corpus.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    folder.mkdir(parents=True, exist_ok=True)
    stale = {path.name for path in folder.iterdir()}
    for row in rows(corpus):
        name = source(row["id"])
        stale.discard(name)
        (folder / name).write_text(_text(row), encoding="utf-8", newline="")
    for name in stale:
        (folder / name).unlink()
    stamp.write_text(digest)


def _text(row: Mapping[str, Any]) -> str:
    facts = {
        "title": row.get("title"),
        "url": row.get("url"),
        "published": _day(str(row.get("date", ""))),
        "language": row.get("lang"),
    }
    matter = yaml.safe_dump({name: fact for name, fact in facts.items() if fact}, allow_unicode=True, sort_keys=False)
    return f"---\n{matter}---\n{row['text']}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
