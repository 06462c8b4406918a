"""Number formats: how the cells of an Excel file are shown, which the library that reads their values does not say.

See ECMA-376, part 1, 18.8.30 (numFmts). Only what changes digits is heard: percent, decimals, thousands, currency.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

from index.errors import UnreadableDocument
from index.readers import archive

SheetFormats = dict[str, Mapping[tuple[int, int], str]]

_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
}
_CURRENCY = re.compile(r"\[\$([^-\]]*)[^\]]*\]|([$€£¥])")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]$][^\]]*\]')


def of_workbook(file: ZipFile, most_cells: int) -> SheetFormats:
    """Return, by sheet, the formats of its cells, by row and column from 0; none for what is shown as it is.

    Raises `UnreadableDocument` where cells lie so far apart that the sheet between them would fill the memory.
    """
    styles = _styles(file)
    book = archive.xml(archive.part(file, "xl/workbook.xml"))
    links = archive.xml(archive.part(file, "xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links} if links is not None else {}
    found: SheetFormats = {}
    for sheet in book.iter(f"{_M}sheet") if book is not None else ():
        target = targets.get(sheet.get(f"{_R}id"), "")
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[str(sheet.get("name"))] = _formats(archive.part(file, name), styles, most_cells)
    return found


def shown(number: float, form: str | None) -> str:
    """Return a number as a cell of the format `form` shows it; without one, as it is, 12 rather than 12.0."""
    if form is None:
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.12g}"
    positive, *others = form.split(";")
    currency = _CURRENCY.search(positive)
    sign = (currency[1] or currency[2] or "") if currency else ""
    after = positive.rpartition("0")[2]
    literal = "".join(one or other for one, other in _LITERAL.findall(after))
    pattern = _LITERAL.sub("", _CURRENCY.sub("", positive))
    decimals = len(re.match(r"[0#]*", pattern.partition(".")[2])[0])  # type: ignore[index]
    percent = "%" in pattern
    value = number * 100 if percent else number
    digits = f"{abs(value):,.{decimals}f}" if "," in pattern else f"{abs(value):.{decimals}f}"
    is_first = currency is not None and positive.index(currency[0]) < (positive.find("0") if "0" in positive else 0)
    text = f"{sign}{digits}" if is_first or not sign else f"{digits} {sign}"
    text += ("%" if percent else "") + literal
    if value < 0:
        return f"({text})" if others and "(" in others[0] else f"-{text}"
    return text


def _styles(file: ZipFile) -> list[str | None]:
    """Return the format of each style of cells."""
    root = archive.xml(archive.part(file, "xl/styles.xml"))
    if root is None:
        return []
    own = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iter(f"{_M}numFmt")}
    holder = root.find(f"{_M}cellXfs")
    return [_usable(own, style.get("numFmtId", "0")) for style in holder] if holder is not None else []


def _usable(own: Mapping[str, str], number: str) -> str | None:
    form = own.get(number) or (_BUILT_IN.get(int(number)) if number.isdecimal() and len(number) < 9 else None)
    if (
        not form
        or "E" in form
        or "?" in form
        or "@" in form
        or re.search(r"[dmyhs]", _LITERAL.sub("", form), re.IGNORECASE)
    ):
        return None
    return form if "0" in form else None


def _formats(data: bytes, styles: list[str | None], most_cells: int) -> Mapping[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    rows, columns = [1 << 30, 0], [1 << 30, 0]
    if not data:
        return found
    # Cell by cell: the tree of a large sheet takes more memory than everything else.
    for _, cell in etree.iterparse(BytesIO(data), tag=f"{_M}c", resolve_entities=False, no_network=True, recover=True):
        at = _CELL.match(cell.get("r", ""))
        if at:
            row, column = int(at[2]) - 1, _column(at[1])
            rows, columns = [min(rows[0], row), max(rows[1], row)], [min(columns[0], column), max(columns[1], column)]
            style = cell.get("s", "")
            form = styles[int(style)] if style.isdecimal() and len(style) < 9 and int(style) < len(styles) else None
            if form:
                found[row, column] = form
        cell.clear()
        while cell.getprevious() is not None:
            del cell.getparent()[0]
    if rows[1] >= rows[0] and (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1) > most_cells:
        raise UnreadableDocument("a sheet with cells so far apart that it spans millions: move them together")
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
