"""The writer: a refresh runs in a process of its own, since Chroma's writes hold Python's global lock."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from secrets import token_hex
from threading import Thread
from traceback import format_exc

from index.building.builder import Embeds
from index.building.refresh import RefreshRequest, refresh
from index.errors import FootnoteError, RefreshFailed
from index.models.model import Model
from index.report import Progress, RefreshReport
from index.store.data_folder import DataFolder

log = logging.getLogger(__name__)

_NICENESS = 10


@dataclass(frozen=True, slots=True)
class _Crash:
    """An exception in the child that is a bug or a fault of the machine: its kind and its traceback."""

    kind: str
    traceback: str


def run(job: RefreshRequest, progress: Callable[[Progress], None]) -> RefreshReport:
    """Refresh in a child process, relaying its progress, and return its report.

    Raises what `refresh.refresh` raises, and RefreshFailed when the child died: nothing was published then.
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
        # Closed first: a child that is still at work learns from it that nobody waits for its report, and ends.
        ours.close()
        child.join()


def _result(connection: Connection, progress: Callable[[Progress], None]) -> RefreshReport:
    while True:
        message = connection.recv()
        if isinstance(message, Progress):
            progress(message)
        elif isinstance(message, RefreshReport):
            return message
        elif isinstance(message, _Crash):
            reference = token_hex(4)
            log.error("a refresh failed (reference %s)\n%s", reference, message.traceback)
            raise RefreshFailed(
                f"the refresh failed on something unforeseen ({message.kind}; the log tells more under {reference}) "
                "and the index is as it was: run it again"
            )
        else:
            raise message


def _write(job: RefreshRequest, connection: Connection) -> None:
    os.nice(_NICENESS)
    Thread(target=_die_with_the_parent, daemon=True).start()
    try:
        connection.send(refresh(job, partial(load_embedder, exports=DataFolder(job.data).models), connection.send))
    except FootnoteError as error:
        _report(connection, error)
    except Exception as error:
        _report(connection, _Crash(type(error).__name__, format_exc()))
    except KeyboardInterrupt:
        # The terminal sends it to both processes, and the other one says what there is to say.
        sys.exit(1)


def _die_with_the_parent() -> None:
    """End this process the moment its parent is gone: nobody waits for it, and the next refresh needs its lock."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _report(connection: Connection, message: FootnoteError | _Crash) -> None:
    """Say what went wrong, and end: after a write that failed, for want of room say, Chroma may never let go."""
    # The other process may be gone, and then there is nobody to tell.
    with suppress(OSError):
        connection.send(message)
    os._exit(1)


def load_embedder(model: Model, exports: Path) -> Embeds:
    """Return the model, loaded, in the fastest precision that this processor has; export it if that was never done.

    Args:
        model: The embedding model.
        exports: The folder that holds what is exported for those who ask.

    """
    # Imported here because it takes seconds, and a refresh that finds every vector in the cache does without it.
    from index.models.embedding import Embedder, fastest_dtype
    from index.models.exported import exports_of

    if not exports_of(model, exports):
        from index.models.exporting import export

        export(model, exports)
    return Embedder(model, fastest_dtype())
