"""Small answers, searches and libraries for the tests of the front ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.answering.answer import Answer, Citation, Made, ModelUsage, Statement, Status, Turn
from index.documents import EVERYTHING, Document, DocumentMetadata, Filter, Passage, Span, content_id
from index.errors import UnknownDocument
from index.hits import Hit, SearchResult
from index.report import Failure, Progress, RefreshReport
from index.store.manifest import LAYOUT, Fingerprint, Manifest

TEXT = "The moon is far. It is made of rock. Nobody has eaten it.\n\nThe sun is hot."
QUOTE = "It is made of rock."


def metadata(source: str = "moon.md", title: str = "The moon") -> DocumentMetadata:
    return DocumentMetadata(
        id=content_id(source), title=title, source=source, published=date(2025, 8, 28), language="en"
    )


def document(source: str = "moon.md", text: str = TEXT) -> Document:
    return Document(metadata(source), text)


def hit(rank: int = 1, of: Document | None = None) -> Hit:
    of = of or document()
    span = Span(0, len(of.text))
    passage = Passage(content_id(of.metadata.id, "0"), of.metadata.id, 0, span, of.text, ("Sky", "Moon"), None, (span,))
    return Hit(rank, 0.75, passage, of.metadata, cosine=0.5, cosine_rank=1, bm25=2.0, bm25_rank=1)


def search(query: str = "moon", *hits: Hit) -> SearchResult:
    return SearchResult(query, 3, hits or (hit(),))


def answer(of: Document | None = None, quote: str = QUOTE) -> Answer:
    of = of or document()
    start = of.text.index(quote)
    span = Span(start, start + len(quote))
    cited = Citation(
        1, "p1", of.metadata, quote, span, None, ("Sky", "Moon"), 1, f"file:///docs/{of.metadata.source}#L1"
    )
    return Answer(
        question="What is the moon made of?",
        status=Status.ANSWERED,
        statements=(Statement(quote, (1,)),),
        citations=(cited,),
        nearest=(),
        confidence=0.9,
        generation=3,
        timings_ms={"search": 1.23456},
    )


def written(text: str, model: str = "openai:any") -> Answer:
    return replace(answer(), statements=(Statement(text, (1,)),), made=Made.WRITTEN, usage=ModelUsage(model, 1200, 80))


def refusal() -> Answer:
    nothing = replace(answer(), status=Status.NOT_FOUND, statements=(), citations=(), confidence=0.1)
    return replace(nothing, nearest=(hit(),))


def report() -> RefreshReport:
    failure = Failure("broken.md", "it is empty", kept=True)
    return RefreshReport(4, ("a.md", "b.md"), ("c.md",), (), 7, (failure,), 30, 5, 1.25)


class FakeLibrary:
    """A library of documents in memory, where every search finds the first passage of every document."""

    def __init__(self, *documents: Document, generation: Manifest | None = None) -> None:
        self._documents = {one.metadata.id: one for one in documents or (document(),)}
        self.generation = generation
        self.searched: list[tuple[str, int, Filter]] = []
        self.refreshed = 0
        self.closed = False

    def search(self, query: str, k: int = 10, where: Filter = EVERYTHING) -> SearchResult:
        self.searched.append((query, k, where))
        return search(query, *(hit(rank, one) for rank, one in enumerate(self._documents.values(), start=1)))

    def sources(self) -> tuple[DocumentMetadata, ...]:
        return tuple(sorted((one.metadata for one in self._documents.values()), key=lambda found: found.source))

    def document(self, document_id: str) -> Document:
        if document_id not in self._documents:
            raise UnknownDocument(document_id)
        return self._documents[document_id]

    def refresh(
        self, *, allow_shrinking: bool = False, progress: Callable[[Progress], None] = lambda _: None
    ) -> RefreshReport:
        progress(Progress("reading", 1, 1))
        self.refreshed += 1
        self.generation = manifest()
        return report()

    def close(self) -> None:
        self.closed = True


class FakeAnswerer:
    """Answers every question alike, after what `writes` yields, and remembers what it was asked."""

    def __init__(self, given: Answer | None = None) -> None:
        self._given = given or answer()
        self.writes: Callable[[Future[None]], Iterator[Answer]] = lambda _: iter(())
        self.asked: list[tuple[str, tuple[Turn, ...], Filter]] = []
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True

    def answer(self, question: str, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING) -> Answer:
        self.asked.append((question, tuple(conversation), where))
        return replace(self._given, question=question)

    def stream(
        self,
        question: str,
        conversation: Sequence[Turn] = (),
        where: Filter = EVERYTHING,
        stop: Future[None] | None = None,
    ) -> Iterator[Answer]:
        yield from self.writes(stop or Future())
        yield self.answer(question, conversation, where)


def manifest() -> Manifest:
    fingerprint = Fingerprint(LAYOUT, "1", "m", "model", "s", "a", "1", "1")
    return Manifest(3, datetime(2025, 8, 28, tzinfo=UTC), fingerprint, 1, 1, 384, ("en",), 0, {})
