"""Places: where in a document something stands, as a person would say it."""

from __future__ import annotations

from index.documents import DocumentMetadata, Place


def where(place: Place | None, row: int | None = None, line: int | None = None) -> str:
    """Return "page 12", "slide 4", "sheet Revenue, row 17", else the row or the line; nothing where there is none."""
    parts = [named(place)] if place else []
    if row is not None:
        parts.append(f"row {row}")
    elif line is not None and not parts:
        parts.append(f"line {line}")
    return ", ".join(parts)


def named(place: Place) -> str:
    """Return a place by its number, a sheet by its name, a page or a chapter by both where they differ."""
    label = " ".join((place.label or "").split())
    if place.kind == "sheet" and label:
        return f"sheet {label}"
    return f"{place.kind} {place.number}" + (f" ({label})" if label else "")


def copies(document: DocumentMetadata) -> str:
    """Return where else a document's file lies: "also budget/copy.md"; nothing where nowhere else."""
    return f"also {', '.join(document.also)}" if document.also else ""
