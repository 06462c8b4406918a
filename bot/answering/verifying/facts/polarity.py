"""Polarity: what a text denies, and whether another text denies the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.answering.verifying.facts import opposites
from bot.answering.verifying.rejection import Rejection, RejectionReason
from index.language.analysis import Analysis, Token
from index.language.language import Language
from index.language.patterns import any_of, compiled
from index.language.scripts import has_han

_LONGEST_SCOPE = 4


@dataclass(frozen=True, slots=True)
class NegationScope:
    """A word that denies, and the words in its scope, which it denies, the nearest first."""

    word: Token
    denied: tuple[Token, ...]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of what is denied."""
        return frozenset(token.stem for token in self.denied)


def negations(text: Analysis) -> tuple[NegationScope, ...]:
    """Return the scope of each negation in a text, in order."""
    idle = {place for match in _idle(text.language).finditer(text.normal) for place in range(*match.span())}
    return tuple(
        NegationScope(token, _denied(text, place))
        for place, token in enumerate(text.tokens)
        if token.start not in idle and _denies(text, place)
    )


def contradictions(
    statement: Analysis, said: Sequence[NegationScope], quote: Analysis, quoted: Sequence[NegationScope]
) -> Iterator[Rejection]:
    """Yield each word that only one of the two denies, and each of which the statement says the opposite.

    Args:
        statement: What is said.
        said: The negations in it.
        quote: What it is held to.
        quoted: The negations in that.

    """
    yield from _added(statement.language, said, quoted, quote)
    yield from _dropped(statement, said, quoted, quote)
    yield from opposites.contradictions(statement, quote, _starts(said), _starts(quoted))


def _added(
    language: Language, said: Sequence[NegationScope], quoted: Sequence[NegationScope], quote: Analysis
) -> Iterator[Rejection]:
    denied = frozenset().union(*(other.stems for other in quoted))
    for each in said:
        if each.stems & denied or opposites.has_opposite(each.stems, quote.stems, language, quote.code):
            continue
        if not quoted or each.stems & quote.stems:
            yield Rejection(RejectionReason.NEGATION_ADDED, _named(each))


def _dropped(
    statement: Analysis, said: Sequence[NegationScope], quoted: Sequence[NegationScope], quote: Analysis
) -> Iterator[Rejection]:
    stems = statement.stems
    denied, said_denied = _starts(quoted), frozenset().union(*(other.stems for other in said))
    affirmed = {token.stem for token in quote.tokens if token.start not in denied}
    for each in quoted:
        if not each.denied or each.stems & said_denied:
            continue
        # The first pair of Chinese characters is more often a piece of a word than the word that is denied.
        heads = each.stems if has_han(each.word.text) else {each.denied[0].stem}
        shared = len(each.stems & stems)
        is_said = heads & stems - affirmed and 2 * shared >= len(each.stems)
        # What is said of another thing as well is denied here of all that stands in the scope.
        is_said = is_said or (len(each.stems) > 2 and each.stems <= stems and bool(each.stems - affirmed))
        if is_said and not opposites.has_opposite(each.stems, stems, quote.language, statement.code):
            yield Rejection(RejectionReason.NEGATION_DROPPED, _named(each))


def _starts(found: Sequence[NegationScope]) -> frozenset[int]:
    return frozenset(token.start for each in found for token in each.denied)


def _named(found: NegationScope) -> str:
    if not found.denied:
        return found.word.text
    first = found.denied[0]
    return first.stem if has_han(first.text) else first.text


def _denies(text: Analysis, place: int) -> bool:
    token, negation = text.tokens[place], text.language.negation
    following = text.tokens[place + 1] if place + 1 < len(text.tokens) else None
    if token.folded in negation.before_infinitive:
        return following is not None and following.folded in negation.infinitive
    if not token.is_negation:
        return False
    if following is None or following.folded in negation.idle_before:
        return following is None
    return not (token.folded in negation.numbering and following.is_number)


def _denied(text: Analysis, place: int) -> tuple[Token, ...]:
    clause, continuing = text.tokens[place].clause, text.language.negation.continuing
    following = text.tokens[place + 1 : place + 1 + 3 * _LONGEST_SCOPE]
    near = (each for each in following if each.clause == clause and each.stem and each.folded not in continuing)
    return tuple(token for token, _ in zip(near, range(_LONGEST_SCOPE), strict=False))


@cache
def _idle(language: Language) -> re.Pattern[str]:
    return compiled(any_of(language.negation.idle))
