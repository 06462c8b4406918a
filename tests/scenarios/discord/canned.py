"""A library of two documents and an answerer that quotes them: what the wire-level scenarios let the bot talk about.

`pace` is the seconds of work that an answer costs, but for the first, with which the bot warms itself up. A closed
`gate` holds every answer back until it is opened again.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bot.answering.answer import Answer, Citation, Note, Statement, Status, Turn
from index.documents import EVERYTHING, Document, DocumentMetadata, Filter, Passage, Span, content_id
from index.errors import UnknownDocument
from index.hits import Hit, SearchResult
from index.report import Progress, RefreshReport
from index.store.manifest import Fingerprint, Manifest

TEXTS = {
    "Rates": "The rate rose to 4.6 percent in May. It had been 4.1 percent in April.",
    "Harbour": "The harbour opens at six. Ships wait outside until the tide turns.",
}


def _document(title: str, text: str) -> Document:
    address = f"https://docs.example/{title.lower()}"
    return Document(DocumentMetadata(content_id(title), title, address, address, published=date(2025, 5, 28)), text)


@dataclass
class CannedLibrary:
    """Documents, one passage each. `newer` is what the next reload finds, as if another process had refreshed."""

    documents: dict[str, Document] = field(default_factory=dict)
    number: int = 1
    newer: int | None = None
    reloads: int = 0

    def __post_init__(self) -> None:
        made = [_document(title, text) for title, text in TEXTS.items()]
        self.documents = {document.metadata.id: document for document in made}

    @property
    def generation(self) -> Manifest | None:
        made, with_ = datetime(2026, 1, 1, tzinfo=UTC), Fingerprint("1", "1", "m", "canned", "s", "a", "1", "1")
        return Manifest(self.number, made, with_, len(self.documents), len(self.documents), 1, ("en",), 0, {})

    def says(self, text: str, title: str = "Said") -> None:
        """Let there be one more document."""
        document = _document(title, text)
        self.documents[document.metadata.id] = document

    def search(self, query: str, k: int = 10, where: Filter = EVERYTHING) -> SearchResult:
        words = set(query.lower().split())
        ranked = sorted(self.documents.values(), key=lambda each: -len(words & set(each.text.lower().split())))
        hits = [
            Hit(rank, 1 / rank, passage(each), each.metadata, 0.5, rank, 1.0, rank)
            for rank, each in enumerate(ranked[:k], 1)
        ]
        return SearchResult(query, self.number, tuple(hits))

    def sources(self) -> tuple[DocumentMetadata, ...]:
        return tuple(document.metadata for document in self.documents.values())

    def document(self, document_id: str) -> Document:
        if document_id not in self.documents:
            raise UnknownDocument(document_id)
        return self.documents[document_id]

    def refresh(
        self, *, allow_shrinking: bool = False, progress: Callable[[Progress], None] = lambda progress: None
    ) -> RefreshReport:
        for done in range(3):
            progress(Progress("reading", done, 2))
        self.number += 1
        return RefreshReport(self.number, ("new.md",), (), (), 2, (), 3, 1, 0.1)

    def reload(self) -> bool:
        self.reloads += 1
        if self.newer is None or self.newer == self.number:
            return False
        self.number = self.newer
        return True

    def close(self) -> None:
        """Nothing is open."""


def passage(document: Document) -> Passage:
    whole = Span(0, len(document.text))
    return Passage(content_id(document.text), document.metadata.id, 0, whole, document.text, (), None, (whole,))


@dataclass
class CannedAnswerer:
    """Quotes the first sentence of the best document; a question with "mayor" in it is never answered.

    Every statement is said `repeats` times; an answerer that `breaks` raises what nobody foresaw. With `writing`, which
    is told what stops it, a chat model writes what it yields before the answer is there; `notes` say what went wrong.
    """

    library: CannedLibrary
    pace: float = 0.0
    gate: threading.Event = field(default_factory=threading.Event)
    asked: list[str] = field(default_factory=list)
    conversations: list[tuple[Turn, ...]] = field(default_factory=list)
    repeats: int = 1
    breaks: bool = False
    notes: tuple[Note, ...] = ()
    noticed: Callable[[], None] = lambda: None
    writing: Callable[[Answer, Future[None]], Iterator[Answer]] = lambda answer, stop: iter(())

    def __post_init__(self) -> None:
        self.gate.set()

    def answer(self, question: str, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING) -> Answer:
        self.asked.append(question)
        self.conversations.append(tuple(conversation))
        self.noticed()
        self.gate.wait(60)
        if self.breaks:
            raise ZeroDivisionError("nobody foresaw this")
        if len(self.asked) > 1:
            work(self.pace)
        found = self.library.search(question)
        if "mayor" in question:
            return Answer(question, Status.NOT_FOUND, (), (), found.hits, 0.02, found.generation, {"total": 1.0})
        document = self.library.document(found.hits[0].document.id)
        quote = document.text.split(". ")[0] + "."
        link = f"{document.metadata.url}#:~:text=The"
        cited = found.hits[0].passage.id, document.metadata, quote, Span(0, len(quote))
        citation = Citation(1, *cited, None, (), 1, link)
        said = (Statement(quote, (1,)),) * self.repeats
        return Answer(
            question, Status.ANSWERED, said, (citation,), (), 0.9, found.generation, {"total": 1.0}, notes=self.notes
        )

    def stream(
        self,
        question: str,
        conversation: Sequence[Turn] = (),
        where: Filter = EVERYTHING,
        stop: Future[None] | None = None,
    ) -> Iterator[Answer]:
        answer = self.answer(question, conversation, where)
        yield from self.writing(answer, stop or Future())
        yield answer

    def warm_up(self) -> None:
        self.answer("What are these documents about?")

    def close(self) -> None:
        pass


def work(seconds: float) -> None:
    """Use a processor for so long, half of the time with Python's lock held, as embedding and choosing do."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        hashlib.pbkdf2_hmac("sha256", b"footnote", b"salt", 1_000)
        sum(range(10_000))
