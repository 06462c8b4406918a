"""CSV: rows of cells, parted by whatever character the file uses."""

from __future__ import annotations

import csv
from io import StringIO

from index.readers import sheet
from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

_SAMPLE = 20_000
_DELIMITERS = ",;\t|"
_LONGEST_CELL = 1_000_000


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a file of rows; a citation names the row, counted from 1."""
    text, encoding = decode(data)
    csv.field_size_limit(_LONGEST_CELL)
    rows = list(enumerate(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)), start=1))
    writer = DocumentBuilder()
    sheet.write(rows, writer)
    return writer.parsed(encoding=encoding)


def _delimiter(text: str) -> str:
    """Return the character that parts the cells: the one that stands equally often in most of the first rows."""
    lines = [line for line in text[:_SAMPLE].split("\n")[:50] if line.strip()]
    scores = {}
    for mark in _DELIMITERS:
        counts = [len(next(csv.reader([line], delimiter=mark), [])) - 1 for line in lines]
        usual = max(set(counts), key=counts.count) if counts else 0
        scores[mark] = (counts.count(usual) if usual > 0 else 0, usual)
    return max(_DELIMITERS, key=lambda mark: scores[mark])
