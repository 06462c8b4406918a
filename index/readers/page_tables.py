"""Tables of a page: lines with cells one below the other become rows and columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.readers.page_lines import Line

_NUMBER = re.compile(r"[-–—+(]*[$€£¥]?\s*\(?[-–+]?\d[\d.,]*\)?\s*(%|pts?|bps|x)?\)?$|[-–—]$|[$€£¥%]$")
_YEAR = re.compile(r"(19|20)\d\d[.,]?$")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names of its columns, none where no row says them, and its rows, with a cell for each column."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_rows(lines: Sequence[Line], at: int) -> int:
    """Count the lines from `at` on that are the rows of one table: 0 where none begins there."""
    end = at
    while (
        end < len(lines) and len(lines[end].cells()) >= 2 and (end == at or lines[end - 1].bottom > lines[end].bottom)
    ):
        end += 1
    rows = lines[at:end]
    if len(rows) < 2:
        return 0
    cells = [cell for row in rows for cell in row.cells()]
    short = sum(1 for cell in cells if len(cell.text) <= 40 or _is_amount(cell.text))
    return len(rows) if short >= 0.7 * len(cells) and _is_aligned(rows) else 0


def table_of(lines: Sequence[Line]) -> Table:
    """Make a table of the lines that are its rows."""
    rows = [line.cells() for line in lines]
    header = rows[0] if _is_header(rows) else []
    body = rows[1:] if header else rows
    columns = _columns(body)
    names = _placed(header, columns)
    if not header or len([name for name in names if name]) < len(header):
        # A name over two columns, or over none: the row is kept, and nothing is called by it.
        return Table((), tuple(_texts(row) for row in rows))
    return Table(tuple(names), tuple(tuple(_placed(row, columns)) for row in body))


def _is_aligned(rows: Sequence[Line]) -> bool:
    """Tell whether most cells after the first of a row begin or end where one of the row above does."""
    aligned = total = 0
    for above, row in pairwise(rows):
        over = above.cells()
        for cell in row.cells()[1:]:
            total += 1
            aligned += any(_overlap(cell, other) > 0 for other in over)
    return total > 0 and aligned >= 0.6 * total


def _is_amount(text: str) -> bool:
    return all(_NUMBER.match(part) for part in text.split())


def _overlap(one: Line, other: Line) -> float:
    return min(one.right, other.right) - max(one.left, other.left)


def _texts(row: Sequence[Line]) -> tuple[str, ...]:
    return tuple(cell.text for cell in row)


def _is_header(rows: Sequence[Sequence[Line]]) -> bool:
    """Tell whether the first row names the columns: words or years over what are mostly amounts."""
    first = rows[0]
    named = all(not _is_amount(cell.text) or _YEAR.match(cell.text) for cell in first)
    named = named and not any(cell.text.endswith(":") for cell in first)
    below = [cell for row in rows[1:] for cell in row[1:]]
    amounts = sum(1 for cell in below if _is_amount(cell.text))
    return named and len(rows) > 2 and (amounts >= 0.5 * len(below) or all(len(row) == len(first) for row in rows))


def _columns(rows: Sequence[Sequence[Line]]) -> list[tuple[float, float]]:
    """Return the places of the columns, left to right: the stretches that cells of any row cover."""
    spans = sorted((cell.left, cell.right) for row in rows for cell in row)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    return columns


def _placed(row: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[str]:
    """Return the words of a row by column."""
    texts: list[list[str]] = [[] for _ in columns]
    for cell in row:
        middle = (cell.left + cell.right) / 2
        shares = [min(cell.right, right) - max(cell.left, left) for left, right in columns]
        best = max(range(len(columns)), key=lambda at: (shares[at], -abs(middle - sum(columns[at]) / 2)))
        texts[best].append(cell.text)
    return [" ".join(words) for words in texts]
