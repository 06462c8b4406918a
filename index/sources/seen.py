"""What was seen: the hash of each file as it was last read, so that what did not change is not read again.

That a file did not change is told by its stamp, which the file system renews with every write. It is only a cache:
where it is lost or makes no sense, every file is read once more.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Protocol, Self


class Stamped(Protocol):
    """A file that may have a stamp: `index.sources.gathering.SourceFile`."""

    @property
    def source(self) -> str:
        """The path or the address."""

    def stamp(self) -> str | None:
        """Return what changes with every write to it, None where nothing can tell."""

    def content(self) -> str:
        """Return what tells whether it changed. Raises UnreadableDocument."""


class Seen:
    """What tells whether a file changed, by source and stamp; kept at `path`."""

    def __init__(self, path: Path, before: dict[str, list[str]]) -> None:
        self._path = path
        self._before = before
        self._now: dict[str, list[str]] = {}

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what is kept at `path`."""
        try:
            form = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            form = {}
        return cls(path, form if isinstance(form, dict) else {})

    def content(self, file: Stamped) -> str:
        """Return what tells whether a file changed: what was seen, while its stamp stays. Raises UnreadableDocument."""
        stamp = file.stamp()
        if stamp is None:
            return file.content()
        match self._before.get(file.source):
            case [before, str(content)] if before == stamp:
                pass
            case _:
                content = file.content()
        self._now[file.source] = [stamp, content]
        return content

    def write(self) -> None:
        """Keep what was seen this time, where that is possible."""
        if self._now != self._before:
            new = self._path.with_suffix(".new")
            with suppress(OSError):
                new.write_text(json.dumps(self._now), encoding="utf-8")
                new.replace(self._path)
