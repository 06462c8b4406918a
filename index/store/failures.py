"""Failures: what the last refresh could not read, kept beside the generations so that anybody can ask later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from index.report import Failure


def write(path: Path, failures: Sequence[Failure]) -> None:
    """Keep these failures at `path`, in place of those before."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps([asdict(failure) for failure in failures], indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def read(path: Path) -> tuple[Failure, ...]:
    """Return the failures kept at `path`: none where there is no such file, or none that makes sense."""
    try:
        return tuple(Failure(**form) for form in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return ()
