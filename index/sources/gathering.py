"""Gathering: all files that there are to index, of all sources, and what is known to be wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.documents import CORPUS, Provenance
from index.errors import CorpusMissing
from index.report import Failure
from index.sources.attached import Attached, attached_in
from index.sources.channels import Channels, channels_in
from index.sources.folder import Folder
from index.sources.kept import Kept, kept_in
from index.sources.source import RemoteSource, Source


class SourceFile(Protocol):
    """A file of any source: the path or address by which the index knows it, and its bytes when asked for them."""

    @property
    def source(self) -> str:
        """The path or the address."""

    @property
    def provenance(self) -> Provenance:
        """What is known of it before it is read."""

    @property
    def name(self) -> str:
        """The name whose suffix tells its format."""

    def stamp(self) -> str | None:
        """Return what changes with every write to it, None where nothing can tell."""

    def content(self) -> str:
        """Return what tells whether it changed. Raises UnreadableDocument."""

    def read(self) -> bytes:
        """Return its bytes. Raises UnreadableDocument."""


@dataclass(slots=True)
class Gathered:
    """The files of all sources, in order, and what was wrong with what is not among them.

    `hidden` are the paths of folders, and the names of whole sources, of which nobody knows what is in them now.
    """

    files: list[SourceFile] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    hidden_folders: dict[str, str] = field(default_factory=dict)
    hidden_sources: set[str] = field(default_factory=set)


def gather(sources: Sequence[Source], data: Path) -> Gathered:
    """Return all files that there are. Raises CorpusMissing where the corpus folder itself is not there."""
    gathered = Gathered()
    for folder in (source for source in sources if isinstance(source, Folder)):
        try:
            gathered.files.extend(folder.files(gathered.hidden_folders.__setitem__))
        except CorpusMissing as error:
            if folder.name == CORPUS:
                raise
            gathered.hidden_sources.add(folder.name)
            gathered.failures.append(Failure(folder.name, str(error), kept=False))
    _gather_kept([source for source in sources if isinstance(source, RemoteSource)], kept_in(data), gathered)
    for handed_in in (Channels(channels_in(data)), Attached(attached_in(data))):
        gathered.files.extend(handed_in.files())
        gathered.failures.extend(handed_in.failures())
    for source in sources:
        if source.access:
            _tell_idle_limits(source, gathered)
    return gathered


def _tell_idle_limits(source: Source, gathered: Gathered) -> None:
    """Note what limits nothing: a glob that is mistyped leaves open to all what it was to limit."""
    documents = [file.source for file in gathered.files if file.provenance.collection == source.name]
    for limited in source.idle_limits(documents):
        globs = ", ".join(limited.include) or "all but its exclude"
        gathered.failures.append(
            Failure(source.name, f"access: {globs} fits no document, so it hides none", kept=False)
        )


def _gather_kept(sources: Iterable[RemoteSource], path: Path, gathered: Gathered) -> None:
    if not sources:
        return
    with closing(Kept.open(path)) as kept:
        for source in sources:
            gathered.files.extend(kept.files(source))
            gathered.failures.extend(kept.problems(source.name))
            if not kept.is_whole(source.name):
                gathered.hidden_sources.add(source.name)
