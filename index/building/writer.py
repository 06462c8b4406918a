"""The writer: a refresh runs in a process of its own, since Chroma's writes hold Python's global lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index import child
from index.building.refresh import RefreshRequest, refresh
from index.embeddings import Embedding, Text, Vector
from index.models.exported import exports_of, load_exported
from index.models.loaded_once import LoadedOnce
from index.models.model import Model
from index.report import Progress, RefreshReport
from index.store.data_folder import DataFolder

if TYPE_CHECKING:
    from index.models.embedding import Embedder

_NAME = "footnote-writer"
# So many texts are embedded in less time than torch takes to start.
_FEW = 128


def run(job: RefreshRequest, progress: Callable[[Progress], None]) -> RefreshReport:
    """Refresh in a child process, relaying its progress, and return its report.

    Raises what `refresh.refresh` raises, and RefreshFailed when the child died: nothing was published then.
    """
    return child.run(
        partial(refresh, job, partial(PassageModel, DataFolder(job.data).models, device=job.device)), progress, _NAME
    )


class PassageModel:
    """A model for the passages of one refresh: as it was exported for the first few of them, itself for many.

    `exports` is the folder that holds what is exported for those who ask; what is missing there is exported when the
    model itself is loaded. That runs on a `device`, as FOOTNOTE_DEVICE names it.
    """

    def __init__(self, exports: Path, model: Model, device: str = "cpu") -> None:
        self._exported = LoadedOnce(partial(load_exported, model, exports))
        self._fastest = LoadedOnce(partial(_load_fastest, model, exports, device))
        self._embedded = 0

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield the place in `texts` and the embedding of each."""
        self._embedded += len(texts)
        exported = self._exported.get() if self._embedded <= _FEW else None
        yield from (exported or self._fastest.get()).embed(texts)

    def embed_query(self, query: str) -> Vector:
        """Return the vector of a question, `(dimension,)`."""
        return (self._exported.get() or self._fastest.get()).embed_query(query)


def _load_fastest(model: Model, exports: Path, device: str) -> Embedder:
    """Load a model in the fastest precision that the device has, and export it if that was never done."""
    # Imported here because it takes seconds, and a refresh that has little to embed does without it.
    from index.models.device import fastest_dtype, find_device
    from index.models.embedding import Embedder

    found = find_device(device)
    if not exports_of(model, exports):
        from index.models.exporting import export

        export(model, exports)
    return Embedder(model, fastest_dtype(found), found)
