"""Quotes: a quote inside the text around it, and what stands in its place once its document has changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest

from index.documents import Span
from index.language.instructions import addresses_machine, harmless_around
from index.language.sentences import sentences

_WORD = re.compile(r"\w+")
# What shares fewest of its words with the quote is not compared letter by letter: that takes the square of the length.
_COMPARED = 10
_LEAST_LIKENESS = 0.5


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


def in_its_place(text: str, quote: str, language: str | None) -> Span | None:
    """Return where a quote stands in the text that its document has by now, else as many sentences most like it.

    It is None where none are half as like it, by the characters that both have in one order (Ratcliff and Obershelp,
    as `difflib` has it), or where what is there speaks to a machine.
    """
    start = text.find(quote)
    if start >= 0:
        return Span(start, start + len(quote))
    spans = sentences(text, language, Span(0, len(text)))
    size = max(1, len(sentences(quote, language, Span(0, len(quote)))))
    stretches = [Span(first.start, last.end) for first, last in zip(spans, spans[size - 1 :], strict=False)]
    wanted = set(_WORD.findall(quote.lower()))
    near = nlargest(_COMPARED, stretches, key=lambda each: _shared(wanted, each.of(text)))
    best = max(near, key=lambda each: _likeness(quote, each.of(text)), default=None)
    if best is None or _likeness(quote, best.of(text)) < _LEAST_LIKENESS or addresses_machine(best.of(text)):
        return None
    return best


def _shared(wanted: set[str], text: str) -> float:
    own = set(_WORD.findall(text.lower()))
    return len(wanted & own) / (len(wanted | own) or 1)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
