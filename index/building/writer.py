"""The writer: a refresh runs in a process of its own, since Chroma's writes hold Python's global lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index import child
from index.building.compacting import CompactRequest, compact
from index.building.refresh import RefreshRequest, refresh
from index.embeddings import Embedding, Text, Vector
from index.models.loaded_once import LoadedOnce
from index.models.model import Model
from index.report import Progress, RefreshReport
from index.store.data_folder import DataFolder

if TYPE_CHECKING:
    from index.models.embedding import Embedder
    from index.models.exported import ExportedModel

_NAME, _COMPACTOR = "footnote-writer", "footnote-compactor"
# Whatever else there is to do goes before.
_LAST_IN_LINE = 9
# So many texts are embedded in less time than ONNX Runtime takes to start: who waits for us may have it running.
_VERY_FEW = 32
# And so many in less time than torch takes.
_FEW = 128

# Embeds texts by the model of a fingerprint, or says that it has none at hand, by None.
Embeds = Callable[[str, Sequence[Text]], Sequence[Embedding] | None]


def run(job: RefreshRequest, progress: Callable[[Progress], None], embed: Embeds = lambda *_: None) -> RefreshReport:
    """Refresh in a child process, relaying its progress, and return its report.

    `embed` embeds a few texts where this process has the model at hand. Raises what `refresh.refresh` raises, and
    RefreshFailed when the child died: nothing was published then.
    """
    return child.run(partial(_refresh, job), progress, _NAME, lambda texts: embed(*texts))


def run_compaction(job: CompactRequest, progress: Callable[[Progress], None]) -> int | None:
    """Compact in a child process, relaying its progress, and return the number of the new generation, if there is one.

    Raises what `compacting.compact` raises, and RefreshFailed when the child died: nothing was published then.
    """
    return child.run(partial(_compact, job), progress, _COMPACTOR)


def _compact(job: CompactRequest, parent: child.Parent) -> int | None:
    os.nice(_LAST_IN_LINE)
    compacted = compact(job, partial(PassageModel, DataFolder(job.data).models, parent.ask, job.device), parent)
    return compacted.number if compacted else None


def _refresh(job: RefreshRequest, parent: child.Parent) -> RefreshReport:
    return refresh(job, partial(PassageModel, DataFolder(job.data).models, parent.ask, job.device), parent)


class PassageModel:
    """A model for the passages of one refresh: that of our parent for very few, as exported for few, itself for many.

    `exports` is the folder that holds what is exported for those who ask; what is missing there is exported when the
    model itself is loaded. `ask` asks the parent. The model itself runs on a `device`, as FOOTNOTE_DEVICE names it.
    """

    def __init__(
        self, exports: Path, ask: Callable[[object], Sequence[Embedding] | None], device: str, model: Model
    ) -> None:
        self._fingerprint = model.fingerprint
        self._ask = ask
        self._exported = LoadedOnce(partial(_load_exported, model, exports))
        self._fastest = LoadedOnce(partial(_load_fastest, model, exports, device))
        self._embedded = 0

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield the place in `texts` and the embedding of each."""
        self._embedded += len(texts)
        asked = self._ask((self._fingerprint, list(texts))) if self._embedded <= _VERY_FEW else None
        if asked is not None:
            yield from enumerate(asked)
            return
        exported = self._exported.get() if self._embedded <= _FEW else None
        yield from (exported or self._fastest.get()).embed(texts)

    def embed_query(self, query: str) -> Vector:
        """Return the vector of a question, `(dimension,)`."""
        return (self._exported.get() or self._fastest.get()).embed_query(query)


def _load_exported(model: Model, exports: Path) -> ExportedModel | None:
    # Imported here because ONNX Runtime takes a while to start.
    from index.models.exported import load_exported

    return load_exported(model, exports)


def _load_fastest(model: Model, exports: Path, device: str) -> Embedder:
    """Load a model in the fastest precision that the device has, and export it if that was never done."""
    # Imported here because it takes seconds, and a refresh that has little to embed does without it.
    from index.models.device import fastest_dtype, find_device
    from index.models.embedding import Embedder
    from index.models.exported import exports_of

    found = find_device(device)
    if not exports_of(model, exports):
        from index.models.exporting import export

        export(model, exports)
    return Embedder(model, fastest_dtype(found), found)
