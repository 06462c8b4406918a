"""The writer: a refresh runs in a process of its own, since Chroma's writes hold Python's global lock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from index import child
from index.building.builder import Embeds
from index.building.lending import BorrowedModel, lent
from index.building.refresh import RefreshRequest, refresh
from index.models.model import Model
from index.report import Progress, RefreshReport

_NAME = "footnote-writer"


def run(job: RefreshRequest, progress: Callable[[Progress], None], embedder: Embeds | None = None) -> RefreshReport:
    """Refresh in a child process, relaying its progress, and return its report.

    Where this process has loaded the model, as `embedder`, the child borrows it for the little that changes.

    Raises what `refresh.refresh` raises, and RefreshFailed when the child died: nothing was published then.
    """
    if embedder is None:
        return child.run(partial(refresh, job, load_embedder), progress, _NAME)
    with lent(embedder) as lender:
        load = partial(BorrowedModel, lender, load_embedder)
        return child.run(partial(refresh, job, load), progress, _NAME)


def load_embedder(model: Model) -> Embeds:
    """Return the model, loaded, in the fastest precision that this processor has."""
    # Imported here because it takes seconds, and a refresh that finds every vector in the cache does without it.
    from index.models.embedding import Embedder, fastest_dtype

    return Embedder(model, fastest_dtype())
