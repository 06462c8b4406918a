"""Small answers, searches and libraries for the tests of the front ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.answering.answer import Answer, Citation, Made, ModelUsage, Statement, Status
from index.documents import Document, DocumentMetadata, Passage, Span, content_id
from index.hits import Hit, SearchResult
from index.report import Failure, RefreshReport

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
    passage = Passage(
        content_id(of.metadata.id, "0"), of.metadata.id, 0, span, of.text, ("Sky", "Moon"), None, (span,), frozenset()
    )
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
