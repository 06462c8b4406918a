"""PowerPoint: slides in their order, with titles, text, tables, the numbers of charts and the speaker's notes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from index.readers import archive
from index.readers.parsed import DocumentBuilder, ParsedDocument

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLES = {"title", "ctrTitle"}
# Their words are the same on every slide.
_RUNNING = {"dt", "ftr", "sldNum", "hdr"}


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a presentation. Raises `UnreadableDocument`: a password, damage, a bomb."""
    with archive.opened(data, "PowerPoint") as file:
        archive.require(file, "ppt/presentation.xml", "PowerPoint")
        said = archive.core_properties(file)
        writer = DocumentBuilder()
        for number, name in enumerate(_slides(file), start=1):
            slide = archive.xml(archive.part(file, name))
            if slide is None:
                continue
            writer.begin_place("slide", number, None if slide.get("show") != "0" else "hidden")
            _Slide(file, name, writer).write(slide)
    first = next((heading.title for heading in writer.headings), None)
    named = said.title if said.title and said.title.casefold() != "powerpoint presentation" else None
    return writer.parsed(title=named or first, author=said.author)


def _slides(file: ZipFile) -> Iterator[str]:
    """Yield the names of the slides' parts, in the order in which they are shown."""
    show = archive.xml(archive.part(file, "ppt/presentation.xml"))
    targets = _targets(file, "ppt/presentation.xml")
    for slide in show.iter(f"{_P}sldId") if show is not None else ():
        name = targets.get(slide.get(f"{_R}id"))
        if name:
            yield name


def _targets(file: ZipFile, name: str) -> dict[str, str]:
    """Return the parts that a part refers to, by the name of the reference."""
    folder, base = posixpath.split(name)
    root = archive.xml(archive.part(file, f"{folder}/_rels/{base}.rels"))
    found = {}
    for link in root if root is not None else ():
        if link.get("TargetMode") != "External" and link.get("Target"):
            found[link.get("Id")] = posixpath.normpath(posixpath.join("/" + folder, link.get("Target"))).lstrip("/")
    return found


class _Slide:
    """One slide, written shape by shape; its title first."""

    def __init__(self, file: ZipFile, name: str, writer: DocumentBuilder) -> None:
        self._file = file
        self._targets = _targets(file, name)
        self._writer = writer

    def write(self, slide: Any) -> None:
        shapes = list(slide.iter(f"{_P}sp", f"{_P}graphicFrame"))
        titles = [shape for shape in shapes if _role(shape) in _TITLES]
        for shape in titles:
            self._writer.heading(" ".join(text for _, text in _paragraphs(shape)), 1)
        for shape in shapes:
            if shape in titles or _role(shape) in _RUNNING:
                continue
            self._shape(shape)
        notes = next((name for name in self._targets.values() if "notesSlide" in name), None)
        if notes:
            self._notes(archive.xml(archive.part(self._file, notes)))

    def _shape(self, shape: Any) -> None:
        table = shape.find(f".//{_A}tbl")
        chart = shape.find(f".//{_C}chart")
        if table is not None:
            rows = [[_text(cell) for cell in row.iter(f"{_A}tc")] for row in table.iter(f"{_A}tr")]
            if rows:
                self._writer.table(rows[0], rows[1:])
        elif chart is not None:
            self._chart(archive.xml(archive.part(self._file, self._targets.get(chart.get(f"{_R}id"), ""))))
        else:
            self._list(
                list(_paragraphs(shape)),
                _role(shape) in {"body", "obj", "subTitle"} or len(list(_paragraphs(shape))) > 2,
            )

    def _list(self, paragraphs: list[tuple[int, str]], is_list: bool) -> None:
        if not is_list or len(paragraphs) < 2:
            for _, text in paragraphs:
                self._writer.block(text)
            return
        depth = 0
        for level, text in paragraphs:
            while depth > level + 1:
                self._writer.end_list()
                depth -= 1
            while depth < level + 1:
                self._writer.begin_list()
                depth += 1
            self._writer.begin_item()
            self._writer.block(text)
        for _ in range(depth):
            self._writer.end_list()

    def _chart(self, chart: Any) -> None:
        """Write the numbers of a chart as a table: a row for each category, a column for each series."""
        if chart is None:
            return
        title = chart.find(f".//{_C}chart/{_C}title")
        if title is not None:
            self._writer.block(_text(title))
        names: list[str] = []
        values: dict[str, dict[int, str]] = {}
        for number, series in enumerate(chart.iter(f"{_C}ser")):
            names.append("".join(series.xpath("string(*[local-name()='tx']//*[local-name()='v'])")))
            labels = {point.get("idx"): point.findtext(f"{_C}v") for point in series.iterfind(f"{_C}cat//{_C}pt")}
            for point in series.iterfind(f"{_C}val//{_C}pt"):
                label = labels.get(point.get("idx")) or str(point.get("idx"))
                values.setdefault(label, {})[number] = _shown(point.findtext(f"{_C}v") or "")
        rows = [[label, *(row.get(at, "") for at in range(len(names)))] for label, row in values.items()]
        if rows:
            self._writer.table(["", *names], rows)

    def _notes(self, notes: Any) -> None:
        texts = []
        for shape in notes.iter(f"{_P}sp") if notes is not None else ():
            if _role(shape) == "body":
                texts += [text for _, text in _paragraphs(shape)]
        if texts:
            self._writer.heading("Speaker notes", 2)
            for text in texts:
                self._writer.block(text)


def _role(shape: Any) -> str | None:
    holder = shape.find(f".//{_P}nvPr/{_P}ph")
    return None if holder is None else str(holder.get("type", "obj"))


def _paragraphs(shape: Any) -> Iterator[tuple[int, str]]:
    """Yield the level and the words of each paragraph that has some."""
    for paragraph in shape.iter(f"{_A}p"):
        text = _text(paragraph)
        level = paragraph.find(f"{_A}pPr")
        if text:
            lvl = level.get("lvl", "0") if level is not None else "0"
            yield min(int(lvl), 8) if lvl.isdecimal() and len(lvl) < 3 else 0, text


def _text(element: Any) -> str:
    pieces = []
    for piece in element.iter(f"{_A}t", f"{_A}br", f"{_A}p"):
        pieces.append(piece.text or "" if piece.tag == f"{_A}t" else " ")
    return " ".join("".join(pieces).split())


def _shown(number: str) -> str:
    """Return a number as a person would write it: a chart keeps 0.1 as 0.10000000000000001."""
    try:
        return f"{float(number):.10g}"
    except ValueError:
        return number
