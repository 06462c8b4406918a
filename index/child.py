"""A child process that works for this one: it tells how far it is, returns its result or error, and dies with us."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from secrets import token_hex
from threading import Thread
from traceback import format_exc
from typing import Generic, TypeVar

from index.errors import FootnoteError, RefreshFailed
from index.report import Progress

log = logging.getLogger(__name__)

_NICENESS = 10

T = TypeVar("T")
Work = Callable[[Callable[[Progress], None]], T]


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    """What the work returned."""

    result: T


@dataclass(frozen=True, slots=True)
class _Crash:
    """An exception in the child that is a bug or a fault of the machine: its kind and its traceback."""

    kind: str
    traceback: str


def run(work: Work[T], progress: Callable[[Progress], None], name: str) -> T:
    """Do the work, which a child can be sent, in a process of that name, relaying its progress; return its result.

    Raises the FootnoteError that the work raised, and RefreshFailed when the child died.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(work, theirs), name=name)
    child.start()
    theirs.close()
    try:
        return _result(work, ours, progress)
    except EOFError as error:
        child.join()
        raise RefreshFailed(
            f"the refresh ended early (exit code {child.exitcode}) and the index is as it was: run it again"
        ) from error
    finally:
        # Closed first: a child that is still at work learns from it that nobody waits for its report, and ends.
        ours.close()
        child.join()


def _result(_: Work[T], connection: Connection, progress: Callable[[Progress], None]) -> T:
    while True:
        message = connection.recv()
        if isinstance(message, Progress):
            progress(message)
        elif isinstance(message, _Done):
            result: T = message.result
            return result
        elif isinstance(message, _Crash):
            reference = token_hex(4)
            log.error("a refresh failed (reference %s)\n%s", reference, message.traceback)
            raise RefreshFailed(
                f"the refresh failed on something unforeseen ({message.kind}; the log tells more under {reference}) "
                "and the index is as it was: run it again"
            )
        else:
            raise message


def _work(work: Work[object], connection: Connection) -> None:
    os.nice(_NICENESS)
    Thread(target=_die_with_the_parent, daemon=True).start()
    try:
        connection.send(_Done(work(connection.send)))
    except FootnoteError as error:
        _report(connection, error)
    except Exception as error:
        _report(connection, _Crash(type(error).__name__, format_exc()))
    except KeyboardInterrupt:
        # The terminal sends it to both processes, and the other one says what there is to say.
        sys.exit(1)


def _die_with_the_parent() -> None:
    """End this process the moment its parent is gone: nobody waits for it, and the next one needs its lock."""
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
