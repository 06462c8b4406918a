"""Units: what a number counts, and the words and signs that say so."""

from __future__ import annotations

import re
from functools import cache

from index.language.language import Language
from index.language.patterns import any_of

PERCENT = "%"
ORDINAL = "#"

# One of two units, where a sign stands for either.
_EITHER = {"yuan or yen": frozenset({"yuan", "yen"})}
_GAP = re.compile(r"[\s-]+")


@cache
def behind(language: Language) -> str:
    """Return the source of the regular expression of a unit that is written behind a number."""
    return any_of(map(_pattern, sorted(language.units.behind, key=len, reverse=True)))


@cache
def before(language: Language) -> str:
    """Return the source of the regular expression of a unit that is written before a number."""
    return any_of(map(re.escape, sorted(language.units.before, key=len, reverse=True)))


def unit_of(written: str, language: Language) -> str:
    """Return the unit that is written so, as `behind` or `before` matches it."""
    plain = written.lower()
    return language.units.before.get(plain) or language.units.behind[_GAP.sub("-", plain)]


def rates(text: str, language: Language) -> frozenset[str]:
    """Return the spans of time that something is counted by in a text: "month" for "$6 a month" and for "monthly"."""
    return frozenset(span for rate, span in _rates(language) if rate.search(text))


def compatible(one: str | None, other: str | None) -> bool:
    """Whether both may count the same: they do, or it is not known what one of them counts."""
    if one == other:
        return True
    if ORDINAL in (one, other):
        return False
    return one is None or other is None or other in _EITHER.get(one, ()) or one in _EITHER.get(other, ())


def _pattern(written: str) -> str:
    pattern = re.escape(written).replace(r"\-", r"[\s-]+")
    return rf"{pattern}\b" if written.isascii() and written[-1].isalnum() else pattern


@cache
def _rates(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rate, re.IGNORECASE), span) for rate, span in language.units.rates.items())
