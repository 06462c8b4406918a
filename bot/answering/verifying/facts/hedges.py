"""Hedges: what a text only says may be, and whether another text makes a fact of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.answering.verifying.rejection import Rejection, RejectionReason
from index.language.analysis import Analysis, Token
from index.language.language import Certainty

_FARTHEST = 6


def made_certain(statement: Analysis, quote: Analysis) -> Iterator[Rejection]:
    """Yield each word that the statement states as a fact and the quote as possible, planned or to come."""
    certainty = statement.language.certainty
    if statement.folded & (certainty.hedges | certainty.hedges_before_infinitive | certainty.leaves_open):
        return
    counts = Counter(token.stem for token in quote.tokens)
    past = {token.stem for token in statement.tokens if token.folded.endswith(certainty.past)}
    for place, hedge in enumerate(quote.tokens):
        scope = _scope(quote, place)
        if hedge.folded in certainty.future and not _is_to_come(scope, past, certainty):
            continue
        if len(scope) == 2 and all(token.stem in statement.stems and counts[token.stem] == 1 for token in scope):
            yield Rejection(RejectionReason.CERTAINTY, scope[0].text)


def _scope(text: Analysis, place: int) -> list[Token]:
    """Return the two words that carry meaning that the word at this place hedges, none where it hedges nothing."""
    tokens, certainty = text.tokens, text.language.certainty
    hedge = tokens[place]
    if _hedges(text, place) or hedge.folded in certainty.future:
        near: Sequence[Token] = tokens[place + 1 : place + 1 + _FARTHEST]
    elif hedge.folded in certainty.hedges_behind and place and tokens[place - 1].folded in certainty.be:
        near = tokens[max(0, place - _FARTHEST) : place][::-1]
    else:
        return []
    own = (token for token in near if token.clause == hedge.clause)
    return [token for token in own if token.stem and token.folded not in certainty.perfect][:2]


def _is_to_come(scope: Sequence[Token], past: set[str], certainty: Certainty) -> bool:
    """Return whether a statement tells as past what is to come: "it reviewed" for "it will review".

    Manuals say "it will open" of what it opens now, and "it will be opened" of what is opened.
    """
    return bool(scope) and scope[0].stem in past and not scope[0].folded.endswith(certainty.past)


def _hedges(text: Analysis, place: int) -> bool:
    token, certainty = text.tokens[place], text.language.certainty
    following = text.tokens[place + 1].folded if place + 1 < len(text.tokens) else ""
    if token.folded in text.language.calendar.doubtful_months and token.text[0].isupper():
        return False
    return token.folded in certainty.hedges or (
        token.folded in certainty.hedges_before_infinitive and following in text.language.negation.infinitive
    )
