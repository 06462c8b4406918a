"""Opposites: pairs of words of which a statement may not say one where its quote says the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from bot.answering.verifying.rejection import Rejection, RejectionReason
from index.language.analysis import Analysis, Token, stem_of
from index.language.language import Language

Around = tuple[list[str], list[str]]
# The number of a pair, and which side of it, 0 or 1.
Side = tuple[int, int]

_NEAR = 3
_LEAST_SHARED = 2
_SHORTEST_DENIED = 4


def contradictions(
    statement: Analysis, quote: Analysis, denied: frozenset[int], their_denied: frozenset[int]
) -> Iterator[Rejection]:
    """Yield each word of the statement of which the quote, on the same matter, says the opposite.

    The matter is the same where the next word is, or two words near are. A word that is denied says the opposite of
    itself, and is left alone.

    Args:
        statement: What is said.
        quote: What it is held to.
        denied: The starts of the words that the statement denies.
        their_denied: The starts of the words that the quote denies.

    """
    for place, token in enumerate(statement.tokens):
        if token.folded in quote.folded or token.start in denied:
            continue
        for other_place, other in enumerate(quote.tokens):
            if other.start in their_denied or not _are_opposites(token.folded, other.folded, statement, quote):
                continue
            if _is_one_matter(_around(statement.tokens, place), _around(quote.tokens, other_place)):
                yield Rejection(RejectionReason.REPLACED, token.text, other.text)
                break


def has_opposite(stems: frozenset[str], others: frozenset[str], language: Language, code: str) -> bool:
    """Tell whether the opposite of one of these words is among the others.

    Args:
        stems: The stems of the words.
        others: The stems of the others.
        language: The language whose pairs of opposites are known.
        code: The language (ISO 639-1) by which the others were stemmed.

    """
    opposite = _opposite_stems(language, code)
    return any(opposite.get(stem, frozenset()) & others for stem in stems)


def sides(word: str, language: Language) -> frozenset[Side]:
    """Return the sides of pairs that a folded word belongs to."""
    return _sides(language).get(word, frozenset())


@cache
def _sides(language: Language) -> Mapping[str, frozenset[Side]]:
    found: dict[str, frozenset[Side]] = {}
    for number, pair in enumerate(language.opposites.pairs):
        for side, words in enumerate(pair):
            for word in words:
                found[word] = found.get(word, frozenset()) | {(number, side)}
    return found


@cache
def _opposite_stems(language: Language, code: str) -> Mapping[str, frozenset[str]]:
    stems = [tuple({stem_of(word, code) for word in side} - {""} for side in pair) for pair in language.opposites.pairs]
    found: dict[str, frozenset[str]] = {}
    for one, other in stems:
        for stem in one:
            found[stem] = found.get(stem, frozenset()) | other
        for stem in other:
            found[stem] = found.get(stem, frozenset()) | one
    return found


def _are_opposites(word: str, other: str, statement: Analysis, quote: Analysis) -> bool:
    """Return whether two words are opposites, and neither text has both sides of the pair."""
    language = statement.language
    if _denies(word, other, language) or _denies(other, word, language):
        return other not in statement.folded
    other_sides = sides(other, language)
    for number, side in sides(word, language):
        if (number, 1 - side) in other_sides:
            return not any((number, side) in sides(each, language) for each in quote.folded) and not any(
                (number, 1 - side) in sides(each, language) for each in statement.folded
            )
    return False


def _denies(word: str, other: str, language: Language) -> bool:
    """Return whether a word is another with a prefix that denies it, such as "unapproved"."""
    known = language.opposites
    if len(other) < _SHORTEST_DENIED or len(word) <= len(other) or not word.endswith(other) or word in known.exceptions:
        return False
    prefix = word[: -len(other)].rstrip("-")
    return prefix in known.prefixes or (prefix in known.adjective_prefixes and other.endswith(known.adjective_endings))


def _is_one_matter(around: Around, other: Around) -> bool:
    (before, after), (other_before, other_after) = around, other
    if (before[-1:] and before[-1:] == other_before[-1:]) or (after[:1] and after[:1] == other_after[:1]):
        return True
    return len({*before, *after} & {*other_before, *other_after}) >= _LEAST_SHARED


def _around(tokens: Sequence[Token], place: int) -> Around:
    """Return the stems of the few words before and after a place."""
    before = [token.stem for token in tokens[max(0, place - 3 * _NEAR) : place] if token.stem]
    after = [token.stem for token in tokens[place + 1 : place + 3 * _NEAR] if token.stem]
    return before[-_NEAR:], after[:_NEAR]
