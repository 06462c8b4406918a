"""A refresh: the corpus and the current generation become the next generation.

`refresh` runs in the writer's process (`writer`). It reads every file to learn its hash, but splits, embeds and writes
only what changed, and publishes a generation only when one is complete and checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from time import monotonic

from index.building.builder import Builder, Embeds, SplitDocument, Vectors
from index.building.forgetting import forget_unused
from index.building.splitting import SPLITTER, split
from index.documents import Document
from index.errors import CorpusEmpty, CorpusShrunk, IndexDamaged, UnreadableDocument
from index.language import words
from index.models.model import Model, find_model
from index.readers import READERS, SUFFIXES, read
from index.report import Failure, Progress, RefreshReport
from index.sources.folder import CorpusFile, content_hash, scan
from index.store.catalogue import Catalogue
from index.store.data_folder import DataFolder
from index.store.generation import CATALOGUE
from index.store.manifest import LAYOUT, Fingerprint, Manifest, read_manifest, verify
from index.store.room import refuse_full_disk, written_to_disk
from index.store.vectors import VectorCache

# Passages in hand at one time: enough to sort by length for the model, few enough to keep memory flat.
_CHUNK = 2000
# A vector index in which more than this share of the rows was replaced loses recall, and is built afresh.
_MOST_REPLACED = 0.5
_ROOM_TO_SPARE = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """What a refresh is asked to do. `allow_shrinking` lets it drop more than half of the documents, or all."""

    corpus: Path
    data: Path
    model: str
    allow_shrinking: bool = False


@dataclass(frozen=True, slots=True)
class _Previous:
    """The generation that the next one follows, and by source the id and content hash of each of its documents."""

    folder: Path
    manifest: Manifest
    contents: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Plan:
    """The corpus against the previous generation: which files to read again, which documents are gone."""

    same: tuple[CorpusFile, ...]
    fresh: tuple[CorpusFile, ...]
    removed: tuple[str, ...]
    failed: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class _Built:
    """What came of a build: the generation in use, the sources that were read, and those that could not be."""

    manifest: Manifest
    read: tuple[str, ...]
    failed: tuple[Failure, ...]


def refresh(
    job: RefreshRequest, load: Callable[[Model], Embeds], progress: Callable[[Progress], None]
) -> RefreshReport:
    """Bring the index up to date with the corpus and return what was done. `load` loads the model when it is needed.

    Raises WriterBusy, CorpusMissing, CorpusEmpty, CorpusShrunk, DiskFull, ModelUnusable, or IndexDamaged when what was
    built does not pass its check; whatever is raised, the current generation stays as it was.
    """
    started = monotonic()
    data = DataFolder(job.data)
    unreadable: list[str] = []
    files = list(scan(job.corpus, unreadable.append))
    with data.lock():
        data.sweep()
        model = find_model(job.model)
        previous = _previous(data)
        plan = _plan(files, unreadable, previous, progress)
        if not job.allow_shrinking:
            _refuse_to_shrink(job.corpus, files, plan, previous)
        needed = _needed(previous)
        refuse_full_disk(job.data, needed)
        with written_to_disk(job.data, needed), closing(VectorCache(data.vectors)) as cache:
            vectors = Vectors(cache, model.fingerprint, lambda: load(model))
            built = _Build(data, model, plan, previous, vectors, progress).run()
            data.sweep()
            forget_unused(cache, data)
    known = previous.contents if previous else {}
    return RefreshReport(
        generation=built.manifest.number,
        added=tuple(source for source in built.read if source not in known),
        changed=tuple(source for source in built.read if source in known),
        removed=plan.removed,
        unchanged=len(plan.same),
        failed=plan.failed + built.failed,
        passages=built.manifest.passages,
        embedded=vectors.embedded,
        seconds=round(monotonic() - started, 3),
    )


def fingerprint_of(model: Model) -> Fingerprint:
    """Return the fingerprint of an index that this installation would build with this model."""
    return Fingerprint(
        layout=LAYOUT,
        readers=READERS,
        model=model.fingerprint,
        model_name=model.name,
        splitter=SPLITTER,
        analyser=words.VERSION,
        chromadb=version("chromadb"),
        tantivy=version("tantivy"),
    )


def _previous(data: DataFolder) -> _Previous | None:
    """Return the newest generation whose files are whole: a damaged one is no ground to build on."""
    for number in data.published():
        folder = data.generation(number)
        try:
            manifest = read_manifest(folder)
            verify(folder, manifest)
        except IndexDamaged:
            continue
        with closing(Catalogue.open(folder / CATALOGUE)) as catalogue:
            return _Previous(folder, manifest, catalogue.contents())
    return None


def _plan(
    files: Sequence[CorpusFile],
    unreadable: Sequence[str],
    previous: _Previous | None,
    progress: Callable[[Progress], None],
) -> _Plan:
    known = previous.contents if previous else {}
    same: list[CorpusFile] = []
    fresh: list[CorpusFile] = []
    failed: list[Failure] = []
    seen: set[str] = set()
    for done, file in enumerate(files, start=1):
        try:
            if file.source in seen:
                raise UnreadableDocument("another file's name reads the same: rename one of them")
            seen.add(file.source)
            content = content_hash(file.read())
        except UnreadableDocument as error:
            failed.append(Failure(file.source, str(error), kept=file.source in known))
            continue
        finally:
            progress(Progress("reading", done, len(files)))
        (same if known.get(file.source, ("", ""))[1] == content else fresh).append(file)
    removed = sorted(known.keys() - seen)
    for folder in unreadable:
        hidden = [source for source in removed if source.startswith(f"{folder}/")]
        failed.extend(Failure(source, f"the folder {folder} cannot be read", kept=True) for source in hidden)
        removed = sorted(set(removed) - set(hidden))
    return _Plan(tuple(same), tuple(fresh), tuple(removed), tuple(failed))


def _refuse_to_shrink(corpus: Path, files: Sequence[CorpusFile], plan: _Plan, previous: _Previous | None) -> None:
    if not files:
        kinds = " ".join(sorted(SUFFIXES))
        raise CorpusEmpty(f"no documents in {corpus}: put files there ({kinds}), or say --yes to index nothing")
    if previous and len(plan.removed) > len(previous.contents) / 2:
        raise CorpusShrunk(
            f"{len(plan.removed)} of {len(previous.contents)} documents are gone from {corpus}: "
            "nothing was changed; say --yes if they are meant to go"
        )


def _needed(previous: _Previous | None) -> int:
    """Return how many bytes a refresh may need: a new generation, the copy that is served of it, and more."""
    files = (path for path in previous.folder.rglob("*") if path.is_file()) if previous else ()
    return 2 * sum(path.stat().st_size for path in files) + _ROOM_TO_SPARE


@dataclass(frozen=True, slots=True)
class _Build:
    """The steps from a plan to a published generation."""

    data: DataFolder
    model: Model
    plan: _Plan
    previous: _Previous | None
    vectors: Vectors
    progress: Callable[[Progress], None]

    def run(self) -> _Built:
        """Build upon the previous generation where that serves, else afresh; publish nothing where nothing changed."""
        if self.previous is None or self.previous.manifest.fingerprint != fingerprint_of(self.model):
            return self._full()
        failed: list[Failure] = []
        splits = self._splits(self.plan.fresh, failed)
        first = next(splits, None)
        in_use = self.previous.manifest.number == self.data.current()
        if first is None and not self.plan.removed and in_use:
            return _Built(self.previous.manifest, (), tuple(failed))
        if self._needs_full_build(self.previous):
            return self._full()
        try:
            return self._incremental(self.previous, chain([first] if first else [], splits), failed)
        except IndexDamaged:
            return self._full()

    def _needs_full_build(self, previous: _Previous) -> bool:
        """Return whether too much of the previous vector index would have been replaced, were it built upon."""
        manifest = previous.manifest
        going = len(self.plan.removed) + sum(file.source in previous.contents for file in self.plan.fresh)
        share = going / max(1, manifest.documents) + manifest.replaced / max(1, manifest.passages)
        return share > _MOST_REPLACED

    def _incremental(self, previous: _Previous, splits: Iterable[list[SplitDocument]], failed: list[Failure]) -> _Built:
        with self.data.building() as folder:
            builder = Builder.upon(previous.folder, folder)
            replaced = builder.remove([previous.contents[source][0] for source in self.plan.removed])
            read: list[str] = []
            for chunk in splits:
                sources = [split.document.metadata.source for split in chunk]
                old = [previous.contents[source][0] for source in sources if source in previous.contents]
                stored = self.vectors.of(chunk)
                replaced += builder.remove(old)
                builder.add(chunk, stored)
                read.extend(sources)
            return self._publish(builder, folder, previous.manifest.replaced + replaced, read, failed)

    def _full(self) -> _Built:
        failed: list[Failure] = []
        with self.data.building() as folder:
            builder = Builder.afresh(folder)
            read: list[str] = []
            for chunk in self._splits(self.plan.same + self.plan.fresh, failed):
                builder.add(chunk, self.vectors.of(chunk))
                read.extend(split.document.metadata.source for split in chunk)
            kept = list(self._kept(failure.source for failure in (*self.plan.failed, *failed) if failure.kept))
            builder.add(kept, self.vectors.of(kept))
            fresh = {file.source for file in self.plan.fresh}
            return self._publish(builder, folder, 0, [source for source in read if source in fresh], failed)

    def _publish(
        self, builder: Builder, folder: Path, replaced: int, read: Sequence[str], failed: Sequence[Failure]
    ) -> _Built:
        self.progress(Progress("checking", 0, 1))
        number = max([self.data.current() or 0, *self.data.published()]) + 1
        manifest = builder.finish(number, fingerprint_of(self.model), replaced)
        self.data.publish(folder, number)
        self.progress(Progress("checking", 1, 1))
        return _Built(manifest, tuple(read), tuple(failed))

    def _splits(self, files: Sequence[CorpusFile], failed: list[Failure]) -> Iterator[list[SplitDocument]]:
        """Yield the documents of these files in chunks, noting in `failed` those that cannot be read."""
        known = self.previous.contents if self.previous else {}
        chunk: list[SplitDocument] = []
        for done, file in enumerate(files, start=1):
            try:
                data = file.read()
                chunk.append(self._split(read(data, file.source), content_hash(data)))
            except UnreadableDocument as error:
                failed.append(Failure(file.source, str(error), kept=file.source in known))
            if sum(len(split.passages) for split in chunk) >= _CHUNK:
                yield chunk
                chunk = []
            self.progress(Progress("indexing", done, len(files)))
        if chunk:
            yield chunk

    def _kept(self, sources: Iterable[str]) -> Iterator[SplitDocument]:
        """Yield the documents that can no longer be read, as the previous generation holds them."""
        if self.previous is None:
            return
        with closing(Catalogue.open(self.previous.folder / CATALOGUE)) as catalogue:
            for source in sources:
                document_id, content = self.previous.contents[source]
                yield self._split(catalogue.document(document_id), content)

    def _split(self, document: Document, content: str) -> SplitDocument:
        return SplitDocument(document, content, split(document, self.model.count_tokens, self.model.usable_window))
