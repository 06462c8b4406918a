"""Evidence made of a few paragraphs, as the index would give it, without an index and without a model."""

from __future__ import annotations

from collections.abc import Mapping

from index.documents import Document, DocumentMetadata, Passage, Span, content_id
from index.evidence import Evidence, Sentence
from index.hits import Hit
from index.language import words
from index.language.instructions import harmless
from index.language.sentences import sentences


def document(text: str, source: str = "notes.md", url: str | None = None, language: str = "en") -> Document:
    return Document(
        DocumentMetadata(content_id(source), "Notes", source, url=url, language=language), text, lines=((0, 1),)
    )


def passages(of: Document) -> tuple[Passage, ...]:
    """Return a passage for each paragraph."""
    found: list[Passage] = []
    start = 0
    for paragraph in of.text.split("\n\n"):
        span = Span(start, start + len(paragraph))
        start = span.end + 2
        spans = sentences(of.text, of.metadata.language, span)
        if spans:
            place = len(found)
            id_ = content_id(of.metadata.id, str(place))
            text, within = span.of(of.text), [Span(one.start - span.start, one.end - span.start) for one in spans]
            instructions = frozenset(number for number, kept in enumerate(harmless(text, within)) if not kept)
            found.append(Passage(id_, of.metadata.id, place, span, text, ("Notes",), None, spans, instructions))
    return tuple(found)


def evidence(
    question: str, *documents: Document, cosines: Mapping[str, float] | None = None, dense: bool = True
) -> Evidence:
    """Make the evidence for a question; `cosines` has those of sentences by a piece of their text, else 0.1."""
    hits: list[Hit] = []
    for of in documents:
        for passage in passages(of):
            rank = len(hits) + 1
            hits.append(
                Hit(rank, 1.0 / rank, passage, of.metadata, 0.5 if dense else None, rank if dense else None, 1.0, rank)
            )
    asked = words.query_terms(question, ("en",))
    return Evidence(
        question=question,
        generation=1,
        words=asked,
        pairs=frozenset(words.pairs(question, "en")),
        idf={form: 0.5 for word in asked for form in word.forms},
        hits=tuple(hits),
        sentences=tuple(found for hit in hits for found in _sentences(hit, cosines or {}, dense)),
    )


def choices(of: Evidence, *pieces: str) -> list[Sentence]:
    """Give the sentences that hold these pieces of text, in this order."""
    return [next(sentence for sentence in of.sentences if piece in sentence.text) for piece in pieces]


def _sentences(hit: Hit, cosines: Mapping[str, float], dense: bool) -> list[Sentence]:
    found = []
    for ordinal, span in enumerate(hit.passage.sentences):
        text = Span(span.start - hit.passage.span.start, span.end - hit.passage.span.start).of(hit.passage.text)
        cosine = next((value for piece, value in cosines.items() if piece in text), 0.1) if dense else None
        terms, pairs = frozenset(words.terms(text, "en")), frozenset(words.pairs(text, "en"))
        found.append(Sentence(hit, ordinal, span, text, cosine, terms, pairs))
    return found
