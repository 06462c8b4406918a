"""Sheets: rows of cells become lines that can be quoted alone, each cell after the name of its column."""

from __future__ import annotations

from collections.abc import Sequence

from index.readers.parsed import DocumentBuilder

_MOST_COLUMNS = 1000
_LONGEST_NAME = 120
# Rows among which the names of the columns are looked for.
_TOP = 12

Row = tuple[int, Sequence[str]]  # its number at the edge of the sheet, and its cells


def write(rows: Sequence[Row], writer: DocumentBuilder) -> None:
    """Write the rows of one sheet. Blocks that empty rows keep apart have column names of their own."""
    for block in _blocks(rows):
        header, body = _header(block)
        names = _names(header[1]) if header else ()
        gap = "\n\n"
        for number, cells in body:
            writer.row_number = number
            if writer.row(names, cells, gap):
                gap = "\n"
    writer.row_number = None


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    blocks: list[list[Row]] = [[]]
    for number, cells in rows:
        kept = [cell.strip() for cell in cells[:_MOST_COLUMNS]]
        if not any(kept):
            if blocks[-1]:
                blocks.append([])
            continue
        blocks[-1].append((number, kept))
    return [block for block in blocks if block]


def _header(block: Sequence[Row]) -> tuple[Row | None, Sequence[Row]]:
    """Return the row that names the columns, if one does, and the rows to write: what stands above it, and below.

    It is the first row that is as wide as most, all words or years, and has other rows below.
    """
    widths = sorted(_width(cells) for _, cells in block)
    usual = widths[len(widths) // 2]
    if usual < 2:
        return None, block
    for at, (_, cells) in enumerate(block[:_TOP]):
        filled = [cell for cell in cells if cell]
        if len(filled) >= max(2, usual - 1) and len(block) > at + 1:
            named = all(not is_amount(cell) or _is_year(cell) for cell in filled) and len(set(filled)) == len(filled)
            short = sum(map(len, filled)) <= _LONGEST_NAME * len(filled)
            return (block[at], [*block[:at], *block[at + 1 :]]) if named and short else (None, block)
    return None, block


def _names(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split())[:_LONGEST_NAME] for cell in cells]


def _width(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell)


def is_amount(cell: str) -> bool:
    """Tell whether a cell holds an amount rather than words."""
    digits = sum(character.isdigit() for character in cell)
    return digits > 0 and not any(character.isalpha() for character in cell)


def _is_year(cell: str) -> bool:
    return len(cell) == 4 and cell.isdecimal() and cell[:2] in ("19", "20")
