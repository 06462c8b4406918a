"""XML of any vocabulary: prose as headings and paragraphs, records as rows; entities stay unresolved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

from index.errors import UnreadableDocument
from index.readers import archive
from index.readers.parsed import DocumentBuilder, ParsedDocument

# What DocBook, TEI and JATS call the title of a part and a paragraph.
_TITLES = {"title", "head", "article-title"}
_PARAGRAPHS = {"p", "para", "simpara", "ab"}


def read(data: bytes) -> ParsedDocument:
    """Return the draft of an XML file. Raises `UnreadableDocument` if it is none."""
    root = archive.xml(data)
    if root is None:
        raise UnreadableDocument("not XML, whatever its name says: give it the suffix of its format")
    writer = DocumentBuilder()
    _write(root, 1, writer)
    first = next((heading.title for heading in writer.headings), None)
    return writer.parsed(title=first)


def _write(element: Any, level: int, writer: DocumentBuilder) -> None:
    """Write an element; `level` is that of the headings inside."""
    children = [child for child in element if isinstance(child.tag, str)]
    if _name(element) in _TITLES and _name(element.getparent()) not in _PARAGRAPHS:
        writer.heading(_text(element), level)
    elif _is_record(element, children):
        values = dict(element.attrib) | {child.tag: _text(child) for child in children}
        writer.row([etree.QName(name).localname for name in values], list(values.values()))
    elif not children or _has_words(element, children):
        writer.block(_text(element))
    else:
        inner = level + any(_name(child) in _TITLES for child in children)
        for child in children:
            _write(child, level if _name(child) in _TITLES else inner, writer)


def _is_record(element: Any, children: Sequence[Any]) -> bool:
    """Tell whether an element is a row of data: named values, each once, and no prose."""
    names = [child.tag for child in children]
    named = len(set(names)) == len(names) and len(names) + len(element.attrib) > 1
    flat = all(len(child) == 0 and _name(child) not in _PARAGRAPHS for child in children)
    return named and flat and not _has_words(element, children)


def _has_words(element: Any, children: Sequence[Any]) -> bool:
    return any(said and said.strip() for said in (element.text, *(child.tail for child in children)))


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _name(element: Any) -> str:
    return etree.QName(element).localname if element is not None else ""
