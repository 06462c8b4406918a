"""Passages: a document is split into the stretches that are embedded, searched and cited as one.

Passages follow the headings, then the paragraphs, then the sentences of a document, and fill the model's window as far
as those allow. A heading is not in the text of its passages but above it: `embedded_text` puts it in front.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from index.documents import Document, Heading, Passage, Place, Span, content_id
from index.embedded_text import prefix
from index.language.instructions import harmless
from index.language.sentences import sentences, stripped

SPLITTER = "4"
_CHARACTERS_A_TOKEN = 8  # more than any language has on average
_BLANK_LINE = re.compile(r"\n[ \t]*\n")

Counter = Callable[[Sequence[str]], list[int]]


def split(document: Document, count_tokens: Counter, window: int) -> tuple[Passage, ...]:
    """Return the passages of `document`, in order; together they hold all its words but those of headings above text.

    `count_tokens` returns the number of model tokens of each text, without special tokens. No `embedded_text` has more
    than `window` of them, given a `window` above 200, which the headings in front of a text cannot fill.
    """
    sections = _sections(document)
    prefixes = [prefix(document.metadata.title, section.heading) for section in sections]
    rooms = [max(window - tokens, window // 4) for tokens in count_tokens(prefixes)]
    runs = [
        _Run(section, room, tuple(pieces))
        for section, room, own in zip(sections, rooms, _pieces(document, sections, rooms, count_tokens), strict=True)
        for pieces in _packed(document, own, room)
    ]
    runs = _within(runs, document.text, count_tokens)
    return tuple(_passage(document, ordinal, run) for ordinal, run in enumerate(runs))


@dataclass(frozen=True, slots=True)
class _Section:
    """A stretch of text with no heading inside, and the path of the headings above it."""

    heading: tuple[str, ...]
    body: Span


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that is too long, and how many tokens it takes."""

    span: Span
    sentence: Span
    tokens: int


@dataclass(frozen=True, slots=True)
class _Run:
    """The pieces that become one passage, and how many tokens they may take together."""

    section: _Section
    room: int
    pieces: tuple[_Piece, ...]

    @property
    def span(self) -> Span:
        return Span(self.pieces[0].span.start, self.pieces[-1].span.end)

    @property
    def is_divisible(self) -> bool:
        return self.span.end - self.span.start > 1

    @property
    def surely_fits(self) -> bool:
        """Whether the pieces fit together since they do apart: whole sentences, and a token is left for each."""
        whole = all(piece.span == piece.sentence for piece in self.pieces)
        apart = all(one.span.end < other.span.start for one, other in pairwise(self.pieces))
        return whole and apart and sum(piece.tokens + 1 for piece in self.pieces) <= self.room

    def halves(self, text: str) -> list[_Run]:
        """Return this run as two."""
        middle = len(self.pieces) // 2
        halves = [self.pieces[:middle], self.pieces[middle:]]
        if not middle:
            piece = self.pieces[0]
            longest = (piece.span.end - piece.span.start + 1) // 2
            halves = [(_Piece(part, piece.sentence, piece.tokens),) for part in _cut(text, piece.span, longest)]
        return [_Run(self.section, self.room, half) for half in halves]


def _sections(document: Document) -> list[_Section]:
    """Return the sections that have text.

    A heading with neither text nor a deeper heading below it is itself the text: its words would be nowhere else.
    """
    text = document.text
    sections: list[_Section] = []
    path: list[Heading] = []

    def add(start: int, end: int) -> None:
        body = stripped(text, start, end)
        if body is not None:
            sections.append(_Section(tuple(heading.title for heading in path), body))

    end = Span(len(text), len(text))
    add(0, document.headings[0].span.start if document.headings else len(text))
    for heading, following in pairwise([*document.headings, Heading(end, 0, "")]):
        while path and path[-1].level >= heading.level:
            path.pop()
        if following.level <= heading.level and not text[heading.span.end : following.span.start].strip():
            add(heading.span.start, heading.span.end)
        path.append(heading)
        add(heading.span.end, following.span.start)
    return [_joined(group) for _, group in groupby(sections, key=lambda section: section.heading)]


def _joined(sections: Iterator[_Section]) -> _Section:
    first, *others = sections
    return _Section(first.heading, Span(first.body.start, others[-1].body.end)) if others else first


