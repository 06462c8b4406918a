"""Pairing: what each number of a text is said of, and whether another text gives it to something else."""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from bot.answering.verifying.facts import numbers
from bot.answering.verifying.facts.numbers import Number
from bot.answering.verifying.rejection import Rejection, RejectionReason
from index.language.analysis import Analysis, Token

# Long texts are not compared: that takes time in the square of their length.
_LONGEST = 100
_SENTENCE_END = re.compile(r"[.!?]\s|[。！？\n]")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, or a part of one: which sentence, the numbers in it, and the stems of its other words."""

    sentence: int
    numbers: tuple[Number, ...]
    stems: frozenset[str]


def clauses(text: Analysis, found: Sequence[Number]) -> tuple[Clause, ...]:
    """Return the clauses of a text, each parted at an "and" that stands between two of the numbers found in it."""
    ends = [match.start() for match in _SENTENCE_END.finditer(text.normal)]
    parting = text.language.names.conjunctions | text.language.certainty.contrasts
    return tuple(
        _clause(bisect(ends, part[0].start), part, found)
        for _, tokens in groupby(text.tokens, key=lambda token: token.clause)
        for part in _parted(tuple(tokens), found, parting)
    )


def mispaired(said: Sequence[Clause], quoted: Sequence[Clause]) -> Iterator[Rejection]:
    """Yield each number that a statement gives to what its quote gives another one in the same sentence.

    "Wax costs 5 euros" is no report of "Honey costs 5 euros, and wax costs 9 euros".
    """
    if max(len(said), len(quoted)) > _LONGEST:
        return
    for clause in said:
        for number in clause.numbers:
            own = [other for other in quoted if numbers.is_supported(number, other.numbers)]
            for stem in sorted(clause.stems) if own else ():
                places = [other for other in quoted if stem in other.stems]
                near = {place.sentence for place in places} & {place.sentence for place in own}
                if near and all(_has_rival(number, place, clause) for place in places):
                    yield Rejection(RejectionReason.NUMBER_OF_ANOTHER, number.text, stem)
                    break


def _has_rival(number: Number, place: Clause, clause: Clause) -> bool:
    """Return whether a part of the quote has another number of that unit, none that stands in the clause as well."""
    if numbers.is_supported(number, place.numbers):
        return False
    unit = number.readings[0][1]
    alike = [other for other in place.numbers if other.readings[0][1] == unit]
    return bool(alike) and not any(numbers.is_supported(other, clause.numbers) for other in alike)


def _clause(sentence: int, tokens: Sequence[Token], found: Sequence[Number]) -> Clause:
    begin, end = _places(found, tokens[0].start, tokens[-1].end)
    own = tuple(number for number in found[begin:end] if not number.is_weak)
    return Clause(sentence, own, frozenset(token.stem for token in _outside(tokens, own)) - {""})


def _outside(tokens: Sequence[Token], own: Sequence[Number]) -> Iterator[Token]:
    """Yield the tokens that are no part of a number; both are in the order of the text."""
    reached = coming = 0
    for token in tokens:
        while coming < len(own) and own[coming].start <= token.start:
            reached = max(reached, own[coming].end)
            coming += 1
        if token.start >= reached:
            yield token


def _parted(tokens: Sequence[Token], found: Sequence[Number], parting: frozenset[str]) -> Iterator[Sequence[Token]]:
    begin = 0
    for place, token in enumerate(tokens):
        if token.folded in parting and place > begin:
            first, here = _places(found, tokens[begin].start, token.start)
            after, last = _places(found, token.start + 1, tokens[-1].end)
            if first < here and after < last:
                yield tokens[begin:place]
                begin = place
    yield tokens[begin:]


def _places(found: Sequence[Number], start: int, end: int) -> tuple[int, int]:
    """Return which of the numbers, which are in the order of the text, begin in a stretch of it."""
    begins = attrgetter("start")
    return bisect_left(found, start, key=begins), bisect_left(found, end, key=begins)
