"""Pairing: what each number of a text is said of, and whether another text gives it to something else."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.answering.verifying.facts import numbers
from bot.answering.verifying.facts.numbers import Number
from bot.answering.verifying.facts.words import Word

# Long texts are not compared: that takes time in the square of their length.
_LONGEST = 100
_SENTENCE_END = re.compile(r"[.!?]\s|[。！？\n]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a sentence: which sentence, the numbers in it, and the stems of its other words."""

    sentence: int
    numbers: tuple[Number, ...]
    stems: frozenset[str]


def stretches(text: str, words: Sequence[Word], found: Sequence[Number]) -> tuple[Stretch, ...]:
    """Return the parts of a text: its clauses, each parted at an "and" that stands between two numbers."""
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    return tuple(
        _stretch(bisect(ends, part[0].start), part, found)
        for _, clause in groupby(words, key=lambda word: word.clause)
        for part in _parted(tuple(clause), found)
    )


def mispaired(said: Sequence[Stretch], quoted: Sequence[Stretch]) -> Iterator[str]:
    """Yield each number that a statement gives to what its quote gives another one in the same sentence.

    "Wax costs 5 euros" is no report of "Honey costs 5 euros, and wax costs 9 euros".
    """
    if max(len(said), len(quoted)) > _LONGEST:
        return
    for stretch in said:
        for number in stretch.numbers:
            own = [other for other in quoted if numbers.is_supported(number, other.numbers)]
            for stem in sorted(stretch.stems) if own else ():
                places = [other for other in quoted if stem in other.stems]
                near = {place.sentence for place in places} & {place.sentence for place in own}
                if near and all(_has_rival(number, place, stretch) for place in places):
                    yield f'the number {number.text} for "{stem}"'
                    break


def _has_rival(number: Number, place: Stretch, stretch: Stretch) -> bool:
    """Return whether a part of the quote has another number of that unit, none that stands in the stretch as well."""
    if numbers.is_supported(number, place.numbers):
        return False
    unit = number.readings[0][1]
    alike = [other for other in place.numbers if other.readings[0][1] == unit]
    return bool(alike) and not any(numbers.is_supported(other, stretch.numbers) for other in alike)


def _stretch(sentence: int, words: Sequence[Word], found: Sequence[Number]) -> Stretch:
    start, end = words[0].start, words[-1].end
    own = tuple(number for number in found if start <= number.start < end and not number.is_weak)
    stems = (word.stem for word in words if not any(number.start <= word.start < number.end for number in own))
    return Stretch(sentence, own, frozenset(stems) - {""})


def _parted(words: Sequence[Word], found: Sequence[Number]) -> Iterator[Sequence[Word]]:
    begin = 0
    for place, word in enumerate(words):
        if word.folded in ("and", "while", "whereas") and place > begin:
            start, end = words[begin].start, words[-1].end
            if any(start <= number.start < word.start for number in found) and any(
                word.start < number.start < end for number in found
            ):
                yield words[begin:place]
                begin = place
    yield words[begin:]
