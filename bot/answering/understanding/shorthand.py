"""Shorthand: what people type in a hurry, written out as documents write it: "q3", "57bn", "15pct", "whats", "w"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from index.language.language import Language, Shorthand
from index.language.patterns import any_of, any_word, compiled, longest_first

_REPEATED = re.compile(r"([?!])[?!]+")
_QUARTER = compiled(r"\b(?:Q([1-4])|([1-4])Q)(?![^\W\d_])")
# "H20" and "H1" are names too: before a year it is half of one.
_HALF = compiled(r"\bH([12])(?= (?:[a-z]+ )?\d{4}\b)|\b([12])H(?![^\W_])")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The shorthand of one language: a number with its scale, a percentage, a contraction, a clipped word."""

    scaled: re.Pattern[str]
    percent: re.Pattern[str]
    contraction: re.Pattern[str]
    clipped: re.Pattern[str]


def written_out(question: str, language: Language) -> str:
    """Give a question with its quarters, scales, percentages and chat words as documents mostly write them.

    "nvda q3 rev??" becomes "nvda third quarter revenue?". Only small letters are taken for a chat word: "R" is a name.
    """
    table, patterns = language.shorthand, _patterns(language)
    text = _REPEATED.sub(lambda match: match[1], question)
    text = _QUARTER.sub(lambda match: _part(table.quarters, match), text)
    text = _HALF.sub(lambda match: _part(table.halves, match), text)
    text = patterns.scaled.sub(lambda match: _scaled(table, match), text)
    text = patterns.percent.sub("%", text)
    text = patterns.contraction.sub(lambda match: match[0][0] + table.contractions[match[0].lower()][1:], text)
    return patterns.clipped.sub(lambda match: table.clipped[match[0]], text)


def _part(parts: Mapping[str, int], match: re.Match[str]) -> str:
    number = int(match[1] or match[2])
    return next((name for name, place in parts.items() if place == number), match[0])


def _scaled(table: Shorthand, match: re.Match[str]) -> str:
    written, is_money = match["scale"], bool(match["money"])
    # "5 m" may be metres and "4 k" a resolution: alone, one letter is a scale only of money or right behind a number.
    if len(written) == 1 and not is_money and (match[0][-2] == " " or written.lower() == "m"):
        return match[0]
    return f"{match['money']}{match['digits']} {table.scales[written.lower()]}"


@cache
def _patterns(language: Language) -> _Patterns:
    table = language.shorthand
    scale = any_of(longest_first(table.scales))
    return _Patterns(
        scaled=compiled(rf"(?<![^\W_])(?P<money>[$€£¥]?)(?P<digits>\d+(?:[.,]\d+)*) ?(?P<scale>{scale})\b(?!\.\w)"),
        percent=compiled(rf"(?<=\d) ?{any_of(longest_first(table.percent))}\b\.?"),
        contraction=compiled(any_word(table.contractions)),
        clipped=re.compile(rf"(?<![\w/.'’-]){any_of(longest_first(table.clipped))}(?![\w/'’-]|\.\w)"),
    )
