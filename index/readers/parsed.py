"""A draft: what a reader made of one file, before it is a document with an id; and the writer of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from index.documents import Heading, Place, PlaceKind, Span
from index.readers.encoding import clean

_PARAGRAPH = "\n\n"
_LONGEST_HEADING = 500
_BULLET = "- "
# Characters that names of columns may always add to a table.
_MOST_REPEATED = 20_000


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The text of one file, its headings and places as spans of that text, and what the file says of itself.

    A field that the file is silent about is None. `encoding` is the character encoding, if it had to be guessed.
    `template_language` is what a page declares, often that of its template: heard where the text itself tells none.
    """

    text: str
    headings: tuple[Heading, ...] = ()
    places: tuple[Place, ...] = ()
    lines: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    template_language: str | None = None
    encoding: str | None = None
    author: str | None = None


@dataclass(slots=True)
class DocumentBuilder:
    """Writes the text of a draft block by block, and keeps where its headings came to stand, and from which lines.

    Paragraphs are parted by a blank line. An item of a list and a row of a table have a line each.
    """

    headings: list[Heading] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    line: int | None = None  # of the file, on which the next block stands; None where lines mean nothing
    rows: list[tuple[int, int]] = field(default_factory=list)
    row_number: int | None = None  # of the sheet, in which the next block stands; None outside of sheets
    is_open: bool = False  # whether the paragraph written last goes on where the next page begins
    _parts: list[str] = field(default_factory=list)
    _places: list[tuple[PlaceKind, int, str | None, int]] = field(default_factory=list)
    _next_place: tuple[PlaceKind, int, str | None] | None = None
    _length: int = 0
    _lists: list[int | None] = field(default_factory=list)  # of each open list, the next number; None for bullets
    _marker: str = ""  # of the item whose words are still to come
    _item_gap: str = _PARAGRAPH

    def block(self, text: str) -> None:
        """Write `text` as a paragraph, or as the words of the list item that was just begun."""
        if not self._marker:
            self._write(text, _PARAGRAPH)
        elif self._write(text, self._item_gap, self._marker):
            self._marker, self._item_gap = "", "\n"

    def resume(self, text: str) -> None:
        """Write `text` as more of the paragraph that was written last, as after the turn of a page."""
        self._write(text, " ")

    def begin_place(self, kind: PlaceKind, number: int, label: str | None = None) -> None:
        """Begin a page, slide, sheet or chapter with the next thing that is written; one without text is none."""
        self._next_place = kind, number, label

    def name_place(self, label: str) -> None:
        """Give the place that was begun last its name, known only from what was written there."""
        if self._places:
            kind, number, _, start = self._places[-1]
            self._places[-1] = kind, number, label, start

    def heading(self, text: str, level: int) -> None:
        """Write `text` as a heading of `level` on a line of its own."""
        title = " ".join(clean(text).split())
        if len(title) > _LONGEST_HEADING:
            # A name that long is none, and it would be repeated above every passage below it.
            self.block(title)
            return
        self._marker = ""
        span = self._write(title, _PARAGRAPH)
        if span:
            self.headings.append(Heading(span, level, title))

    def begin_list(self, first: int | None = None) -> None:
        """Begin a list: numbered from `first`, or with bullets."""
        self._lists.append(first)

    def begin_item(self) -> None:
        """Begin an item of the innermost list; its words come with the next `block`."""
        number = self._lists[-1]
        if number is not None:
            self._lists[-1] = number + 1
        indent = "  " * (len(self._lists) - 1)
        self._marker = indent + (_BULLET if number is None else f"{number}. ")

    def end_list(self) -> None:
        """End the innermost list."""
        self._lists.pop()
        self._marker = ""
        self._item_gap = "\n" if self._lists else _PARAGRAPH

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write the rows of a table so that each can be quoted alone: every cell after the name of its column."""
        widest = max((len(row) for row in rows), default=0)
        if not rows or any(header[len(row) :] for row in rows if header) or widest > len(header):
            # With cells that span several columns, nobody can tell which name belongs to which cell.
            header, rows = (), [header, *rows]
        # Long names over many short rows would make a page of a line.
        elif sum(map(len, header)) * len(rows) > _MOST_REPEATED + 10 * sum(len(cell) for row in rows for cell in row):
            header, rows = (), [header, *rows]
        gap, first = _PARAGRAPH, self.line
        for number, row in enumerate(rows):
            if first is not None:  # the line of dashes below the header is no row
                self.line = first + number + (2 if header else number > 0)
            gap = "\n" if self.row(header, row, gap) else _PARAGRAPH

    def row(self, header: Sequence[str], row: Sequence[str], gap: str = "\n") -> bool:
        """Write one row of a table, and return whether the next may stand below it without a blank line."""
        cells = zip_longest(header, row, fillvalue="")
        line = " | ".join(f"{name}: {cell}" if name else cell for name, cell in cells if cell.strip())
        return bool(self._write(" ".join(line.split()), gap)) and " | " in line

    def text(self) -> str:
        """Return all that was written."""
        return "".join(self._parts)

    def parsed(self, **said: Any) -> ParsedDocument:
        """Return all that was written as a draft, with what the file says of itself."""
        starts = [*(start for *_, start in self._places), self._length]
        places = tuple(
            Place(kind, number, label and clean(label), Span(start, end))
            for (kind, number, label, start), end in zip(self._places, starts[1:], strict=True)
        )
        return ParsedDocument(self.text(), tuple(self.headings), places, tuple(self.lines), tuple(self.rows), **said)

    def _write(self, text: str, gap: str, marker: str = "") -> Span | None:
        # Cleaned again, since a character reference such as `&#0;` brings in what the door kept out.
        text = clean(text)
        if not text:
            return None
        before = (gap if self._parts else "") + marker
        self._parts.append(before + text)
        start = self._length + len(before)
        self._length = start + len(text)
        if self._next_place is not None:
            self._places.append((*self._next_place, start - len(marker)))
            self._next_place = None
        if self.row_number is not None:
            self.rows.append((start - len(marker), self.row_number))
        if self.line is not None:
            self.lines.append((start - len(marker), self.line))
        return Span(start, self._length)
