"""Stand-ins for the two doors that the front ends talk to: a library of documents in memory, and an answerer.

Both say what a test tells them to, at once, and remember what they were asked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.answering.answer import Answer, Citation, Note, Statement, Status, Turn
from bot.answering.generating.entailment import Proof
from index.access import OPERATOR, Viewer
from index.documents import EVERYTHING, Document, DocumentMetadata, Filter, Passage, Span, content_id
from index.errors import BadConfiguration, GenerationGone, UnknownDocument
from index.hits import Hit, SearchResult
from index.report import ConfiguredSource, Progress, RefreshReport
from index.sources.attached import Attached, attached_in
from index.sources.channels import Channels, channels_in
from index.store.manifest import LAYOUT, Fingerprint, Manifest

MODEL = "all-MiniLM-L6-v2"


def document(title: str, text: str, address: str | None = None) -> Document:
    """Return a page of the web."""
    address = address or f"https://docs.example/{title.lower()}"
    return Document(DocumentMetadata(content_id(title), title, address, address, published=date(2025, 5, 28)), text)


class FakeLibrary:
    """Documents of one passage each; a search puts those first that share the most words with the query.

    `number` is that of the generation in use, None before the first refresh; `newer` is what the next reload finds, as
    if another process had refreshed. `refreshing` is what a refresh does, told whether it may shrink the index.
    """

    def __init__(self, *documents: Document, number: int | None = 4) -> None:
        self.documents = {each.metadata.id: each for each in documents}
        self.number = number
        self.newer: int | None = None
        self.refreshing: Callable[[bool], RefreshReport] = self._refreshed
        self.searched: list[tuple[str, int, Filter]] = []
        self.refreshes: list[bool] = []
        self.reloads = 0
        self.is_closed = False
        self.out_of_touch: str | None = None
        self.words_alone: str | None = None
        self.only: frozenset[str] | None = None
        self.added: dict[str, tuple[str, int | None]] = {}
        self.lies_in(Path("no-data-folder"))

    def lies_in(self, data: Path) -> None:
        """Keep in a data folder what comes from Discord."""
        self.kept_channels = Channels(channels_in(data))
        self.attached = Attached(attached_in(data))

    def add_source(
        self, where: str, kind: str | None = None, name: str | None = None, server: int | None = None
    ) -> str:
        if "127.0.0.1" in where:
            raise BadConfiguration(f"{where} is not added: 127.0.0.1 is not a public host")
        self.added[name or where] = where, server
        return name or where

    def remove_source(self, name: str, server: int | None = None) -> str:
        if self.added.get(name, ("", None))[1] != server:
            raise BadConfiguration(f"/srv/corpus/corpus.toml names no source {name}; those that it names: none")
        del self.added[name]
        return name

    def added_on(self, server: int) -> tuple[tuple[str, str], ...]:
        return tuple((name, where) for name, (where, of) in self.added.items() if of == server)

    def generation(self, viewer: Viewer) -> Manifest | None:
        if self.number is None:
            return None
        made, of = datetime(2026, 1, 2, tzinfo=UTC), len(self.sources(viewer))
        return Manifest(
            self.number, made, Fingerprint(LAYOUT, "1", "m", MODEL, "s", "a", "1", "1"), of, of, 384, ("en",), 0, {}
        )

    def says(self, text: str, title: str = "Said", address: str | None = None) -> None:
        """Let there be one more document."""
        added = document(title, text, address)
        self.documents[added.metadata.id] = added

    def search(self, query: str, viewer: Viewer, k: int = 10, where: Filter = EVERYTHING) -> SearchResult:
        self.searched.append((query, k, where))
        return SearchResult(query, self.number or 0, self.hits(query, viewer)[:k])

    def hits(self, query: str, viewer: Viewer = OPERATOR) -> tuple[Hit, ...]:
        words = _words(query)
        seen = (each for each in self.documents.values() if viewer.sees(each.metadata.access))
        ranked = sorted(seen, key=lambda each: -len(words & _words(each.text)))
        return tuple(
            Hit(rank, 1 / rank, passage(each), each.metadata, 0.5, rank, 1.0, rank)
            for rank, each in enumerate(ranked, start=1)
        )

    def sources(self, viewer: Viewer) -> tuple[DocumentMetadata, ...]:
        seen = (each.metadata for each in self.documents.values() if viewer.sees(each.metadata.access))
        return tuple(sorted(seen, key=lambda each: each.source))

    def configured(self, viewer: Viewer) -> tuple[ConfiguredSource, ...]:
        return (ConfiguredSource("corpus", "folder", "corpus", len(self.sources(viewer))),)

    def document(self, document_id: str, viewer: Viewer) -> Document:
        found = self.documents.get(document_id)
        if found is None or not viewer.sees(found.metadata.access):
            raise UnknownDocument
        return found

    def sees(self, viewer: Viewer, documents: Iterable[DocumentMetadata]) -> bool:
        now = (self.documents[each.id].metadata if each.id in self.documents else each for each in documents)
        return all(viewer.sees(each.access) for each in now)

    def hides(self, viewer: Viewer) -> bool:
        return len(self.sources(viewer)) < len(self.documents)

    def channels(self) -> frozenset[int]:
        rules = (rule for each in self.documents.values() for rule in each.metadata.access)
        return frozenset().union(*(rule.readers_of for rule in rules))

    def refresh(
        self,
        *,
        allow_shrinking: bool = False,
        progress: Callable[[Progress], None] = lambda _: None,
        only: frozenset[str] | None = None,
    ) -> RefreshReport:
        self.refreshes.append(allow_shrinking)
        self.only = only
        progress(Progress("reading", 1, 1))
        report = self.refreshing(allow_shrinking)
        self.number = report.generation
        return report

    def history(self) -> tuple[Manifest, ...]:
        if self.number is None:
            return ()
        numbers = range(self.number, max(0, self.number - 3), -1)
        return tuple(replace(known, number=each) for each in numbers if (known := self.generation(OPERATOR)))

    def roll_back(self, number: int | None = None) -> Manifest:
        if number not in {each.number for each in self.history()}:
            raise GenerationGone(f"generation {number} is not kept")
        self.number = (self.number or 0) + 1
        return self.history()[0]

    def compact(self, *, progress: Callable[[Progress], None] = lambda _: None) -> bool:
        progress(Progress("indexing", 1, 1))
        return False

    def reload(self) -> bool:
        self.reloads += 1
        if self.newer in (None, self.number):
            return False
        self.number = self.newer
        return True

    def close(self) -> None:
        self.is_closed = True

    def _refreshed(self, _: bool) -> RefreshReport:
        return RefreshReport((self.number or 0) + 1, ("new.md",), (), (), 1, (), 9, 1, 0.5)


class FakeAnswerer:
    """Gives every question the same answer, or the one that `says` makes of it.

    `writes` is what a chat model writes before, told what stops it. A closed `gate` holds every answer back until it
    is opened; `noticed` is called with each question.
    """

    def __init__(
        self,
        says: Answer | Callable[[str], Answer],
        writes: Callable[[Future[None]], Iterator[Answer]] = lambda _: iter(()),
    ) -> None:
        self.says = says
        self.writes = writes
        self.asked: list[tuple[str, tuple[Turn, ...], Filter]] = []
        self.viewers: list[Viewer] = []
        self.noticed: Callable[[], None] = lambda: None
        self.gate = threading.Event()
        self.gate.set()
        self.is_warm = False
        self.forgotten: set[int] = set()
        self.is_closed = False
        self.proof: Proof | None = None

    def prove_judge(self) -> Proof | None:
        return self.proof

    @property
    def questions(self) -> list[str]:
        return [question for question, _, _ in self.asked]

    @property
    def conversations(self) -> list[tuple[Turn, ...]]:
        return [conversation for _, conversation, _ in self.asked]

    def answer(
        self, question: str, viewer: Viewer, conversation: Sequence[Turn] = (), where: Filter = EVERYTHING
    ) -> Answer:
        self.viewers.append(viewer)
        self._hear(question, conversation, where)
        return self._given(question)

    def stream(
        self,
        question: str,
        viewer: Viewer,
        conversation: Sequence[Turn] = (),
        where: Filter = EVERYTHING,
        stop: Future[None] | None = None,
    ) -> Iterator[Answer]:
        self.viewers.append(viewer)
        self._hear(question, conversation, where)
        yield from self.writes(stop or Future())
        yield self._given(question)

    def warm_up(self) -> None:
        self.is_warm = True

    def forget_messages(self, messages: AbstractSet[int]) -> None:
        self.forgotten |= messages

    def close(self) -> None:
        self.is_closed = True

    def _hear(self, question: str, conversation: Sequence[Turn], where: Filter) -> None:
        self.asked.append((question, tuple(conversation), where))
        self.noticed()

    def _given(self, question: str) -> Answer:
        self.gate.wait(60)
        return self.says(question) if callable(self.says) else replace(self.says, question=question)


class Quoting:
    """Answers with the first sentence of the library's best document; "mayor" is in none of them.

    Every statement is said `repeats` times; `notes` say what went wrong.
    """

    def __init__(self, library: FakeLibrary) -> None:
        self._library = library
        self.repeats = 1
        self.notes: tuple[Note, ...] = ()

    def __call__(self, question: str) -> Answer:
        hits, number = self._library.hits(question), self._library.number or 0
        if "mayor" in question:
            return Answer(question, Status.NOT_FOUND, (), (), hits, 0.02, number, {"total": 1.0}, notes=self.notes)
        best = self._library.documents[hits[0].document.id]
        quote = best.text.split(". ")[0].removesuffix(".") + "."
        link = f"{best.metadata.url}#:~:text=The"
        cited = hits[0].passage.id, best.metadata, quote, Span(0, len(quote))
        citation = Citation(1, *cited, None, (), 1, link)
        statements = (Statement(quote, (1,)),) * self.repeats
        took = {"search": 12.0, "total": 30.5}
        return Answer(question, Status.ANSWERED, statements, (citation,), (), 0.9, number, took, notes=self.notes)


def passage(of: Document) -> Passage:
    """Return the one passage of a document."""
    whole = Span(0, len(of.text))
    return Passage(content_id(of.text), of.metadata.id, 0, whole, of.text, (), None, (whole,), frozenset())


def _words(text: str) -> set[str]:
    return set(text.lower().split())
