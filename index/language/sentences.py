"""Sentences: the smallest stretches of a text that can be quoted alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from index.documents import Span

_ITEM = re.compile(r"[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+(?=\S)")
_BAR = " | "


def sentences(text: str, language: str | None, span: Span) -> tuple[Span, ...]:
    """Return the spans of the sentences of `text` inside `span`, in order, without the white space around them.

    Every character of `span` that is not white space is in exactly one of them. A line break inside a paragraph is a
    space, except around a list item and a row of a table, which are sentences of their own. `language` (ISO 639-1)
    chooses the abbreviations that end no sentence.
    """
    found = []
    for block in _blocks(text, span):
        item = _ITEM.match(text, block.start, block.end)
        start, words = block.start, item.end() if item else block.start  # the number of an item ends no sentence
        # The library takes no half of a character; a question mark in its place keeps every other where it is.
        encodable = text[words : block.end].encode(errors="replace").decode()
        for boundary in get_sentence_boundaries(language or "en", encodable):
            sentence = stripped(text, start, words + boundary["end_index"])
            if sentence is not None:
                found.append(sentence)
                start = sentence.end
    return tuple(found)


def stripped(text: str, start: int, end: int) -> Span | None:
    """Return `text[start:end]` as a span without the white space around it, or None if there is nothing else."""
    piece = text[start:end]
    inner = piece.strip()
    if not inner:
        return None
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + len(inner))


def _blocks(text: str, span: Span) -> Iterator[Span]:
    """Yield the paragraphs, list items and rows inside `span`: the stretches that no sentence reaches beyond."""
    start = at = span.start
    after_row = False
    for line in span.of(text).split("\n"):
        row = _BAR in line
        if row or after_row or not line.strip() or _ITEM.match(line):
            yield Span(start, at)
            start = at
        after_row = row
        at += len(line) + 1
    yield Span(start, span.end)
