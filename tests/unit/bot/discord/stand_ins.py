"""Stand-ins for the index and the answering: they say what a test tells them to, at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.answering.answer import Answer, Turn
from index.documents import EVERYTHING, Document, DocumentMetadata, Filter
from index.errors import UnknownDocument
from index.hits import SearchResult
from index.report import Progress, RefreshReport
from tests.unit.bot.discord.answers import ANSWER, DOCUMENT, HIT, RECORD


@dataclass(frozen=True)
class Made:
    model_name: str = "all-MiniLM-L6-v2"


@dataclass(frozen=True)
class Generation:
    number: int = 4
    created_at: datetime = datetime(2026, 1, 2, tzinfo=UTC)
    documents: int = 12
    passages: int = 90
    fingerprint: Made = Made()


@dataclass
class StandInLibrary:
    """One document, and hits on demand; `refreshing` is what a refresh does."""

    generation: Generation | None = Generation()
    documents: dict[str, Document] = field(default_factory=lambda: {RECORD.id: Document(RECORD, DOCUMENT)})
    hits: int = 7
    searched: list[tuple[str, Filter]] = field(default_factory=list)
    refreshes: list[bool] = field(default_factory=list)
    refreshing: Callable[[bool], RefreshReport] = lambda _: RefreshReport(5, ("new.md",), (), (), 1, (), 9, 1, 0.5)
    fresh: bool = False

    def search(self, query: str, k: int = 10, where: Filter = EVERYTHING) -> SearchResult:
        self.searched.append((query, where))
        return SearchResult(query, 4, tuple(replace(HIT, rank=rank) for rank in range(1, min(k, self.hits) + 1)))

    def sources(self) -> tuple[DocumentMetadata, ...]:
        return tuple(document.metadata for document in self.documents.values())

    def document(self, document_id: str) -> Document:
        if document_id not in self.documents:
            raise UnknownDocument(document_id)
        return self.documents[document_id]

    def refresh(self, *, allow_shrinking: bool = False, progress: Callable[[Progress], None]) -> RefreshReport:
        self.refreshes.append(allow_shrinking)
        progress(Progress("reading", 1, 2))
        return self.refreshing(allow_shrinking)

    def reload(self) -> bool:
        fresh, self.fresh = self.fresh, False
        return fresh


@dataclass
class StandInAnswerer:
    """Answers every question with `says`, or does what `instead` does; `writes` is what a chat model does before."""

    says: Answer = ANSWER
    instead: Callable[[], Answer] | None = None
    writes: Callable[[Future[None]], Iterator[Answer]] = lambda _: iter(())
    asked: list[tuple[str, tuple[Turn, ...], Filter]] = field(default_factory=list)
    is_warm: bool = False

    def answer(self, question: str, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING) -> Answer:
        self.asked.append((question, tuple(conversation), where))
        return self.instead() if self.instead else replace(self.says, question=question)

    def stream(
        self,
        question: str,
        conversation: Sequence[Turn] = (),
        where: Filter = EVERYTHING,
        stop: Future[None] | None = None,
    ) -> Iterator[Answer]:
        yield from self.writes(stop or Future())
        yield self.answer(question, conversation, where)

    def warm_up(self) -> None:
        self.is_warm = True


class Pause:
    """A pause between two edits that lasts until the test ends it."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.begun = asyncio.Event()
        self._over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.begun.set()
        await self._over.wait()
        self._over.clear()

    def end(self) -> None:
        self.begun.clear()
        self._over.set()
