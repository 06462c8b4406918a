"""Quotes: a quote inside the text around it."""

from __future__ import annotations

from dataclasses import dataclass

from index.documents import Span
from index.language.instructions import harmless_around


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """The text just before and just after a quote; `begins` and `ends` tell whether it reaches that end of the text."""

    before: str
    after: str
    begins: bool
    ends: bool


def context(text: str, quote: Span, characters: int) -> QuoteContext:
    """Return the text around a quote in the text of its document, at most so many characters on either side.

    It stops at a sentence that speaks to the machine that reads it: nobody is shown that as if it were evidence.
    """
    shown = harmless_around(text, quote)
    start, end = max(shown.start, quote.start - characters), min(shown.end, quote.end + characters)
    return QuoteContext(text[start : quote.start], text[quote.end : end], start == 0, end == len(text))
