"""Compacting: the base of a generation and all that has changed since become a new base, while refreshes go on.

That takes minutes where there is much, so that it is done beside the one writer, without its lock, of the generation in
use when it begins. What refreshes have done meanwhile is what has changed since the new base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index.building.builder import BaseBuilder, ChangeBuilder, Embeds, SplitDocument, Vectors
from index.building.forgetting import forget_unused
from index.building.refresh import fingerprint_of, room_needed
from index.documents import DocumentMetadata
from index.models.model import Model, find_model
from index.report import Progress
from index.store.catalogue import Catalogue
from index.store.chroma_server import ChromaServer
from index.store.collections import vector_store
from index.store.data_folder import DataFolder, sync_tree
from index.store.manifest import Manifest, Verified, read_manifest, verify
from index.store.room import refuse_full_disk, written_to_disk
from index.store.vector_store import VectorStore
from index.store.vectors import VectorCache

# As many changed passages as are compared with a question in less than a millisecond, and copied in less than a tenth
# of a second, however large the index is; and the share of a large one that is still little beside it.
_FEW = 1000
_SHARE = 0.1
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class CompactRequest:
    """What is compacted: the index in this data folder, which was made with the model of that name.

    The rest is as in a `RefreshRequest`.
    """

    data: Path
    model: str
    found: Model | None = None
    verified: Verified = field(default_factory=Verified)
    held: bool = False
    device: str = "cpu"
    chroma: ChromaServer | None = None


def is_due(manifest: Manifest) -> bool:
    """Return whether so much has changed since the base that it is time for a new one."""
    return manifest.restored is None and manifest.changed > max(_FEW, _SHARE * manifest.passages)


def compact(
    job: CompactRequest, load: Callable[[Model], Embeds], progress: Callable[[Progress], None]
) -> Manifest | None:
    """Publish a generation that holds what the one in use does, upon a new base; None where that was not to be done.

    `load` loads the model, for vectors that are not cached any more. Raises WriterBusy where another process is at it,
    IndexDamaged, DiskFull, ModelUnusable, VectorsUnavailable; whatever is raised, the current generation stays as it
    was.
    """
    data, model = DataFolder(job.data), job.found or find_model(job.model)
    store = vector_store(data, job.chroma)
    number = data.current()
    if number is None:
        return None
    with data.compacting() as folder, data.pinned(number):
        generation = data.generation(number)
        manifest = read_manifest(generation)
        if not is_due(manifest) or manifest.fingerprint != fingerprint_of(model):
            return None
        verify(generation, manifest, verified=job.verified)
        needed = room_needed(generation)
        refuse_full_disk(job.data, needed)
        with written_to_disk(job.data, needed), closing(VectorCache(data.vectors)) as cache:
            vectors = Vectors(cache, model.fingerprint, lambda: load(model))
            before, base = _new_base(folder, store, generation, manifest, vectors, progress)
            # Written down while nobody waits for it.
            sync_tree(folder)
            with data.lock(waits=True):
                if data.holds_back():
                    # A refresh is about to be published, with changes that are nowhere else yet.
                    return None
                compacted = _catch_up(data, folder, before, base, vectors, held=job.held)
                data.sweep()
                store.sweep()
                forget_unused(cache, data)
    return compacted


def _new_base(
    folder: Path,
    store: VectorStore,
    generation: Path,
    manifest: Manifest,
    vectors: Vectors,
    progress: Callable[[Progress], None],
) -> tuple[dict[DocumentMetadata, str], Manifest]:
    """Build anew all that a generation holds; return the contents of its documents, and the manifest of what it is."""
    builder = BaseBuilder(folder, store)
    with closing(Catalogue.open(generation)) as catalogue:
        contents = dict(catalogue.contents())
        done = 0
        for chunk in _chunks(catalogue, contents.items()):
            builder.add(chunk, vectors.of(chunk))
            done += len(chunk)
            progress(Progress("indexing", done, len(contents)))
    return contents, builder.finish(manifest.number, manifest.fingerprint, vectors.embed_query, manifest.background)


def _catch_up(
    data: DataFolder,
    folder: Path,
    before: dict[DocumentMetadata, str],
    base: Manifest,
    vectors: Vectors,
    *,
    held: bool,
) -> Manifest | None:
    """Change the new base as refreshes have changed the old one meanwhile, and publish it, or hold it back.

    Where one of them built everything anew, or somebody went back to an earlier generation, it is of no use.
    """
    newest = data.current()
    if newest is None:
        return None
    manifest = read_manifest(data.generation(newest))
    if not is_due(manifest) or manifest.fingerprint != base.fingerprint:
        return None
    builder = ChangeBuilder(folder, base, Verified())
    with closing(Catalogue.open(data.generation(newest))) as catalogue:
        now = dict(catalogue.contents())
        builder.remove([metadata.id for metadata, _ in before.items() - now.items()])
        for chunk in _chunks(catalogue, now.items() - before.items()):
            builder.add(chunk, vectors.of(chunk))
        compacted = builder.finish(max(data.published()) + 1)
    (data.hold if held else data.publish)(folder, compacted.number)
    return compacted


def _chunks(catalogue: Catalogue, documents: Iterable[tuple[DocumentMetadata, str]]) -> Iterator[list[SplitDocument]]:
    """Yield documents with their passages, as many at one time as are easily kept in memory."""
    chunk: list[SplitDocument] = []
    passages = 0
    for metadata, content in sorted(documents, key=lambda one: (one[0].source, one[0].id)):
        chunk.append(SplitDocument(catalogue.document(metadata.id), content, catalogue.passages_of(metadata.id)))
        passages += len(chunk[-1].passages)
        if passages >= _CHUNK:
            yield chunk
            chunk, passages = [], 0
    if chunk:
        yield chunk
