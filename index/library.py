"""The library: the door of this package. It searches, shows documents, refreshes, and serves one whole generation."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from index.access import Viewer
from index.documents import EVERYTHING, Document, DocumentMetadata, Filter
from index.errors import IndexDamaged, IndexMissing, WriterBusy
from index.hits import SearchResult
from index.models.loaded_once import LoadedOnce
from index.models.model import Model
from index.report import NOTHING_FETCHED, ConfiguredSource, Failure, FetchReport, Progress, RefreshReport
from index.serving.current_generation import CurrentGeneration
from index.serving.query_model import EmbedsQueries, QueryModel
from index.serving.snapshot import Snapshot
from index.sources.rules import CurrentRules
from index.store import failures, history
from index.store.data_folder import DataFolder
from index.store.manifest import Manifest

if TYPE_CHECKING:
    from index.embeddings import Vector
    from index.publishing.generations import PublishedGenerations
    from index.serving.reranking import Reranker
    from index.sources.attached import Attached
    from index.sources.channels import Channels
    from index.store.chroma_server import ChromaServer

log = logging.getLogger(__name__)


class Library:
    """The documents of one corpus folder and their index in one data folder. Any thread may call any method.

    `load` loads the embedding model of the given name, and `load_reranker`, where there is to be one, the reranker,
    each when a question first needs it. With `ocr`, a refresh reads scans too. `private_hosts` are the machines inside
    that sources may be fetched from, `loaders` the document loaders that may be run. `published` are the generations
    that are shared with other machines, None where the data folder's own are all there is. A refresh embeds on a
    `device`: "cpu", "cuda", "mps", or "auto" for the best that is there. `chroma` is the server that keeps
    the vectors, None where the data folder does.
    """

    def __init__(
        self,
        corpus: Path,
        data: Path,
        model: str,
        load: Callable[[Model], EmbedsQueries],
        load_reranker: Callable[[], Reranker | None] = lambda: None,
        *,
        ocr: bool = False,
        private_hosts: frozenset[str] = frozenset(),
        loaders: frozenset[str] = frozenset(),
        published: PublishedGenerations | None = None,
        device: str = "cpu",
        chroma: ChromaServer | None = None,
    ) -> None:
        self._corpus = corpus
        self._data = data
        self._model = model
        self._ocr = ocr
        self._private_hosts = private_hosts
        self._loaders = loaders
        self._published = published
        self._device = device
        self._chroma = chroma
        self._query_model = QueryModel(model, load)
        self._reranker = LoadedOnce(load_reranker)
        self._current = CurrentGeneration(DataFolder(data), chroma)
        self._rules = CurrentRules(corpus)

    @contextmanager
    def pinned(self, viewer: Viewer) -> Iterator[Snapshot]:
        """Give what a viewer sees of the generation in use as a snapshot, which stays the same until the block is left.

        Raises IndexMissing where none was ever published, and IndexDamaged where none of those on disk is whole.
        """
        with self._current.pinned() as generation:
            yield Snapshot(generation, generation.sight(viewer, self._rules.get()), self._query_model, self._reranker)

    def generation(self, viewer: Viewer) -> Manifest | None:
        """Return what is known of the generation that is being served, with the counts of what a viewer sees of it.

        It is None where none was ever published.
        """
        try:
            with self.pinned(viewer) as snapshot:
                manifest = snapshot.manifest
                # What was counted when it was indexed may not be seen now.
                return replace(manifest, documents=len(snapshot.documents())) if snapshot.is_outdated else manifest
        except IndexMissing:
            return None

    def search(self, text: str, viewer: Viewer, k: int = 10, where: Filter = EVERYTHING) -> SearchResult:
        """Return the `k` best passages for a text that a viewer sees, best first, from the documents `where` allows."""
        with self.pinned(viewer) as snapshot:
            return snapshot.search(text, k, where)

    def sources(self, viewer: Viewer) -> tuple[DocumentMetadata, ...]:
        """Return the metadata of all documents that a viewer sees, by source. Needs neither the model nor Chroma."""
        with self.pinned(viewer) as snapshot:
            return snapshot.documents()

    def configured(self, viewer: Viewer) -> tuple[ConfiguredSource, ...]:
        """Return the sources whose documents a viewer sees, the corpus folder first. Raises BadConfiguration."""
        from index.sources.overview import overview

        with self.pinned(viewer) as snapshot:
            return overview(self._corpus, self._data, snapshot.documents(), viewer)

    def sees(self, viewer: Viewer, documents: Iterable[DocumentMetadata]) -> bool:
        """Return whether a viewer may see all of these documents, which were cited once, by what holds of them now."""
        with self.pinned(viewer) as snapshot:
            return all(map(snapshot.sees, documents))

    def hides(self, viewer: Viewer) -> bool:
        """Return whether there is anything that a viewer does not see."""
        with self.pinned(viewer) as snapshot:
            return snapshot.hides

    def channels(self) -> frozenset[int]:
        """Return the channels of which the readers alone see some document."""
        with self._current.pinned() as generation:
            rules = chain.from_iterable(generation.accesses.values())
            return frozenset().union(*(rule.readers_of for rule in rules))

    def add_source(
        self, where: str, kind: str | None = None, name: str | None = None, server: int | None = None
    ) -> str:
        """Put a source at an address or a path into `corpus.toml`, and return its name.

        With a `server` it is at a web address, and shown there alone. Raises BadConfiguration, for an address that is
        never fetched too.
        """
        from index.sources.editing import add_source

        if "://" in where or server is not None:
            self._refuse(where)
        return add_source(self._corpus, where, kind, name, server).name

    def remove_source(self, name: str, server: int | None = None) -> str:
        """Take a source out of `corpus.toml`, by its name or address, or let go of a channel; return its name.

        With a `server` only those are known that are shown there alone. Raises BadConfiguration.
        """
        from index.sources.editing import remove_source

        kept = self.kept_channels
        named = [each for each in kept.every() if name in (f"#{each.name}", each.address)]
        if len(named) == 1 and server is None:
            kept.remove(named[0].id)
            return f"#{named[0].name}"

        return remove_source(self._corpus, name, server).name

    def added_on(self, server: int) -> tuple[tuple[str, str], ...]:
        """Return the sources of `corpus.toml` that are shown on a server alone, as names and addresses.

        Raises BadConfiguration.
        """
        from index.sources.configuration import read_configuration
        from index.sources.editing import of_server

        return tuple((source.name, source.address) for source in of_server(read_configuration(self._corpus), server))

    @property
    def kept_channels(self) -> Channels:
        """The channels of Discord that are indexed, and what is said there."""
        from index.sources.channels import Channels, channels_in

        return Channels(channels_in(self._data))

    @property
    def attached(self) -> Attached:
        """The documents that people handed in."""
        from index.sources.attached import Attached, attached_in

        return Attached(attached_in(self._data))

    def failures(self) -> tuple[Failure, ...]:
        """Return the documents that the last refresh could not read, each with the reason."""
        return failures.read(DataFolder(self._data).failures)

    def document(self, document_id: str, viewer: Viewer) -> Document:
        """Return one whole document. Raises UnknownDocument where there is none, or the viewer does not see it."""
        with self.pinned(viewer) as snapshot:
            return snapshot.document(document_id)

    def vector(self, text: str) -> Vector | None:
        """Return the vector of a statement as passages have one, `(dimension,)`, None where the model reads no such."""
        return self._query_model.vector(text)

    def rarity(self, word: str) -> float:
        """Return how rare a word is in its language, 0 to 1, as the embedding model's vocabulary tells."""
        return self._query_model.rarity(word)

    def refresh(
        self,
        *,
        allow_shrinking: bool = False,
        progress: Callable[[Progress], None] = lambda _: None,
        only: frozenset[str] | None = None,
    ) -> RefreshReport:
        """Ask every source, or those of these names, for what is new, then do what `reindex` does.

        Raises what `fetch` and `reindex` raise.
        """
        fetched = self.fetch(only, progress=progress)
        report = self.reindex(allow_shrinking=allow_shrinking, progress=progress)
        if not fetched.sources:
            return report
        stages = {"fetching": fetched.seconds, **report.stages}
        return replace(report, seconds=round(report.seconds + fetched.seconds, 3), stages=stages)

    def fetch(
        self, only: frozenset[str] | None = None, *, progress: Callable[[Progress], None] = lambda _: None
    ) -> FetchReport:
        """Ask the sources of these names, or all, for what is new, in another process, and keep it for a refresh.

        Raises BadConfiguration, WriterBusy, and RefreshFailed when that process died.
        """
        from index.sources.configuration import must_be_asked

        if not must_be_asked(self._corpus, self._data):
            return NOTHING_FETCHED
        from index import child
        from index.sources.fetching import FetchRequest, fetch

        request = FetchRequest(self._corpus, self._data, self._private_hosts, self._loaders, only)
        return child.run(partial(fetch, request), progress, "footnote-fetcher")

    def folders(self) -> tuple[Path, ...]:
        """Return the folders on this machine that documents lie in, and are there. Raises BadConfiguration."""
        from index.sources.configuration import read_configuration
        from index.sources.folder import Folder

        every = [source.folder for source in read_configuration(self._corpus) if isinstance(source, Folder)]
        return tuple(folder for folder in every if folder.is_dir())

    def due(self, now: float) -> frozenset[str]:
        """Return the names of the sources that are to be asked by `now`, in seconds since 1970.

        Raises BadConfiguration.
        """
        from index.sources.fetching import due

        return due(self._corpus, self._data, now)

    def reindex(
        self, *, allow_shrinking: bool = False, progress: Callable[[Progress], None] = lambda _: None
    ) -> RefreshReport:
        """Bring the index up to date with what is there, in another process, and serve what came of it.

        Where generations are shared, it is built upon the one that is published, and in use once it is published too.

        Raises what `index.building.refresh.refresh` raises, RefreshFailed when that process died, StoreUnavailable
        where it cannot be published, and PublishedMeanwhile where another builder was faster.
        """
        # Imported here because `sources` is to start in a blink.
        from index.building import writer
        from index.building.refresh import RefreshRequest

        shared = self._shared()
        request = RefreshRequest(
            self._corpus,
            self._data,
            self._model,
            allow_shrinking,
            self._ocr,
            found=self._query_model.at_hand,
            verified=self._current.verified,
            held=shared is not None,
            device=self._device,
            chroma=self._chroma,
        )
        report = writer.run(request, progress, self._query_model.embed_at_hand)
        if shared:
            started = monotonic()
            shared.push(DataFolder(self._data), report.generation, progress)
            seconds = round(monotonic() - started, 3)
            stages = {**report.stages, "publishing": seconds}
            report = replace(report, seconds=round(report.seconds + seconds, 3), stages=stages)
        self.reload()
        return report

    def compact(self, *, progress: Callable[[Progress], None] = lambda _: None) -> bool:
        """Make one of the base of the index and all that has changed since, where that has become much.

        It is done in another process, beside refreshes, and takes minutes where there is much. Returns whether there is
        a new generation, with the same documents; it is served then, and published where generations are shared. Raises
        what `compacting.compact` raises, but where somebody is at it already or was faster, RefreshFailed when that
        process died, and StoreUnavailable.
        """
        from index.building import writer
        from index.building.compacting import CompactRequest, is_due

        with self._current.pinned() as generation:
            if not is_due(generation.manifest):
                return False
        with suppress(WriterBusy):
            shared = self._shared()
            request = CompactRequest(
                self._data,
                self._model,
                self._query_model.at_hand,
                self._current.verified,
                held=shared is not None,
                device=self._device,
                chroma=self._chroma,
            )
            number = writer.run_compaction(request, progress)
            if number is not None and shared:
                shared.push(DataFolder(self._data), number, progress)
            return number is not None and self.reload()
        return False

    def history(self) -> tuple[Manifest, ...]:
        """Return what is known of the generations that are kept, newest first."""
        return history.history(DataFolder(self._data))

    def roll_back(self, number: int | None = None) -> Manifest:
        """Go back to an earlier generation, without a `number` to the one before; serve it at once and return it.

        It stays in use until somebody refreshes. Raises WriterBusy, GenerationGone and IndexDamaged, and
        StoreUnavailable where it is to be published and cannot be.
        """
        data, shared = DataFolder(self._data), self._shared()
        restored = history.roll_back(data, number, held=shared is not None)
        if shared:
            shared.push(data, restored.number)
        self.reload()
        return restored

    def reload(self) -> bool:
        """Serve the newest generation, warmed up, if there is a newer one than is served; return whether there was.

        Where generations are shared, the one that is published is downloaded first; see `out_of_touch`.
        """
        if self._published:
            self._published.follow(DataFolder(self._data))
        return self._current.reload()

    @property
    def out_of_touch(self) -> str | None:
        """Why what is published could not be looked at or taken over, so that what is here is served; else None."""
        return self._published.problem if self._published else None

    @property
    def words_alone(self) -> str | None:
        """Why words alone are searched, since the vectors cannot be asked; None where they can, as far as is known."""
        return self._current.words_alone

    def close(self) -> None:
        """Close the generation that is being served, once its last question has left."""
        self._current.close()

    def _shared(self) -> PublishedGenerations | None:
        """Take over what is published, to build upon it, and return where to publish, None where nothing is shared.

        Raises StoreUnavailable and WriterBusy.
        """
        if self._published:
            try:
                self._published.pull(DataFolder(self._data))
            except IndexDamaged as error:
                log.warning("%s: what is built next stands in for it", error)
        return self._published

    def _refuse(self, address: str) -> None:
        """Raise BadConfiguration for an address that is never fetched."""
        import asyncio

        from index.errors import BadConfiguration
        from index.sources.web.address import AddressRefused, PrivateHosts
        from index.sources.web.web import refuse

        try:
            asyncio.run(refuse(address, PrivateHosts(self._private_hosts)))
        except AddressRefused as error:
            raise BadConfiguration(f"{address} is not added: {error}") from error
