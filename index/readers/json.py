"""JSON: each record on a row, its values after their names; one record alone as lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from index.errors import UnreadableDocument
from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

_DEEPEST = 100


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a JSON file, or of one with a record a line. Raises `UnreadableDocument` if it is neither."""
    text, encoding = decode(data)
    writer = DocumentBuilder()
    try:
        records = [json.loads(text)]
    except ValueError:
        records = [_record(line, number) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if len(records) == 1 and isinstance(records[0], list):
        records = records[0]
    title = None
    if len(records) == 1:
        for name, value in _pairs(records[0]):
            writer.row((name,), (value,))
        named = records[0].get("title") or records[0].get("name") if isinstance(records[0], dict) else None
        title = named if isinstance(named, str) else None
    else:
        for number, record in enumerate(records, start=1):
            pairs = list(_pairs(record))
            writer.row_number = number
            if len(pairs) > 1 and sum(len(value) for _, value in pairs) > 600:
                _long(pairs, writer)
            else:
                writer.row([name for name, _ in pairs], [value for _, value in pairs])
    return writer.parsed(title=title, encoding=encoding)


def _long(pairs: Sequence[tuple[str, str]], writer: DocumentBuilder) -> None:
    """Write a record that is too long for a row as paragraphs."""
    writer.block("\n".join(f"{name}: {value}" if name else value for name, value in pairs))


def _record(line: str, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise UnreadableDocument(
            f"not JSON: line {number} cannot be understood; mend it, or save it as .txt"
        ) from error


def _pairs(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the name and the words of each value inside, names joined with dots."""
    if depth > _DEEPEST:
        raise UnreadableDocument("nested too deeply to be read: save it anew, flatter")
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _pairs(inner, f"{path}.{name}" if path else str(name), depth + 1)
    elif isinstance(value, list):
        if all(not isinstance(inner, dict | list) for inner in value):
            yield path, ", ".join(_shown(inner) for inner in value)
        else:
            for at, inner in enumerate(value, start=1):
                yield from _pairs(inner, f"{path}.{at}" if path else str(at), depth + 1)
    else:
        yield path, _shown(value)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
