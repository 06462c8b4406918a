"""Failures: what the last refresh could not read, kept beside the generations so that anybody can ask later.

Those that lie in a file's bytes are remembered with their hash, so that a file that hangs costs its time once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.report import Failure


def write(path: Path, failures: Sequence[Failure], contents: Mapping[str, str], reading: str) -> None:
    """Keep these failures at `path`, in place of those before.

    Args:
        path: The file in which failures are kept.
        failures: What could not be read, and why.
        contents: The SHA-256 of each of those files, by source.
        reading: The version of what read them.

    """
    kept = [asdict(failure) | {"content": contents.get(failure.source)} for failure in failures]
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"reading": reading, "failures": kept}, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def read(path: Path) -> tuple[Failure, ...]:
    """Return the failures kept at `path`: none where there is no such file, or none that makes sense."""
    return tuple(failure for failure, _ in _kept(_load(path)))


def remembered(path: Path, reading: str) -> dict[tuple[str, str], str]:
    """Return why files could not be read when it was last tried, by source and the SHA-256 of their bytes.

    Args:
        path: The file in which failures are kept.
        reading: The version of what reads files now: another one may read what the last one could not.

    """
    form = _load(path)
    if form.get("reading") != reading:
        return {}
    return {(failure.source, content): failure.reason for failure, content in _kept(form) if content}


def _load(path: Path) -> dict[str, Any]:
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return form if isinstance(form, dict) else {}


def _kept(form: dict[str, Any]) -> list[tuple[Failure, str | None]]:
    try:
        return [(Failure(one["source"], one["reason"], one["kept"]), one["content"]) for one in form["failures"]]
    except (KeyError, TypeError, AttributeError):
        return []
