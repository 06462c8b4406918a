"""Folders: the corpus and others on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from index.documents import CORPUS
from index.sources.globs import Globs
from index.sources.scanning import CorpusFile, scan
from index.sources.source import Source


@dataclass(frozen=True, kw_only=True)
class Folder(Source):
    """The files of a folder on this machine, by globs over their paths in it."""

    kind: ClassVar[str] = "folder"

    folder: Path
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def files(self, unreadable: Callable[[str, str], None]) -> Iterator[CorpusFile]:
        """Yield its files; `unreadable` is told of each folder within that cannot be listed. Raises CorpusMissing."""
        globs = Globs(self.include, self.exclude)
        for file in scan(self.folder, lambda below, why: unreadable(self._source(below), why)):
            if file.source in globs:
                source = self._source(file.source)
                yield CorpusFile(source, file.path, self.provenance(source))

    def _source(self, path: str) -> str:
        # The corpus itself is what the paths of documents are relative to.
        return path if self.name == CORPUS else str(PurePosixPath(self.name, path))
