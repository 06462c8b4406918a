"""A refresh: the corpus and the current generation become the next generation.

`refresh` runs in the writer's process (`writer`). It reads every file to learn its hash, but splits, embeds and writes
only what changed, and publishes a generation only when one is complete and checked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Self

from index.background import Background
from index.building.builder import BaseBuilder, ChangeBuilder, Embeds, SplitDocument, Vectors
from index.building.forgetting import forget_unused
from index.building.plan import Copies, Plan, PreviousGeneration, compare, newest_whole, refuse_to_shrink
from index.building.reading import LIMITS, LIMITS_WITH_OCR, Limits, NotRead, Reader, ReadingPool
from index.building.splitting import SPLITTER, split
from index.building.stages import Stages
from index.documents import Document
from index.errors import IndexDamaged
from index.language import instructions, words
from index.models.model import Model, find_model
from index.readers import READERS, document_of, parse
from index.readers.parsed import ParsedDocument
from index.report import Failure, Progress, RefreshReport
from index.sources.configuration import read_configuration
from index.sources.gathering import gather
from index.sources.scanning import with_provenance
from index.sources.seen import Seen
from index.store import failures
from index.store.catalogue import Catalogue
from index.store.chroma_server import ChromaServer
from index.store.collections import vector_store
from index.store.data_folder import DataFolder
from index.store.manifest import LAYOUT, Fingerprint, Manifest, Verified
from index.store.room import refuse_full_disk, written_to_disk
from index.store.vector_store import DENSE, VectorStore
from index.store.vectors import VectorCache

log = logging.getLogger(__name__)

# Passages in hand at one time: enough to sort by length for the model, few enough to keep memory flat.
_CHUNK = 2000
# Where more documents than this, for each that stays, have come or gone, all is built anew.
_MOST_CHANGED = 0.5
# A child takes a fifth of a second to start, in which another would have read as many.
_FILES_A_CHILD = 4
_ROOM_TO_SPARE = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RefreshRequest:
    """What a refresh is asked to do. `allow_shrinking` lets it drop more than half of the documents, or all.

    With `ocr`, scans are read too. What whoever asks knows already need not be found out again: `found` is the model,
    and `verified` are the files of generations that are known to be whole. Many passages are embedded on a `device`, as
    FOOTNOTE_DEVICE names it, and their vectors kept on the server `chroma`, where there is one. A generation that is
    `held` back is not the one in use until whoever asked publishes it.
    """

    corpus: Path
    data: Path
    model: str
    allow_shrinking: bool = False
    ocr: bool = False
    found: Model | None = None
    verified: Verified = field(default_factory=Verified)
    held: bool = False
    device: str = "cpu"
    chroma: ChromaServer | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """By what files are read, and within which limits; while `version` stays, what failed would fail again."""

    reader: Reader
    limits: Limits
    version: str

    @classmethod
    def of(cls, job: RefreshRequest) -> Self:
        if not job.ocr:
            return cls(parse, LIMITS, f"{READERS} {SPLITTER}")
        # Imported here because it brings a reader of PDF.
        from index.readers import ocr

        reader = partial(parse, recognise=ocr.with_text_layer)
        return cls(reader, LIMITS_WITH_OCR, f"{READERS} {SPLITTER} {ocr.tool()}")


@dataclass(frozen=True, slots=True)
class _Built:
    """What came of a build: the generation in use, the files that were read, and those that could not be."""

    manifest: Manifest
    read: tuple[Copies, ...]
    failed: tuple[Failure, ...]


@dataclass(slots=True)
class _Chunk:
    """Files that were read, and their documents, split: what is in hand at one time."""

    files: list[Copies] = field(default_factory=list)
    splits: list[SplitDocument] = field(default_factory=list)

    @property
    def passages(self) -> int:
        return sum(len(split.passages) for split in self.splits)


def refresh(
    job: RefreshRequest, load: Callable[[Model], Embeds], progress: Callable[[Progress], None]
) -> RefreshReport:
    """Bring the index up to date with the corpus and return what was done. `load` loads the model when it is needed.

    Raises WriterBusy, CorpusMissing, CorpusEmpty, CorpusShrunk, DiskFull, ModelUnusable, VectorsUnavailable where the
    server that is to keep a new base does not answer, or IndexDamaged when what was built does not pass its check;
    whatever is raised, the current generation stays as it was.
    """
    started = monotonic()
    stages = Stages(progress)
    data = DataFolder(job.data)
    store = vector_store(data, job.chroma)
    gathered = gather(read_configuration(job.corpus), job.data)
    with data.lock():
        data.sweep()
        data.let_go()
        store.sweep()
        model = job.found or find_model(job.model)
        previous = newest_whole(data, job.verified)
        reading = _Reading.of(job)
        seen = Seen.read(data.seen)
        plan = compare(gathered, previous, failures.remembered(data.failures, reading.version), seen.content, stages)
        seen.write()
        if not job.allow_shrinking:
            refuse_to_shrink(job.corpus, gathered.files, plan, previous)
        needed = room_needed(previous.folder if previous else None)
        refuse_full_disk(job.data, needed)
        with written_to_disk(job.data, needed), closing(VectorCache(data.vectors)) as cache:
            vectors = Vectors(cache, model.fingerprint, lambda: load(model))
            built = _Build(data, store, model, plan, previous, vectors, reading, job.verified, job.held, stages).run()
            data.sweep()
            store.sweep()
            if not built.manifest.changed:
                # Where little has changed, little can be forgotten: it waits for the next base.
                forget_unused(cache, data)
        contents = {source: copies.content for copies in plan.fresh for source in copies.sources}
        failures.write(data.failures, plan.failed + built.failed, contents | plan.unread, reading.version)
    known = previous.files if previous else {}
    read_anew = {source: copies.content for copies in built.read for source in copies.sources}
    changed = tuple(source for source in read_anew if source in known and known[source].content != read_anew[source])
    added = tuple(source for source in read_anew if source not in known)
    return RefreshReport(
        generation=built.manifest.number,
        added=added,
        changed=changed,
        removed=plan.removed,
        unchanged=sum(len(copies.sources) for copies in plan.same) + len(read_anew) - len(added) - len(changed),
        failed=plan.failed + built.failed,
        passages=built.manifest.passages,
        embedded=vectors.embedded,
        seconds=round(monotonic() - started, 3),
        stages=stages.seconds(),
    )


def fingerprint_of(model: Model) -> Fingerprint:
    """Return the fingerprint of an index that this installation would build with this model."""
    return Fingerprint(
        layout=LAYOUT,
        readers=READERS,
        model=model.fingerprint,
        model_name=model.name,
        splitter=f"{SPLITTER}.{instructions.VERSION}",
        analyser=words.VERSION,
        chromadb=version("chromadb"),
        tantivy=version("tantivy"),
    )


def room_needed(previous: Path | None) -> int:
    """Return how many bytes the next generation may need: itself, the copy that is served of it, and more."""
    files = (path for path in previous.rglob("*") if path.is_file()) if previous else ()
    return 2 * sum(path.stat().st_size for path in files) + _ROOM_TO_SPARE


@dataclass(frozen=True, slots=True)
class _Build:
    """The steps from a plan to a published generation."""

    data: DataFolder
    store: VectorStore
    model: Model
    plan: Plan
    previous: PreviousGeneration | None
    vectors: Vectors
    reading: _Reading
    verified: Verified
    held: bool
    progress: Callable[[Progress], None]

    def run(self) -> _Built:
        """Build upon the previous generation where that serves, else afresh; publish nothing where nothing changed."""
        if self.previous is None or self.previous.manifest.fingerprint != fingerprint_of(self.model):
            return self._full()
        if not self.store.holds(self.previous.folder / DENSE):
            return self._full()
        failed: list[Failure] = []
        # Closed on every way out: it holds the processes that read, and a full build starts others.
        with closing(self._splits(self.plan.fresh, failed)) as splits:
            first = next(splits, None)
            # One that was gone back to holds automatic refreshes back, until a generation is built again.
            in_use = self.previous.manifest.number == self.data.current() and self.previous.manifest.restored is None
            if first is None and not self.plan.removed and in_use:
                return _Built(self.previous.manifest, (), tuple(failed))
            if not self._needs_full_build(self.previous):
                with suppress(IndexDamaged):
                    return self._upon(self.previous, chain([first] if first else [], splits), failed)
        return self._full()

    def _needs_full_build(self, previous: PreviousGeneration) -> bool:
        """Return whether so much is new or gone that little is left to build upon."""
        going = len(self.plan.removed) + len(self.plan.fresh)
        return not previous.manifest.passages or going > _MOST_CHANGED * max(1, len(self.plan.same))

    def _upon(self, previous: PreviousGeneration, splits: Iterable[_Chunk], failed: list[Failure]) -> _Built:
        with self.data.building() as folder:
            builder = ChangeBuilder.upon(previous.folder, previous.manifest, previous.older, folder, self.verified)
            gone = [previous.files[source] for source in self.plan.removed]
            # A file of which a copy remains is read anew under the copy's name, and goes only then.
            removed = set(self.plan.removed)
            gone = [file for file in gone if removed.issuperset(file.sources)]
            builder.remove([id_ for file in gone for id_ in file.document_ids])
            read: list[Copies] = []
            for chunk in splits:
                stored = self.vectors.of(chunk.splits)
                builder.remove([id_ for copies in chunk.files for id_ in self._old_documents(copies)])
                builder.add(chunk.splits, stored)
                read.extend(chunk.files)
            return self._publish(builder.finish, folder, read, failed)

    def _full(self) -> _Built:
        failed: list[Failure] = []
        every = self._splits(self.plan.same + self.plan.fresh, failed)
        with closing(every) as splits, self.data.building() as folder:
            builder = BaseBuilder(folder, self.store)
            read: list[Copies] = []
            for chunk in splits:
                builder.add(chunk.splits, self.vectors.of(chunk.splits))
                read.extend(chunk.files)
            present = {source for copies in read for source in copies.sources}
            unread = [failure.source for failure in (*self.plan.failed, *failed) if failure.kept]
            kept = list(self._kept(source for source in unread if source not in present))
            builder.add(kept, self.vectors.of(kept))
            fresh = set(self.plan.fresh)
            finish = partial(
                builder.finish,
                fingerprint=fingerprint_of(self.model),
                embed_query=self.vectors.embed_query,
                before=self._background(),
            )
            return self._publish(finish, folder, [copies for copies in read if copies in fresh], failed)

    def _background(self) -> Background | None:
        """Return the background of the previous generation, where it had the same model."""
        if self.previous is None or self.previous.manifest.fingerprint.model != self.model.fingerprint:
            return None
        return self.previous.manifest.background

    def _publish(
        self, finish: Callable[[int], Manifest], folder: Path, read: Sequence[Copies], failed: Sequence[Failure]
    ) -> _Built:
        self.progress(Progress("checking", 0, 1))
        manifest = finish(max([self.data.current() or 0, *self.data.published()]) + 1)
        (self.data.hold if self.held else self.data.publish)(folder, manifest.number)
        self.progress(Progress("checking", 1, 1))
        return _Built(manifest, tuple(read), tuple(failed))

    def _splits(self, files: Sequence[Copies], failed: list[Failure]) -> Generator[_Chunk, None, None]:
        """Yield the documents of these files in chunks, noting in `failed` those that cannot be read."""
        chunk = _Chunk()
        with ReadingPool(self.reading.reader, -(-len(files) // _FILES_A_CHILD), self.reading.limits) as pool:
            for done, (copies, outcome) in enumerate(pool.read(files), start=1):
                if isinstance(outcome, NotRead):
                    self._fail(copies, outcome.reason, failed)
                else:
                    self._split_into(
                        chunk,
                        replace(copies, content=with_provenance(outcome.content, copies.provenance)),
                        outcome.drafts,
                        failed,
                    )
                if chunk.passages >= _CHUNK:
                    yield chunk
                    chunk = _Chunk()
                self.progress(Progress("indexing", done, len(files)))
        if chunk.files:
            yield chunk

    def _split_into(
        self, chunk: _Chunk, copies: Copies, drafts: Iterable[ParsedDocument], failed: list[Failure]
    ) -> None:
        try:
            documents = [document_of(draft, copies.source, copies.provenance) for draft in drafts]
            named = [replace(one, metadata=replace(one.metadata, also=copies.also)) for one in documents]
            splits = [self._split(document, copies.content) for document in named]
        except Exception as error:
            # A text that cannot be split is a fault of one document, and no reason to lose the others.
            log.warning("%s could not be split into passages", copies.source, exc_info=True)
            self._fail(copies, f"its text cannot be split ({type(error).__name__}): save it anew", failed)
        else:
            chunk.files.append(copies)
            chunk.splits.extend(splits)

    def _fail(self, copies: Copies, reason: str, failed: list[Failure]) -> None:
        known = self.previous.files if self.previous else {}
        failed.extend(Failure(source, reason, kept=source in known) for source in copies.sources)

    def _old_documents(self, copies: Copies) -> set[str]:
        """Return the ids of the documents that the previous generation holds of a file and of its copies."""
        known = self.previous.files if self.previous else {}
        return {id_ for source in copies.sources if source in known for id_ in known[source].document_ids}

    def _kept(self, sources: Iterable[str]) -> Iterator[SplitDocument]:
        """Yield the documents that can no longer be read, as the previous generation holds them."""
        if self.previous is None:
            return
        with closing(Catalogue.open(self.previous.folder)) as catalogue:
            for file in dict.fromkeys(self.previous.files[source] for source in sources):
                for document_id in file.document_ids:
                    yield self._split(catalogue.document(document_id), file.content)

    def _split(self, document: Document, content: str) -> SplitDocument:
        return SplitDocument(document, content, split(document, self.model.count_tokens, self.model.usable_window))
