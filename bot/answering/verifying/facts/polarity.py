"""Polarity: what a text denies, and whether another text denies the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.verifying.facts import opposites
from bot.answering.verifying.facts.words import Word, has_han

_DENYING_WORDS = """
not no never neither nor none nobody nothing nowhere without cannot hardly scarcely barely unable lack lacks lacked
lacking deny denies denied denying
"""
_DENYING = frozenset(_DENYING_WORDS.split())
_DENYING_BEFORE_TO = frozenset(
    ["fail", "fails", "failed", "failing", "refuse", "refuses", "refused", "refusing", "decline", "declined"]
)
# What follows "not" or "no" where nothing is denied: "not only", "no more than".
_DENIES_NOTHING_BEFORE = frozenset(
    ["only", "just", "merely", "simply", "until", "doubt", "more", "less", "fewer", "later", "earlier", "matter"]
)
_HAN_DENYING = re.compile("[不没沒無无未非别別勿]")
# Chinese words in which these characters deny nothing.
_HAN_DENYING_NOTHING = re.compile(
    "不[仅僅但过過同断斷久少论論管满滿幸安错錯足]|差不多|不得不|无[论锡数疑]|無[論錫數疑]|未[来來]|非[常洲凡]|[除莫是]非|[别別][人的墅]"
    "|[特分区區级級性個个类類辨差告識识][别別]|[没沒][收落]|[沉淹出埋][没沒]"
)
# "No longer" and "not yet" deny what comes behind them.
_PART_OF_DENYING = frozenset(["longer", "yet", "ever", "even"])
_SCOPE = 4


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, and the words that it denies, the nearest first."""

    word: Word
    denied: tuple[Word, ...]

    @property
    def scope(self) -> frozenset[str]:
        """The stems of what is denied."""
        return frozenset(word.stem for word in self.denied)


def denials(text: str, words: Sequence[Word]) -> tuple[Denial, ...]:
    """Return what is denied in a normal text that consists of these words."""
    idle = {place for match in _HAN_DENYING_NOTHING.finditer(text) for place in range(*match.span())}
    return tuple(
        Denial(word, _denied(words, place))
        for place, word in enumerate(words)
        if _denies(words, place) and word.start not in idle
    )


def contradictions(
    said: Sequence[Denial], statement: Sequence[Word], quoted: Sequence[Denial], quote: Sequence[Word]
) -> Iterator[str]:
    """Yield what the statement denies and its quote does not, the other way round, and where it says the opposite."""
    stems = {word.stem for word in statement if word.stem}
    their_stems = {word.stem for word in quote if word.stem}
    yield from _put_in(said, quoted, their_stems)
    yield from _left_out(said, quoted, stems, quote)
    yield from opposites.contradictions(statement, quote, _starts(said), _starts(quoted))


def is_denying(word: Word) -> bool:
    """Return whether a word may deny what follows it."""
    return word.folded in _DENYING or word.folded.endswith("n't") or _HAN_DENYING.fullmatch(word.text) is not None


def _put_in(said: Sequence[Denial], quoted: Sequence[Denial], their_stems: set[str]) -> Iterator[str]:
    denied = frozenset().union(*(other.scope for other in quoted))
    for denial in said:
        if denial.scope & denied or opposites.has_opposite(denial.scope, their_stems):
            continue
        if not quoted or denial.scope & their_stems:
            yield f'the negation of "{_named(denial)}"'


def _left_out(
    said: Sequence[Denial], quoted: Sequence[Denial], stems: set[str], quote: Sequence[Word]
) -> Iterator[str]:
    denied, said_denied = _starts(quoted), frozenset().union(*(other.scope for other in said))
    affirmed = {word.stem for word in quote if word.start not in denied}
    for denial in quoted:
        if not denial.denied or denial.scope & said_denied:
            continue
        # The first pair of Chinese characters is more often a piece of a word than the word that is denied.
        heads = denial.scope if has_han(denial.word.text) else {denial.denied[0].stem}
        shared = len(denial.scope & stems)
        is_said = heads & stems - affirmed and 2 * shared >= len(denial.scope)
        # What is said of another thing as well is denied here of all that stands in the scope.
        is_said = is_said or (len(denial.scope) > 2 and denial.scope <= stems and bool(denial.scope - affirmed))
        if is_said and not opposites.has_opposite(denial.scope, stems):
            yield f'"{_named(denial)}" without its negation'


def _starts(found: Sequence[Denial]) -> frozenset[int]:
    return frozenset(word.start for denial in found for word in denial.denied)


def _named(denial: Denial) -> str:
    if not denial.denied:
        return denial.word.text
    first = denial.denied[0]
    return first.stem if has_han(first.text) else first.text


def _denies(words: Sequence[Word], place: int) -> bool:
    word = words[place]
    following = words[place + 1].folded if place + 1 < len(words) else ""
    if word.folded in _DENYING_BEFORE_TO:
        return following == "to"
    if not is_denying(word) or following in _DENIES_NOTHING_BEFORE:
        return False
    return not (word.folded == "no" and following.isdecimal())


def _denied(words: Sequence[Word], place: int) -> tuple[Word, ...]:
    clause = words[place].clause
    following = words[place + 1 : place + 1 + 3 * _SCOPE]
    near = (each for each in following if each.clause == clause and each.stem and each.folded not in _PART_OF_DENYING)
    return tuple(word for word, _ in zip(near, range(_SCOPE), strict=False))
