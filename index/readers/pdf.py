"""PDF: its pages as lines, put in reading order and joined to paragraphs, with headings, tables and forms."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.errors import NoTextLayer, UnreadableDocument
from index.readers import page_layout
from index.readers.page_lines import Line, Word
from index.readers.parsed import DocumentBuilder, ParsedDocument

MOST_PAGES = 10_000
_MOST_OF_A_PAGE = 1_000_000
# What a program writes that made the file from another, or a person who never looked.
_NO_TITLE = re.compile(
    r"untitled|microsoft (word|powerpoint|excel) - |\S+\.(docx?|pptx?|xlsx?|indd|qxd|dvi|tex|pdf)$|slide 1$",
    re.IGNORECASE,
)
_FIELDS_WITH_WORDS = {
    pdfium_c.FPDF_FORMFIELD_TEXTFIELD,
    pdfium_c.FPDF_FORMFIELD_COMBOBOX,
    pdfium_c.FPDF_FORMFIELD_LISTBOX,
}
_FIELDS_TO_TICK = {pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON}


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a PDF file.

    Raises `NoTextLayer`, or `UnreadableDocument` if it needs a password or is damaged beyond reading.
    """
    with closing(_opened(data)) as file:
        if len(file) > MOST_PAGES:
            raise UnreadableDocument(f"has {len(file)} pages, more than {MOST_PAGES}: split it")
        if file.get_formtype():
            file.init_forms()
        pages, forms, labels = [], [], []
        for number in range(len(file)):
            lines, fields = _page(file, number)
            pages.append(lines)
            forms.append(fields)
            labels.append(file.get_page_label(number) or None)
        outline = _outline(file)
        title = (file.get_metadata_value("Title") or "").strip()
    writer = DocumentBuilder()
    for number, blocks in enumerate(page_layout.arranged(pages, outline), start=1):
        label = labels[number - 1]
        writer.begin_place("page", number, label if label != str(number) else None)
        page_layout.write(blocks, writer)
        for name, value in forms[number - 1]:
            writer.row((name,), (value,))
    first = next((heading.title for heading in writer.headings if heading.level == 1), None)
    usable = title if title and not _NO_TITLE.match(title) else None
    if not writer.text():
        raise NoTextLayer
    return writer.parsed(title=usable or first)


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise UnreadableDocument("needs a password to open: save it without one") from error
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_SECURITY:
            raise UnreadableDocument("encrypted in a way that is not known: save it without encryption") from error
        if not data[:1024].lstrip().startswith(b"%PDF"):
            raise UnreadableDocument("not a PDF, whatever its name says: give it the suffix of its format") from error
        raise UnreadableDocument("damaged: not even its list of pages can be read; save it anew") from error


def _page(file: pdfium.PdfDocument, number: int) -> tuple[list[Line], list[tuple[str, str]]]:
    try:
        page = file[number]
    except pdfium.PdfiumError:
        return [], []  # a broken page among whole ones
    with closing(page), closing(page.get_textpage()) as text_page:
        return list(_lines(text_page.raw)), list(_fields(file, page))


def _lines(text_page: Any) -> Iterator[Line]:
    """Yield the lines of a page as they come in the file, which is mostly the order in which they are to be read."""
    count = pdfium_c.FPDFText_CountChars(text_page)
    if count > _MOST_OF_A_PAGE:
        raise UnreadableDocument(f"has a page of {count} characters, more than a page can hold: it is made to do harm")
    text = _text(text_page, count)
    for line in re.finditer(r"[^\r\n\x02]+\x02?", text):
        words = [
            _word(text_page, match[0], line.start() + match.start())
            for match in re.finditer(r"[^ \x02\0\t\xa0]+", line[0])
        ]
        if words:
            at = line.start() + re.search(r"[^ \x02\0\t\xa0]", line[0]).start()  # type: ignore[union-attr]
            yield Line(tuple(words), _size(text_page, at), _font(text_page, at), line[0].endswith("\x02"))


def _text(text_page: Any, count: int) -> str:
    """Return the page's characters, each at its number; one beyond the first plane is in two halves.

    U+0002 stands for a hyphen at a line's end. PDFium gives all at once, but for what has no Unicode, by which the
    others then move up; only such a page is asked for one after the other, which takes ten times as long.
    """
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium_c.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        return "".join(map(chr, buffer[:count])).replace("\ufffe", "\x02")
    return "".join([chr(pdfium_c.FPDFText_GetUnicode(text_page, at)) for at in range(count)])


def _word(text_page: Any, text: str, start: int) -> Word:
    first, last = _box(text_page, start), _box(text_page, start + len(text) - 1)
    if not text.isascii():  # the halves of a character beyond the first plane are put together
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Word(text, min(first.left, last.left), max(first.right, last.right), first.top, first.bottom)


def _box(text_page: Any, at: int) -> Any:
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDFText_GetLooseCharBox(text_page, at, box)
    return box


def _size(text_page: Any, at: int) -> float:
    """Return the height of the line in points: the font's nominal size says nothing where the text is scaled."""
    box = _box(text_page, at)
    height: float = box.top - box.bottom
    return round(float(height if height > 0 else pdfium_c.FPDFText_GetFontSize(text_page, at)), 1)


def _font(text_page: Any, at: int) -> str:
    flags, name = ctypes.c_int(), ctypes.create_string_buffer(128)
    pdfium_c.FPDFText_GetFontInfo(text_page, at, name, 128, flags)
    return name.value.decode(errors="replace")


def _fields(file: pdfium.PdfDocument, page: pdfium.PdfPage) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each form field on a page that somebody filled in."""
    form = file.formenv
    if form is None:
        return
    for at in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        field = pdfium_c.FPDFPage_GetAnnot(page, at)
        kind = pdfium_c.FPDFAnnot_GetFormFieldType(form, field)
        name = _said(partial(pdfium_c.FPDFAnnot_GetFormFieldAlternateName, form, field)) or _said(
            partial(pdfium_c.FPDFAnnot_GetFormFieldName, form, field)
        )
        if kind in _FIELDS_WITH_WORDS:
            value = _said(partial(pdfium_c.FPDFAnnot_GetFormFieldValue, form, field))
            if value.strip():
                yield name, value
        elif kind in _FIELDS_TO_TICK and pdfium_c.FPDFAnnot_IsChecked(form, field):
            yield name, "yes"
        pdfium_c.FPDFPage_CloseAnnot(field)


def _said(ask: partial[int]) -> str:
    size = ask(None, 0)
    if size <= 2 or size > _MOST_OF_A_PAGE:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    ask(buffer, size)
    return " ".join(bytes(buffer)[: size - 2].decode("utf-16-le", errors="replace").split())


def _outline(file: pdfium.PdfDocument) -> dict[int, dict[str, int]]:
    """Return, by page from 0, the titles of the outline's entries, spelt for comparison, and their levels from 1."""
    found: dict[int, dict[str, int]] = {}
    for entry in file.get_toc(max_depth=6):
        place = entry.get_dest()
        page = place.get_index() if place else None
        if page is not None:
            found.setdefault(page, {}).setdefault(page_layout.spelt(entry.get_title()), entry.level + 1)
    return found
