"""Places: where in a document something stands, in words."""

from __future__ import annotations

from index.documents import DocumentMetadata

ARROW = " › "


def headings(document: DocumentMetadata, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings above a passage, outermost first, without a first one that only repeats the title."""
    repeats_title = bool(path) and path[0].split() == document.title.split()
    return path[1:] if repeats_title else path


def position(page: int | None, line: int | None = None) -> str:
    """Return the page, such as "page 3", else the line, else nothing."""
    if page is not None:
        return f"page {page}"
    return f"line {line}" if line is not None else ""
