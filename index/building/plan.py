"""The plan of a refresh: the corpus is compared with the generation before, and says what has to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.errors import CorpusEmpty, CorpusShrunk, IndexDamaged, UnreadableDocument
from index.readers.formats import format_of, is_read
from index.report import Failure, Progress
from index.sources.folder import CorpusFile
from index.store.catalogue import Catalogue, IndexedFile
from index.store.data_folder import DataFolder
from index.store.generation import CATALOGUE
from index.store.manifest import Manifest, read_manifest, verify


@dataclass(frozen=True, slots=True)
class PreviousGeneration:
    """The generation that the next one follows, and by source the files that it holds."""

    folder: Path
    manifest: Manifest
    files: Mapping[str, IndexedFile]


@dataclass(frozen=True, slots=True)
class Copies:
    """A file of the corpus and every other of its kind with the same bytes; it stands for them all in the index."""

    file: CorpusFile
    also: tuple[str, ...]
    content: str

    @property
    def source(self) -> str:
        """The path of the file that stands for them all, relative to the corpus folder."""
        return self.file.source

    @property
    def sources(self) -> tuple[str, ...]:
        """The paths of all of them, its own first."""
        return self.source, *self.also

    def read(self) -> bytes:
        """Give the bytes. Raises UnreadableDocument."""
        return self.file.read()


@dataclass(frozen=True, slots=True)
class Plan:
    """The corpus against the previous generation: which files to read again, which documents are gone."""

    same: tuple[Copies, ...]
    fresh: tuple[Copies, ...]
    removed: tuple[str, ...]
    failed: tuple[Failure, ...]
    # The SHA-256 of the files that failed before, by source.
    unread: dict[str, str]


def newest_whole(data: DataFolder) -> PreviousGeneration | None:
    """Return the newest generation whose files are whole: a damaged one is no ground to build on."""
    for number in data.published():
        folder = data.generation(number)
        try:
            manifest = read_manifest(folder)
            verify(folder, manifest)
        except IndexDamaged:
            continue
        with closing(Catalogue.open(folder / CATALOGUE)) as catalogue:
            return PreviousGeneration(folder, manifest, catalogue.files())
    return None


def compare(
    files: Sequence[CorpusFile],
    unlisted: Mapping[str, str],
    previous: PreviousGeneration | None,
    remembered: Mapping[tuple[str, str], str],
    progress: Callable[[Progress], None],
) -> Plan:
    """Compare the corpus with the previous generation, by the hash of every file.

    Args:
        files: The files of the corpus, by source.
        unlisted: The folders that could not be listed, and why.
        previous: The generation that the next one follows, None where there is none.
        remembered: Why files could not be read before, by source and hash: the same bytes are not tried again.
        progress: Is told how many files were hashed.

    """
    known = previous.files if previous else {}
    copies: dict[tuple[str, str], list[CorpusFile]] = {}
    failed: list[Failure] = []
    seen: set[str] = set()
    for done, file in enumerate(files, start=1):
        try:
            if file.source in seen:
                raise UnreadableDocument("another file's name reads the same: rename one of them")
            seen.add(file.source)
            format_of(file.source)
            copies.setdefault((PurePosixPath(file.source).suffix.lower(), file.content()), []).append(file)
        except UnreadableDocument as error:
            failed.append(Failure(file.source, str(error), kept=file.source in known))
        finally:
            progress(Progress("reading", done, len(files)))
    removed = known.keys() - seen
    for folder, why in unlisted.items():
        failed.append(Failure(folder, f"a folder that cannot be listed ({why}): check its permissions", kept=False))
        hidden = {source for source in removed if source.startswith(f"{folder}/")}
        failed.extend(Failure(source, f"the folder {folder} cannot be read", kept=True) for source in sorted(hidden))
        removed -= hidden
    same: list[Copies] = []
    fresh: list[Copies] = []
    unread: dict[str, str] = {}
    for (_, content), (first, *others) in copies.items():
        group = Copies(first, tuple(file.source for file in others), content)
        indexed = known.get(group.source)
        reason = remembered.get((group.source, content))
        if reason is not None:
            failed.extend(Failure(source, reason, kept=source in known) for source in group.sources)
            unread |= dict.fromkeys(group.sources, content)
            continue
        is_same = indexed is not None and (indexed.content, indexed.sources) == (content, group.sources)
        (same if is_same else fresh).append(group)
    return Plan(tuple(same), tuple(fresh), tuple(sorted(removed)), tuple(failed), unread)


def refuse_to_shrink(
    corpus: Path, files: Sequence[CorpusFile], plan: Plan, previous: PreviousGeneration | None
) -> None:
    """Raise CorpusEmpty where there is no file to read, CorpusShrunk where more than half of the documents are gone."""
    if not any(is_read(file.source) for file in files):
        raise CorpusEmpty(
            f"no documents in {corpus}: put files there (.md, .pdf, .docx, .html, .txt and more: docs/formats.md), "
            "or say --yes to index nothing"
        )
    if previous and len(plan.removed) > len(previous.files) / 2:
        raise CorpusShrunk(
            f"{len(plan.removed)} of {len(previous.files)} documents are gone from {corpus}: "
            "nothing was changed; say --yes if they are meant to go"
        )