def _pieces(
    document: Document, sections: Sequence[_Section], rooms: Sequence[int], count_tokens: Counter
) -> list[list[_Piece]]:
    """Return the pieces of each section, none longer than its room, as far as pieces can be counted apart."""
    text = document.text
    spans: list[tuple[int, Span, Span]] = []
    for number, section in enumerate(sections):
        for sentence in sentences(text, document.metadata.language, section.body):
            # Cut what is surely too long before it is counted: tokenizers are slow with endless lines.
            longest = _CHARACTERS_A_TOKEN * rooms[number]
            spans.extend((number, part, sentence) for part in _cut(text, sentence, longest))
    pieces: list[list[_Piece]] = [[] for _ in sections]
    for (number, span, sentence), tokens in zip(
        spans, count_tokens([span.of(text) for _, span, _ in spans]), strict=True
    ):
        room, length = rooms[number], span.end - span.start
        # A tokenizer makes one token of a whole run that it does not know, which would let it grow without end.
        size = max(tokens, length // _CHARACTERS_A_TOKEN)
        for part in _cut(text, span, length if size <= room else max(length * room // size // 4, 1)):
            share = -(-size * (part.end - part.start) // length)
            pieces[number].append(_Piece(part, sentence, share))
    return pieces


def _cut(text: str, span: Span, longest: int) -> Iterator[Span]:
    """Yield `span` in parts of at most `longest` characters, cut between words where it has words."""
    if span.end - span.start <= longest:
        yield span
        return
    part = re.compile(rf"\S(?:.{{0,{max(longest - 2, 0)}}}\S)?(?!\S)|\S{{1,{longest}}}", re.DOTALL)
    for found in part.finditer(text, span.start, span.end):
        yield Span(*found.span())


def _packed(document: Document, pieces: Sequence[_Piece], room: int) -> Iterator[list[_Piece]]:
    """Yield `pieces` in runs that fill `room` as far as they go, a paragraph whole if it fits, none over two places."""
    for _, group in groupby(pieces, key=lambda piece: _parting(document.place_of(piece.span.start))):
        yield from _filled(document.text, list(group), room)


def _parting(place: Place | None) -> Place | None:
    """Return a place that no passage may reach beyond: short messages of one talk make sense together alone."""
    return None if place is None or place.kind == "message" else place


def _filled(text: str, pieces: Sequence[_Piece], room: int) -> list[list[_Piece]]:
    runs: list[list[_Piece]] = []
    sizes: list[int] = []
    for block in _blocks(text, pieces, room):
        tokens = sum(_room_for(piece) for piece in block)
        if sizes and sizes[-1] + tokens <= room:
            runs[-1] += block
            sizes[-1] += tokens
        else:
            runs.append(list(block))
            sizes.append(tokens)
    return runs


def _room_for(piece: _Piece) -> int:
    """Return the tokens to set aside: one for the joint, and more for part of a sentence, of which they are a guess."""
    return (piece.tokens if piece.span == piece.sentence else piece.tokens * 5 // 4) + 1


def _blocks(text: str, pieces: Sequence[_Piece], room: int) -> Iterator[list[_Piece]]:
    """Yield the spans that stay whole: the paragraphs that fit in `room`, and the pieces of the others."""
    paragraph: list[_Piece] = []
    for piece in pieces:
        if paragraph and _BLANK_LINE.search(text, paragraph[-1].span.end, piece.span.start):
            yield from _whole(paragraph, room)
            paragraph = []
        paragraph.append(piece)
    yield from _whole(paragraph, room)


def _whole(paragraph: list[_Piece], room: int) -> list[list[_Piece]]:
    fits = sum(piece.tokens for piece in paragraph) <= room
    return [paragraph] if fits else [[piece] for piece in paragraph]


def _within(runs: list[_Run], text: str, count_tokens: Counter) -> list[_Run]:
    """Return `runs` with those halved, again and again, that as a whole take more tokens than they have room."""
    doubtful = [run for run in runs if not run.surely_fits]
    counts = count_tokens([run.span.of(text) for run in doubtful]) if doubtful else []
    over = {run.span for run, tokens in zip(doubtful, counts, strict=True) if tokens > run.room and run.is_divisible}
    if not over:
        return runs
    halved = [half for run in runs for half in (run.halves(text) if run.span in over else [run])]
    return _within(halved, text, count_tokens)


def _passage(document: Document, ordinal: int, run: _Run) -> Passage:
    metadata, span, heading = document.metadata, run.span, run.section.heading
    text = span.of(document.text)
    own = [list(parts) for _, parts in groupby(run.pieces, key=lambda piece: piece.sentence)]
    sentences = tuple(Span(parts[0].span.start, parts[-1].span.end) for parts in own)
    within = [Span(sentence.start - span.start, sentence.end - span.start) for sentence in sentences]
    return Passage(
        id=content_id(SPLITTER, metadata.source, str(ordinal), repr(heading), text),
        document_id=metadata.id,
        ordinal=ordinal,
        span=span,
        text=text,
        heading=heading,
        place=document.place_of(span.start),
        sentences=sentences,
        instructions=frozenset(
            place for place, is_harmless in enumerate(harmless(text, within, heading)) if not is_harmless
        ),
    )
