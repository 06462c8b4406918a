"""OpenDocument: text, slides and sheets, from the one XML part that holds them."""

from __future__ import annotations

from typing import Any

from index.errors import UnreadableDocument
from index.readers import archive, sheet
from index.readers.parsed import DocumentBuilder, ParsedDocument

_N = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _DRAW, _OFFICE = (f"{{{_N}{name}:1.0}}" for name in ("text", "table", "drawing", "office"))
_PRESENTATION = f"{{{_N}presentation:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MOST_REPEATED = 1000
_UNSEEN = {
    f"{_TEXT}tracked-changes",
    f"{_OFFICE}annotation",
    f"{_TEXT}sequence-decls",
    f"{_OFFICE}forms",
    f"{_TEXT}table-of-content",
}


def read(data: bytes) -> ParsedDocument:
    """Return the draft of an OpenDocument file. Raises `UnreadableDocument`: a password, damage, a bomb."""
    with archive.opened(data, "OpenDocument") as file:
        archive.require(file, "content.xml", "OpenDocument")
        if b"encryption-data" in archive.part(file, "META-INF/manifest.xml"):
            raise UnreadableDocument("needs a password to open: save it without one")
        root = archive.xml(archive.part(file, "content.xml"))
        meta = archive.xml(archive.part(file, "meta.xml"))
    writer = DocumentBuilder()
    body = root.find(f"{_OFFICE}body") if root is not None else None
    if body is not None and len(body):
        _Body(writer).write(body[0])
    title, author = (meta.findtext(f".//{_DC}{name}") if meta is not None else None for name in ("title", "creator"))
    first = next((heading.title for heading in writer.headings if heading.level == 1), None)
    return writer.parsed(title=title or first, author=author)


class _Body:
    """The body of a file, written element by element."""

    def __init__(self, writer: DocumentBuilder) -> None:
        self._writer = writer
        self._sheets = self._slides = 0

    def write(self, element: Any) -> None:
        is_spreadsheet = element.tag == f"{_OFFICE}spreadsheet"
        for child in element:
            tag = child.tag
            if tag in _UNSEEN or not isinstance(tag, str):
                continue
            if tag == f"{_TEXT}h":
                level = child.get(f"{_TEXT}outline-level", "1")
                self._writer.heading(_words(child), min(int(level), 6) if level.isdecimal() and len(level) < 3 else 1)
            elif tag == f"{_TEXT}p":
                self._writer.block(_words(child))
                for box in child.iter(f"{_DRAW}text-box"):
                    self.write(box)
            elif tag == f"{_TEXT}list":
                self._list(child)
            elif tag == f"{_TABLE}table":
                self._sheet(child) if is_spreadsheet else self._table(child)
            elif tag == f"{_DRAW}page":
                self._slide(child)
            else:
                self.write(child)

    def _list(self, element: Any) -> None:
        self._writer.begin_list()
        for item in element:
            if item.tag == f"{_TEXT}list-item":
                self._writer.begin_item()
                self.write(item)
        self._writer.end_list()

    def _table(self, table: Any) -> None:
        rows = [cells for _, cells in _rows(table)]
        if rows:
            self._writer.table(rows[0], rows[1:])

    def _sheet(self, table: Any) -> None:
        self._sheets += 1
        name = table.get(f"{_TABLE}name") or f"Sheet {self._sheets}"
        self._writer.begin_place("sheet", self._sheets, name)
        self._writer.heading(name, 1)
        sheet.write(_rows(table), self._writer)

    def _slide(self, page: Any) -> None:
        self._slides += 1
        self._writer.begin_place("slide", self._slides)
        notes = page.find(f"{_PRESENTATION}notes")
        titles = [frame for frame in page if frame.get(f"{_PRESENTATION}class") == "title"]
        for frame in titles:
            self._writer.heading(_words(frame), 1)
        for frame in page:
            if frame is not notes and frame not in titles:
                self.write(frame)
        if notes is not None and _words(notes):
            self._writer.heading("Speaker notes", 2)
            self.write(notes)


def _rows(table: Any) -> list[tuple[int, list[str]]]:
    """Return the rows of a table with their numbers; what is repeated to fill a sheet's edge is not."""
    rows = []
    number = 0
    for row in table.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                words = " ".join(_words(paragraph) for paragraph in cell.iter(f"{_TEXT}p"))
                cells += [words] * min(
                    _count(cell.get(f"{_TABLE}number-columns-repeated")), _MOST_REPEATED if words else 50
                )
        repeated = _count(row.get(f"{_TABLE}number-rows-repeated"))
        if any(cells):
            rows += [(number + 1 + more, cells) for more in range(min(repeated, _MOST_REPEATED))]
        elif rows:
            rows.append((number + 1, cells))
        number += repeated
    return rows


def _count(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 9 else 1


def _words(element: Any) -> str:
    pieces: list[str] = []
    _collect(element, pieces)
    return " ".join("".join(pieces).split())


def _collect(element: Any, pieces: list[str]) -> None:
    pieces.append(element.text or "")
    for child in element:
        if child.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"):
            pieces.append(" ")
        elif isinstance(child.tag, str) and child.tag not in _UNSEEN and child.tag != f"{_DRAW}text-box":
            if child.tag == f"{_TEXT}p":
                pieces.append(" ")
            _collect(child, pieces)
        pieces.append(child.tail or "")
