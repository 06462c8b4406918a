"""Answers for the tests of the Discord front end: one that reads like a real one, and every one that could be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from bot.answering.answer import Answer, Citation, Made, ModelUsage, Note, NoteKind, Statement, Status
from index.documents import Document, DocumentMetadata, Passage, Place, Span
from index.hits import Hit
from index.messages import channel_address, collection_of, message_address

DOCUMENT = "Rates\n\nThe rate rose to 4.6 percent in May. It had been 4.1 percent in April.\n"
QUOTE = "The rate rose to 4.6 percent in May."
METADATA = DocumentMetadata(
    "d" * 32, "The report", "https://example.org/report", publisher="The Bureau", published=date(2025, 5, 28)
)
CITATION = Citation(
    1,
    "p" * 32,
    METADATA,
    QUOTE,
    Span(DOCUMENT.index(QUOTE), DOCUMENT.index(QUOTE) + len(QUOTE)),
    None,
    ("Rates",),
    3,
    "https://example.org/report#:~:text=The%20rate",
)
PASSAGE = Passage(
    "p" * 32, "d" * 32, 0, Span(7, 75), DOCUMENT[7:75], ("Rates",), None, (Span(7, 43), Span(44, 75)), frozenset()
)
HIT = Hit(1, 0.9, PASSAGE, METADATA, 0.8, 1, 3.5, 1)
ANSWER = Answer(
    "How high is the rate?",
    Status.ANSWERED,
    (Statement(QUOTE, (1,)),),
    (CITATION,),
    (),
    0.93,
    4,
    {"search": 12.0, "total": 30.5},
)
WRITTEN = replace(ANSWER, usage=ModelUsage("openai:gpt-5-mini", 1200, 80))
PAGE = Document(METADATA, DOCUMENT)
REFUSAL = Answer("Who is the mayor?", Status.NOT_FOUND, (), (), (HIT,), 0.02, 4, {"search": 9.0, "total": 11.0})


def quoting_message(text: str, channel: int, message: int) -> Answer:
    """Return an answer that quotes a message of an indexed channel, and shows another passage of it."""
    address = channel_address(10, channel)
    metadata = DocumentMetadata("d" * 32, "#rules", address, address, collection=collection_of(channel))
    span = Span(0, len(text))
    place = Place("message", message, None, span)
    citation = Citation(
        1, "q" * 32, metadata, text, span, place, ("Grace, 2026-01-02 12:00",), None, message_address(address, message)
    )
    hit = Hit(
        1, 0.9, Passage("q" * 32, "d" * 32, 0, span, text, (), place, (span,), frozenset()), metadata, 0.8, 1, 3.5, 1
    )
    return replace(ANSWER, statements=(Statement(text, (1,)),), citations=(citation,), nearest=(hit,))


# Pieces of what documents and models could say to make Discord do something.
HOSTILE = (
    "@everyone", "@here", "<@123456789012345678>", "<@&123456789012345678>", "<#123456789012345678>", "</ask:1>",
    "[bank.com](https://evil.example)", "https://evil.example/x", "<https://evil.example>", "discord.gg/abcdef",
    "https://discord.com/invite/abc", "||hidden||", "\u202eevil\u202c", "a\u200bb", "\ufeff", "**bold", "__under",
    "`code", "```", "```py\nprint(1)\n```", "\n```\nopen fence", "# big", "> quote", "-# small", "\\", "\\\\", "~~",
    "\n\n", "\r\n", "\x00", "😀" * 40, "字" * 90, "word " * 40, "x" * 500, "<t:1:R>", "<:a:1>", "\u3164",
)  # fmt: skip


def any_text(largest: int = 30) -> st.SearchStrategy[str]:
    """Return a strategy of texts of up to `largest` pieces, hostile, long or ordinary."""
    piece = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), st.just("Plain words, and more. "))
    return st.lists(piece, max_size=largest).map("".join)


_LINKS = st.one_of(
    st.sampled_from(["https://example.org/a#:~:text=b", "https://evil.example/", "file:///etc"]), st.text()
)
_RECORDS = st.builds(
    DocumentMetadata,
    id=st.just("d" * 32),
    title=any_text(5),
    source=st.one_of(st.just("https://example.org/a"), any_text(3).map("folder/".__add__)),
    url=st.none() | st.just("https://example.org/a") | st.just("https://example.org/" + "a" * 600) | st.text(),
    published=st.none() | st.dates(),
)
_SPANS = st.builds(Span, st.just(0), st.integers(0, 9))
_HEADINGS = st.lists(any_text(4), max_size=4).map(tuple)
_PLACES = st.none() | st.builds(Place, st.just("page"), st.integers(1, 10**6), st.none(), st.just(Span(0, 9)))
_PASSAGES = st.builds(
    Passage,
    id=st.just("p" * 32),
    document_id=st.just("d" * 32),
    ordinal=st.just(0),
    span=_SPANS,
    text=any_text(),
    heading=_HEADINGS,
    place=_PLACES,
    sentences=st.just(()),
)
HITS = st.lists(
    st.builds(lambda passage, metadata: Hit(1, 0.5, passage, metadata, 0.5, 1, 1.0, 1), _PASSAGES, _RECORDS),
    max_size=12,
).map(tuple)
CITATIONS = st.builds(
    Citation,
    number=st.just(1),
    passage_id=st.just("p" * 32),
    document=_RECORDS,
    quote=any_text(),
    span=_SPANS,
    place=_PLACES,
    heading=_HEADINGS,
    line=st.integers(1, 10**6),
    link=_LINKS,
)


@st.composite
def any_answers(draw: st.DrawFn) -> Answer:
    """Return a strategy of answers, as hostile and as long as texts can make them."""
    few = draw(st.lists(CITATIONS, max_size=4))
    citations = [_numbered(citation, number) for number, citation in enumerate(few * draw(st.integers(1, 12)), 1)]
    numbers = st.lists(st.integers(1, max(1, len(citations))), min_size=1, max_size=6).map(tuple)
    some = draw(st.lists(st.builds(Statement, any_text(), numbers), max_size=4))
    statements = tuple(some * draw(st.integers(1, 8))) if citations else ()
    status = draw(st.sampled_from(list(Status)))
    question, nearest, confidence = draw(any_text(4)), draw(HITS), draw(st.floats(0, 1))
    usage = draw(st.none() | st.builds(ModelUsage, any_text(4)))
    made = draw(st.sampled_from(list(Made)))
    notes = tuple(draw(st.lists(st.builds(Note, st.sampled_from(list(NoteKind)), any_text(4)), max_size=3)))
    return Answer(
        question, status, statements, tuple(citations), nearest, confidence, 4, {}, made=made, usage=usage, notes=notes
    )


def _numbered(citation: Citation, number: int) -> Citation:
    return Citation(
        number,
        citation.passage_id,
        citation.document,
        citation.quote,
        citation.span,
        citation.place,
        citation.heading,
        citation.line,
        citation.link,
    )
