"""Places: where in a document something stands, in words."""

from __future__ import annotations

from bot.presenting.words import ENGLISH, Words
from index.documents import DocumentMetadata, Place

ARROW = " › "


def headings(document: DocumentMetadata, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings above a passage, outermost first, without a first one that only repeats the title."""
    repeats_title = bool(path) and path[0].split() == document.title.split()
    return path[1:] if repeats_title else path


def position(place: Place | None, row: int | None = None, line: int | None = None, words: Words = ENGLISH) -> str:
    """Return "page 12", "slide 4", "sheet Revenue, row 17", else the row or the line; nothing where there is none.

    A message has no place of its own: the heading above it names its author and its time.
    """
    parts = [part for part in (named(place, words) if place else "",) if part]
    if row is not None:
        parts.append(words("row {number}", number=row))
    elif line is not None and not parts:
        parts.append(words("line {number}", number=line))
    return ", ".join(parts)


def named(place: Place, words: Words = ENGLISH) -> str:
    """Return a sheet by its name, another place by its number, and the label beside it where it has one."""
    label = " ".join((place.label or "").split())
    if place.kind == "sheet" and label:
        return words("sheet {name}", name=label)
    return _numbered(place, words) + (f" ({label})" if label else "")


def copies(document: DocumentMetadata, words: Words = ENGLISH) -> str:
    """Return where else a document's file lies: "also budget/copy.md"; nothing where nowhere else."""
    return words("also {copies}", copies=", ".join(document.also)) if document.also else ""


def _numbered(place: Place, words: Words) -> str:
    match place.kind:
        case "page":
            return words("page {number}", number=place.number)
        case "slide":
            return words("slide {number}", number=place.number)
        case "sheet":
            return words("sheet {number}", number=place.number)
        case "chapter":
            return words("chapter {number}", number=place.number)
        case "message":
            return ""
