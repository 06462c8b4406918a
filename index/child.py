"""A child process that works for this one: it tells how far it is, returns its result or error, and dies with us.

What this process has at hand, and the child would have to load, it can be asked for. Children are forked from a small
process that has imported what all of them need and has no threads: to import it each time costs more than most of them
have to do.
"""

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
from time import monotonic
from traceback import format_exc
from typing import Any, Generic, TypeVar

from index.errors import FootnoteError, RefreshFailed
from index.report import Progress

log = logging.getLogger(__name__)

_NICENESS = 10
_WARM = "index.building.writer"

# Seconds between two messages that tell how far the child is: nobody sees more of them.
_BETWEEN_MESSAGES = 0.1

T = TypeVar("T")


class Parent:
    """The process that waits for this one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._step = ""
        self._told = 0.0

    def __call__(self, progress: Progress) -> None:
        """Tell it how far we are: when a step begins and ends, and now and then."""
        now = monotonic()
        is_due = progress.step != self._step or now - self._told >= _BETWEEN_MESSAGES
        if is_due or progress.done == progress.total:
            self._step, self._told = progress.step, now
            self._connection.send(progress)

    def ask(self, question: object) -> Any:
        """Return what it answers to a question that both know to make sense of; None where it knows nothing."""
        self._connection.send(_Question(question))
        return self._connection.recv()


Work = Callable[[Parent], T]


@dataclass(frozen=True, slots=True)
class _Question:
    """What the child asks of us."""

    content: object


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    """What the work returned."""

    result: T


@dataclass(frozen=True, slots=True)
class _Crash:
    """An exception in the child that is a bug or a fault of the machine: its kind and its traceback."""

    kind: str
    traceback: str


def run(
    work: Work[T], progress: Callable[[Progress], None], name: str, answer: Callable[[Any], object] = lambda _: None
) -> T:
    """Do the work, which a child can be sent, in a process of that name, relaying its progress; return its result.

    `answer` answers what the work asks of its parent. Raises the FootnoteError that the work raised, and RefreshFailed
    when the child died.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload([_WARM])
    ours, theirs = context.Pipe()
    child = context.Process(target=_work, args=(work, theirs), name=name)
    child.start()
    theirs.close()
    try:
        return _result(work, ours, progress, answer)
    except EOFError as error:
        child.join()
        raise RefreshFailed(
            f"the refresh ended early (exit code {child.exitcode}) and the index is as it was: run it again"
        ) from error
    finally:
        # Closed first: a child that is still at work learns from it that nobody waits for its report, and ends.
        ours.close()
        child.join()


def _result(
    _: Work[T], connection: Connection, progress: Callable[[Progress], None], answer: Callable[[Any], object]
) -> T:
    while True:
        message = connection.recv()
        if isinstance(message, Progress):
            progress(message)
        elif isinstance(message, _Question):
            connection.send(answer(message.content))
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
        connection.send(_Done(work(Parent(connection))))
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
