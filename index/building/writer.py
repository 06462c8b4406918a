"""The writer: a refresh runs in a process of its own, since Chroma's writes hold Python's global lock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from index import child
from index.building.builder import Embeds
from index.building.refresh import RefreshRequest, refresh
from index.models.model import Model
from index.report import Progress, RefreshReport


def run(job: RefreshRequest, progress: Callable[[Progress], None]) -> RefreshReport:
    """Refresh in a child process, relaying its progress, and return its report.

    Raises what `refresh.refresh` raises, and RefreshFailed when the child died: nothing was published then.
    """
    return child.run(partial(refresh, job, load_embedder), progress, "footnote-writer")


def load_embedder(model: Model) -> Embeds:
    """Return the model, loaded, in the fastest precision that this processor has."""
    # Imported here because it takes seconds, and a refresh that finds every vector in the cache does without it.
    from index.models.embedding import Embedder, fastest_dtype

    return Embedder(model, fastest_dtype())
