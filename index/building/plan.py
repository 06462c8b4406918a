"""The plan of a refresh: the corpus is compared with the generation before, and says what has to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from index.documents import Provenance
from index.errors import CorpusEmpty, CorpusShrunk, IndexDamaged, UnreadableDocument
from index.messages import is_from_discord
from index.readers.formats import SUFFIXES, format_of, is_read, suffix_of
from index.report import Failure, Progress
from index.sources.gathering import Gathered, SourceFile
from index.store.catalogue import Catalogue, IndexedFile
from index.store.data_folder import DataFolder
from index.store.manifest import Manifest, Verified, read_manifest, verify


@dataclass(frozen=True, slots=True)
class PreviousGeneration:
    """The generation that the next one follows, by source the files that it holds, and the folder of the one before."""

    folder: Path
    manifest: Manifest
    files: Mapping[str, IndexedFile]
    older: Path | None


@dataclass(frozen=True, slots=True)
class Copies:
    """A file of the corpus and every other of its kind with the same bytes; it stands for them all in the index."""

    file: SourceFile
    also: tuple[str, ...]
    content: str

    @property
    def source(self) -> str:
        """The path or address of the file that stands for them all, as the index knows it."""
        return self.file.source

    @property
    def provenance(self) -> Provenance:
        """What is known of them before they are read."""
        return self.file.provenance

    @property
    def name(self) -> str:
        """The name whose suffix tells their format."""
        return self.file.name

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


def newest_whole(data: DataFolder, verified: Verified) -> PreviousGeneration | None:
    """Return the newest generation whose files are whole: a damaged one is no ground to build on."""
    for number in data.published():
        folder = data.generation(number)
        try:
            manifest = read_manifest(folder)
            verify(folder, manifest, verified=verified)
        except IndexDamaged:
            continue
        older = next((data.generation(one) for one in data.published() if one < number), None)
        with closing(Catalogue.open(folder)) as catalogue:
            return PreviousGeneration(folder, manifest, catalogue.files(), older)
    return None


def compare(
    gathered: Gathered,
    previous: PreviousGeneration | None,
    remembered: Mapping[tuple[str, str], str],
    content_of: Callable[[SourceFile], str],
    progress: Callable[[Progress], None],
) -> Plan:
    """Compare the corpus with the previous generation, by the hash of every file.

    Args:
        gathered: The files of all sources, and what was wrong with what is not among them.
        previous: The generation that the next one follows, None where there is none.
        remembered: Why files could not be read before, by source and hash: the same bytes are not tried again.
        content_of: Returns the hash of a file. Raises UnreadableDocument.
        progress: Is told how many files were hashed.

    """
    known = previous.files if previous else {}
    files = gathered.files
    copies: dict[tuple[str, str, str], list[SourceFile]] = {}
    failed = [replace(failure, kept=failure.source in known) for failure in gathered.failures]
    seen: set[str] = set()
    for done, file in enumerate(files, start=1):
        try:
            if file.source in seen:
                raise UnreadableDocument("another file's name reads the same: rename one of them")
            seen.add(file.source)
            suffix = suffix_of(file.name)
            if suffix not in SUFFIXES:
                format_of(file.name)
            copies.setdefault((file.provenance.collection, suffix, content_of(file)), []).append(file)
        except UnreadableDocument as error:
            failed.append(Failure(file.source, str(error), kept=file.source in known))
        finally:
            progress(Progress("reading", done, len(files)))
    removed = known.keys() - seen - {failure.source for failure in gathered.failures}
    unknown = {source for source in removed if known[source].collection in gathered.hidden_sources}
    failed.extend(Failure(source, "its source cannot be asked", kept=True) for source in sorted(unknown))
    removed -= unknown
    for folder, why in gathered.hidden_folders.items():
        failed.append(Failure(folder, f"a folder that cannot be listed ({why}): check its permissions", kept=False))
        hidden = {source for source in removed if source.startswith(f"{folder}/")}
        failed.extend(Failure(source, f"the folder {folder} cannot be read", kept=True) for source in sorted(hidden))
        removed -= hidden
    same: list[Copies] = []
    fresh: list[Copies] = []
    unread: dict[str, str] = {}
    for (*_, content), (first, *others) in copies.items():
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
    corpus: Path, files: Sequence[SourceFile], plan: Plan, previous: PreviousGeneration | None
) -> None:
    """Raise CorpusEmpty where there is no file to read, CorpusShrunk where more than half of the documents are gone."""
    # What goes in Discord is meant to go, were it all.
    before = previous.files if previous else {}
    known = {source for source, file in before.items() if not is_from_discord(file.collection)}
    if not any(is_read(file.name) for file in files) and (known or not before):
        raise CorpusEmpty(
            f"no documents in {corpus}: put files there (.md, .pdf, .docx, .html, .txt and more: docs/formats.md), "
            "or say --yes to index nothing"
        )
    gone = known.intersection(plan.removed)
    if len(gone) > len(known) / 2:
        raise CorpusShrunk(
            f"{len(gone)} of {len(known)} documents are gone from {corpus}: "
            "nothing was changed; say --yes if they are meant to go",
            len(gone),
            len(known),
        )
