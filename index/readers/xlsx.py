"""Excel: every sheet as rows, with numbers as the file's own formats show them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from index.errors import UnreadableDocument
from index.readers import archive, number_formats, sheet
from index.readers.parsed import DocumentBuilder, ParsedDocument

_MOST_CELLS = 5_000_000


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a workbook; each sheet is a place, and hidden ones say so.

    Raises `UnreadableDocument`: a password, damage, a bomb, or cells so far apart that they would fill the memory.
    """
    said = archive.Properties()
    formats: number_formats.SheetFormats = {}
    if data.startswith(b"PK"):
        with archive.opened(data, "Excel") as file:
            said = archive.core_properties(file)
            formats = number_formats.of_workbook(file, _MOST_CELLS)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
    except (CalamineError, ValueError, OSError) as error:
        if "password" in str(error).lower():
            raise UnreadableDocument("needs a password to open: save it without one") from error
        archive.refuse_ole(data, "Excel")
        raise UnreadableDocument("damaged, or not a workbook: save it anew") from error
    writer = DocumentBuilder()
    for number, known in enumerate(book.sheets_metadata, start=1):
        if known.typ != SheetTypeEnum.WorkSheet:
            continue
        found = book.get_sheet_by_name(known.name)
        if found.start is None:
            continue
        shown = formats.get(known.name, {})
        top, left = found.start
        rows = [
            (at + 1, [""] * left + [_shown(cell, shown.get((at, left + column))) for column, cell in enumerate(cells)])
            for at, cells in enumerate(found.to_python(skip_empty_area=True), start=top)
        ]
        is_hidden = known.visible != SheetVisibleEnum.Visible
        writer.begin_place("sheet", number, known.name)
        writer.heading(f"{known.name} (hidden sheet)" if is_hidden else known.name, 1)
        sheet.write(rows, writer)
    return writer.parsed(title=said.title, author=said.author)


def _shown(cell: Any, form: str | None) -> str:
    """Return a cell as a person sees it, as near as the format of its number is known."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return number_formats.shown(float(cell), form)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)
