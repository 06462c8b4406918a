"""Lending: a refresh that has little to embed borrows the model of the process that asked for it, where that has one.

To load another takes more of a processor than all the rest of a refresh in which one document changed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Thread

from index.building.builder import Embeds
from index.embeddings import Embedding, Text
from index.models.model import Model

log = logging.getLogger(__name__)

# Texts that are embedded elsewhere in one refresh: so many are a second's work, and whoever asks something waits less.
_MOST = 64


class BorrowedModel:
    """In the writer's process: the other's model for the first few texts, its own, which `load` loads, for more."""

    def __init__(self, lender: Connection, load: Callable[[Model], Embeds], model: Model) -> None:
        self._lender = lender
        self._load = load
        self._model = model
        self._own: Embeds | None = None
        self._embedded = 0

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield the place in `texts` and the embedding of each."""
        self._embedded += len(texts)
        borrowed = self._borrow(texts) if self._own is None and self._embedded <= _MOST else None
        if borrowed is not None:
            yield from borrowed
            return
        self._own = self._own or self._load(self._model)
        yield from self._own.embed(texts)

    def _borrow(self, texts: Sequence[Text]) -> list[tuple[int, Embedding]] | None:
        with suppress(OSError, EOFError):
            self._lender.send(list(texts))
            borrowed: list[tuple[int, Embedding]] | None = self._lender.recv()
            return borrowed
        return None


@contextmanager
def lent(embedder: Embeds) -> Iterator[Connection]:
    """Give a connection over which another process may borrow a model, until the block ends."""
    ours, theirs = Pipe()
    thread = Thread(target=_lend, args=(embedder, ours), name="lending", daemon=True)
    thread.start()
    try:
        yield theirs
    finally:
        theirs.close()
        thread.join()


def _lend(embedder: Embeds, connection: Connection) -> None:
    with closing(connection), suppress(EOFError, OSError):
        while True:
            texts = connection.recv()
            try:
                answer: list[tuple[int, Embedding]] | None = list(embedder.embed(texts))
            except Exception:
                log.warning("%d texts could not be embedded for a refresh", len(texts), exc_info=True)
                answer = None
            connection.send(answer)
