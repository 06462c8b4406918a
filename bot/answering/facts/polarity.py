"""Polarity: what a text denies, and whether another text denies the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.facts.opposites import OPPOSITES
from bot.answering.facts.words import Word

_DENYING = frozenset(
    "not no never neither nor none nobody nothing nowhere without cannot hardly scarcely barely unable lack lacks "
    "lacked lacking deny denies denied denying".split()
)
_DENYING_BEFORE_TO = frozenset("fail fails failed failing refuse refuses refused refusing decline declined".split())
# What follows "not" or "no" where nothing is denied: "not only", "no more than".
_NOT_DENIED = frozenset("only just merely simply until doubt more less fewer later earlier matter".split())
_SCOPE = 4


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, and the stems of what it denies, the nearest first."""

    word: Word
    scope: tuple[str, ...]


def denials(words: Sequence[Word]) -> tuple[Denial, ...]:
    """Return what is denied in a text that consists of these words."""
    return tuple(Denial(word, _scope(words, place)) for place, word in enumerate(words) if _denies(words, place))


def is_denying(word: str) -> bool:
    """Return whether a folded word denies by itself."""
    return word in _DENYING or word.endswith("n't")


def contradictions(statement: Sequence[Word], quote: Sequence[Word]) -> Iterator[str]:
    """Yield what the statement denies and the quote does not, and the other way round."""
    said, denied = denials(statement), denials(quote)
    quoted = {word.stem for word in quote if word.stem}
    stated = {word.stem for word in statement if word.stem}
    for denial in said:
        scope = set(denial.scope)
        if any(scope & set(other.scope) for other in denied) or _has_opposite(scope, quoted):
            continue
        if not denied or scope & quoted:
            yield f'the negation of "{_first(statement, denial)}"'
    affirmed = quoted - {stem for other in denied for stem in other.scope}
    for denial in denied:
        scope = set(denial.scope)
        if not scope or any(scope & set(other.scope) for other in said) or _has_opposite(scope, stated):
            continue
        head = denial.scope[0]
        if head in stated and head not in affirmed and 2 * len(scope & stated) >= len(scope):
            yield f'"{_first(quote, denial)}" without its negation'


def _first(words: Sequence[Word], denial: Denial) -> str:
    after = (word.text for word in words if word.start > denial.word.start and word.stem in denial.scope)
    return next(after, denial.word.text)


def _denies(words: Sequence[Word], place: int) -> bool:
    word = words[place].folded
    following = words[place + 1].folded if place + 1 < len(words) else ""
    if word in _DENYING_BEFORE_TO:
        return following == "to"
    if not is_denying(word):
        return False
    return following not in _NOT_DENIED and not (word == "no" and following.isdecimal())


def _scope(words: Sequence[Word], place: int) -> tuple[str, ...]:
    clause = words[place].clause
    found = []
    for word in words[place + 1 : place + 1 + 3 * _SCOPE]:
        if word.clause != clause or len(found) == _SCOPE:
            break
        if word.stem:
            found.append(word.stem)
    return tuple(found)


def _has_opposite(stems: set[str], others: set[str]) -> bool:
    return any(OPPOSITES.get(stem, frozenset()) & others for stem in stems)
