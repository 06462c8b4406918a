"""The writer: a refresh runs in a process of its own, since Chroma's writes hold Python's global lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from index.building import Embeds
from index.errors import FootnoteError, RefreshFailed
from index.model import Model
from index.refresh import Job, Progress, RefreshReport, refresh

_NICENESS = 10


def run(job: Job, progress: Callable[[Progress], None]) -> RefreshReport:
    """Refresh in a child process, relaying its progress, and return its report.

    Raises what `index.refresh.refresh` raises, and RefreshFailed when the child died: nothing was published then.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_write, args=(job, theirs), name="footnote-writer")
    child.start()
    theirs.close()
    try:
        return _result(ours, progress)
    except EOFError as error:
        child.join()
        raise RefreshFailed(
            f"the refresh ended early (exit code {child.exitcode}) and the index is as it was: run it again"
        ) from error
    finally:
        child.join()
        ours.close()


def _result(connection: Connection, progress: Callable[[Progress], None]) -> RefreshReport:
    while True:
        message = connection.recv()
        if isinstance(message, Progress):
            progress(message)
        elif isinstance(message, RefreshReport):
            return message
        else:
            raise message


def _write(job: Job, connection: Connection) -> None:
    os.nice(_NICENESS)
    try:
        connection.send(refresh(job, _load, connection.send))
    except FootnoteError as error:
        connection.send(error)


def _load(model: Model) -> Embeds:
    # Imported here because it takes seconds, and a refresh that finds every vector in the cache does without it.
    from index.embedding import Embedder, fastest_dtype

    return Embedder(model, fastest_dtype())
