"""Jupyter notebooks: the cells' words and code, and what the code printed."""

from __future__ import annotations

import json
from typing import Any

from index.errors import UnreadableDocument
from index.readers import markdown
from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

_LONGEST_OUTPUT = 20_000


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a notebook. Raises `UnreadableDocument` if it is none."""
    text, encoding = decode(data)
    try:
        book = json.loads(text)
        cells = book.get("cells") or [cell for sheet in book.get("worksheets", ()) for cell in sheet["cells"]]
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        raise UnreadableDocument("not a notebook, whatever its name says: save it anew") from error
    writer = DocumentBuilder()
    for cell in cells if isinstance(cells, list) else ():
        if not isinstance(cell, dict):
            continue
        source = _joined(cell.get("source") or cell.get("input"))
        if cell.get("cell_type") == "markdown":
            markdown.write(source, writer)
        else:
            writer.block(source)
            outputs = cell.get("outputs")
            for output in outputs if isinstance(outputs, list) else ():
                writer.block(_printed(output)[:_LONGEST_OUTPUT])
    first = next((heading.title for heading in writer.headings), None)
    return writer.parsed(title=first, encoding=encoding)


def _printed(output: Any) -> str:
    if not isinstance(output, dict):
        return ""
    data = output.get("data")
    return _joined(output.get("text") or (data.get("text/plain") if isinstance(data, dict) else None))


def _joined(lines: Any) -> str:
    return "".join(map(str, lines)) if isinstance(lines, list) else lines if isinstance(lines, str) else ""
