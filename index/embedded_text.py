"""The text of a passage as it is embedded, searched and reranked: below a line of its title and headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from index.documents import Passage

_ARROW = " › "
_LONGEST_PREFIX = 200
_LONG_NUMBER = re.compile(r"\d{5}")


def embedded_text(document_title: str, passage: Passage) -> str:
    """Return the text that is embedded and searched for `passage`: a line of its title and headings, then its text."""
    return prefix(document_title, passage.heading) + passage.text


def prefix(title: str, heading: Sequence[str]) -> str:
    """Return the line in front of a text: the title and the nearest headings, as many as stay short."""
    path = [name[:_LONGEST_PREFIX] for name, _ in groupby([title, *heading]) if not _is_identifier(name)]
    while len(path) > 2 and _weight(_ARROW.join(path)) > _LONGEST_PREFIX:
        del path[1]
    if _weight(_ARROW.join(path)) > _LONGEST_PREFIX:
        path = [_shortened(name, _LONGEST_PREFIX // 2 - len(_ARROW)) for name in path]
    return _ARROW.join(path) + "\n" if path else ""


def _is_identifier(name: str) -> bool:
    """Return whether a title is the number under which something is filed, which says nothing of what it is about."""
    digits = sum(character.isdigit() for character in name)
    return _LONG_NUMBER.search(name) is not None and digits > sum(character.isalpha() for character in name)


def _shortened(words: str, weight: int) -> str:
    while _weight(words) > weight:
        words = words[:-1]
    return words


def _weight(words: str) -> int:
    """Return more than the tokens of `words`: a letter of ASCII is at most one, of another script it may be several."""
    return sum(1 if character < "\x80" else 4 for character in words)
