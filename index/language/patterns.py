"""Patterns: regular expressions made of the words and the pieces that a language lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from index.language.scripts import is_unspaced

# What nothing matches: an empty alternative would match everywhere.
_NOTHING = r"(?!)"


def longest_first(*words: Iterable[str]) -> list[str]:
    """Return the words, escaped, longer ones first, so that a pattern of them matches all of a word."""
    return [re.escape(word) for word in sorted(chain(*words), key=lambda word: (-len(word), word))]


def any_of(pieces: Iterable[str]) -> str:
    """Return the source of a regular expression that matches what one of these matches, nothing if there are none."""
    return f"(?:{'|'.join(pieces) or _NOTHING})"


def any_word(words: Iterable[str]) -> str:
    """Return the source of a regular expression that matches one of these words, whole where its script has spaces."""
    by_length = longest_first(words)
    spaced = [word for word in by_length if not is_unspaced(word)]
    unspaced = [word for word in by_length if is_unspaced(word)]
    return any_of([rf"\b{any_of(spaced)}\b", *unspaced])


def compiled(source: str) -> re.Pattern[str]:
    """Return a regular expression that is matched without regard to case."""
    return re.compile(source, re.IGNORECASE)
