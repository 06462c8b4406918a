"""Hedges: what a text only says may be, and whether another text makes a fact of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from bot.answering.verifying.facts.words import Word

_HEDGES = frozenset(
    ["may", "might", "could", "allegedly", "alleged", "reportedly", "rumored", "rumoured", "considering"]
)
_HEDGES_BEFORE_TO = frozenset(
    ["plan", "plans", "planned", "planning", "intends", "intended", "hopes", "hoped", "aims", "expected", "proposed"]
)
# "A second trial is planned": what is hedged stands before it.
_HEDGES_BEHIND = frozenset(["planned", "proposed"])
_BE = frozenset(["is", "are", "was", "were", "been", "be"])
_FUTURE = frozenset(["will", "shall"])
_AUXILIARIES = frozenset(["have", "has", "had", "been", "to"])
# With one of these a statement leaves open what it says as well.
_LEAVE_OPEN = """
can would should will possible possibly potential potentially likely unlikely perhaps probably sometimes said says claim
claims claimed believed believe believes according if unless seem seems seemed thought suggest suggests suggested
expects expected suspected accused appears appear appeared capable able option options ability chance risk proposal
consider considered plan intend intention hope aim goal expectation propose proposes proposed allow allowed allows
permit permitted permits able possibility theory hypothesis speculated estimated whether or cannot
"""


def made_certain(statement: Sequence[Word], quote: Sequence[Word]) -> Iterator[str]:
    """Yield what the quote only says may be, or is planned or to come, and the statement says is so or was."""
    if any(word.folded in _open_words() for word in statement):
        return
    stems = {word.stem for word in statement if word.stem}
    counts = Counter(word.stem for word in quote)
    past = {word.stem for word in statement if word.folded.endswith("ed")}
    for place, hedge in enumerate(quote):
        scope = _scope(quote, place)
        if hedge.folded in _FUTURE and not _is_to_come(scope, past):
            continue
        if len(scope) == 2 and all(word.stem in stems and counts[word.stem] == 1 for word in scope):
            yield f'the certainty of "{scope[0].text}"'


def _scope(words: Sequence[Word], place: int) -> list[Word]:
    """Return the two words that carry meaning that the word at this place hedges, none where it hedges nothing."""
    if _hedges(words, place) or words[place].folded in _FUTURE:
        near = words[place + 1 : place + 7]
    elif words[place].folded in _HEDGES_BEHIND and place and words[place - 1].folded in _BE:
        near = words[max(0, place - 6) : place][::-1]
    else:
        return []
    own = (word for word in near if word.clause == words[place].clause)
    return [word for word in own if word.stem and word.folded not in _AUXILIARIES][:2]


def _is_to_come(scope: Sequence[Word], past: set[str]) -> bool:
    """Return whether a statement tells as past what is to come: "it reviewed" for "it will review".

    Manuals say "it will open" of what it opens now, and "it will be opened" of what is opened.
    """
    return bool(scope) and scope[0].stem in past and not scope[0].folded.endswith("ed")


@cache
def _open_words() -> frozenset[str]:
    return _HEDGES | _HEDGES_BEFORE_TO | frozenset(_LEAVE_OPEN.split())


def _hedges(words: Sequence[Word], place: int) -> bool:
    word = words[place]
    following = words[place + 1].folded if place + 1 < len(words) else ""
    if word.text == "May":
        return False
    return word.folded in _HEDGES or (word.folded in _HEDGES_BEFORE_TO and following == "to")
