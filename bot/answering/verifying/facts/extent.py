"""Extent: what a text says of all, or of one alone, and whether another text says it of so many."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.verifying.rejection import Rejection, RejectionReason
from index.language.analysis import Analysis


def widened(statement: Analysis, quote: Analysis) -> Iterator[Rejection]:
    """Yield each word of a statement by which it says of all, or of one alone, what its quote says of some."""
    certainty = statement.language.certainty
    for place, token in enumerate(statement.tokens):
        before = statement.tokens[place - 1].folded if place else ""
        for telling, extent in certainty.extents:
            if token.folded in telling and before not in certainty.idle_before and not extent & quote.folded:
                yield Rejection(RejectionReason.EXTENT, token.text)
