"""The writer: a refresh runs in a process of its own, since Chroma's writes hold Python's global lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from index import child
from index.building.builder import Embeds
from index.building.refresh import RefreshRequest, refresh
from index.embeddings import Embedding, Text
from index.models.model import Model
from index.report import Progress, RefreshReport
from index.store.data_folder import DataFolder

# Texts that the exported model embeds in less time than torch takes to start.
_FEW = 64


def run(job: RefreshRequest, progress: Callable[[Progress], None]) -> RefreshReport:
    """Refresh in a child process, relaying its progress, and return its report.

    Raises what `refresh.refresh` raises, and RefreshFailed when the child died: nothing was published then.
    """
    load = partial(load_embedder, exports=DataFolder(job.data).models)
    return child.run(partial(refresh, job, load), progress, "footnote-writer")


def load_embedder(model: Model, exports: Path) -> Embeds:
    """Return the model, loaded, in the fastest way for however many texts there will be; export it if it never was.

    Args:
        model: The embedding model.
        exports: The folder that holds what is exported for those who ask.

    """
    from index.models.exported import exports_of, load_exported

    exported = load_exported(model, exports)
    if exported is not None and exported.embeds_passages:
        return FewFirst(exported, lambda: _load_torch(model))
    if not exports_of(model, exports):
        from index.models.exporting import export

        export(model, exports)
    return _load_torch(model)


def _load_torch(model: Model) -> Embeds:
    # Imported here because it takes seconds, and a refresh that finds every vector in the cache does without it.
    from index.models.embedding import Embedder, fastest_dtype

    return Embedder(model, fastest_dtype())


class FewFirst:
    """Embeds the first few texts by a model that is there at once, and all others by one that has to be loaded."""

    def __init__(self, few: Embeds, load: Callable[[], Embeds]) -> None:
        self._few = few
        self._load = load
        self._many: Embeds | None = None
        self._embedded = 0

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield the place in `texts` and the embedding of each."""
        self._embedded += len(texts)
        if self._embedded <= _FEW:
            return self._few.embed(texts)
        self._many = self._many or self._load()
        return self._many.embed(texts)
