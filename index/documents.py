"""The nouns of the index: a document, its bibliographic metadata, its passages, and the spans that tie them together.

Every quote that Footnote ever shows is a `Span` of a `Document.text`. Readers make documents, the splitter makes
passages, and from there on nothing may change either: a span would stop meaning what it meant.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Literal

from index.access import PUBLIC, Access

PlaceKind = Literal["page", "slide", "sheet", "chapter", "message"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters, `text[start:end]`, in the normalised text of one document."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that this span covers."""
        return text[self.start : self.end]

    def shifted(self, by: int) -> Span:
        """Return the same span of a text that begins so many characters earlier."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a document: where it stands, its depth (1 is the top) and its words without markup."""

    span: Span
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a document that its readers find by a number or a name: a page, a slide, a sheet, a chapter, a message.

    `number` is counted from 1, that of a message its id in Discord; `label` is the number printed on a page where that
    differs, the name of a sheet, or the title of a chapter.
    """

    kind: PlaceKind
    number: int
    label: str | None
    span: Span


# The name of the source that the corpus folder itself is.
CORPUS = "corpus"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a file comes from, and what is known of it before it is read.

    `collection` names the configured source. `suffix` tells its format where its path or address does not. `url`,
    `title`, `published` and `language` are what the source says, None where it says nothing; `titled` makes the
    document's title of the one that was found, in the place of `{title}`. `access` is who may see it.
    """

    collection: str = CORPUS
    suffix: str | None = None
    url: str | None = None
    title: str | None = None
    published: date | None = None
    language: str | None = None
    titled: str = "{title}"
    access: Access = PUBLIC

    def name(self, source: str) -> str:
        """Return the name whose suffix tells the format of the file that the index knows as `source`."""
        return source + (self.suffix or "")


FROM_THE_CORPUS = Provenance()


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What a catalogue says of one document.

    `source` is the path relative to the corpus folder, with `/`, or the address of a web page. `publisher` is whom the
    document itself names as its source, `url` the address where a reader can open it, `language` an ISO 639-1 code or
    None when nothing could tell. `encoding` names a guessed character encoding, and is None when nothing was guessed.
    `collection` is the name of the configured source that it came from, "corpus" for the corpus folder itself.
    `also` are the sources of other files with the same bytes, which are not indexed again. `access` is who may see it.
    """

    id: str
    title: str
    source: str
    url: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    encoding: str | None = None
    author: str | None = None
    also: tuple[str, ...] = ()
    collection: str = CORPUS
    access: Access = PUBLIC

    @property
    def paths(self) -> tuple[str, ...]:
        """The source and every folder above it, outermost first: "a/b.md" is in "a" and in "a/b.md"; so its copies."""
        every = (source.split("/") for source in (self.source, *self.also))
        return tuple(dict.fromkeys("/".join(parts[:depth]) for parts in every for depth in range(1, len(parts) + 1)))


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it was read: its metadata, its normalised text, its headings and places as spans of that text.

    A place reaches to the beginning of the next one. `lines` tells where the text stands in the file: each pair is an
    offset in the text and the line, counted from 1, on which the block that begins there stands. It is empty for files
    in which lines mean nothing to a reader. `rows` does the same for rows of sheets, by the numbers at their edge.
    """

    metadata: DocumentMetadata
    text: str
    headings: tuple[Heading, ...] = ()
    places: tuple[Place, ...] = ()
    lines: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[int, int], ...] = ()

    def line_of(self, offset: int) -> int | None:
        """Return the line of the file on which the text at `offset` stands, or None where lines mean nothing."""
        at = bisect_right(self.lines, offset, key=lambda line: line[0]) - 1
        if at < 0:
            return None
        start, line = self.lines[at]
        return line + self.text.count("\n", start, offset)

    def row_of(self, offset: int) -> int | None:
        """Return the row of its sheet in which the text at `offset` stands, or None where there are no rows."""
        at = bisect_right(self.rows, offset, key=lambda row: row[0]) - 1
        return self.rows[at][1] if at >= 0 else None

    def place_of(self, offset: int) -> Place | None:
        """Return the page, slide, sheet or chapter that holds the text at `offset`, or None where there are none."""
        at = bisect_right(self.places, offset, key=lambda place: place.span.start) - 1
        return self.places[at] if at >= 0 else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document that is embedded, searched and cited as one.

    `text` is always `document.text[span]`. `heading` is the path of headings above it, outermost first; `place` is
    where it begins, as does every sentence of it. `sentences` are spans of the document's text inside `span`, in order;
    they leave out the white space between sentences. `instructions` are the places in `sentences` of those that speak
    to a machine, which are no evidence.
    """

    id: str
    document_id: str
    ordinal: int
    span: Span
    text: str
    heading: tuple[str, ...]
    place: Place | None
    sentences: tuple[Span, ...]
    instructions: frozenset[int]

    @property
    def page(self) -> int | None:
        """The number of its page, where it stands on one."""
        return self.place.number if self.place and self.place.kind == "page" else None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may be found: one source or everything under a folder, published `since` to `until` inclusive."""

    source: str | None = None
    since: date | None = None
    until: date | None = None

    def allows(self, document: DocumentMetadata) -> bool:
        """Return whether a document may be found."""
        if self.source is not None and self.source not in document.paths:
            return False
        if self.since is None and self.until is None:
            return True
        return document.published is not None and (
            (self.since or date.min) <= document.published <= (self.until or date.max)
        )


EVERYTHING = Filter()


def content_id(*parts: str) -> str:
    """Return the id of what `parts` say: 32 hexadecimal digits of SHA-256 over the parts, kept apart by NUL."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
