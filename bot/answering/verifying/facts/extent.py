"""Extent: what a text says of all, or of one alone, and whether another text says it of so many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answering.verifying.facts.words import Word

# Each line is one extent, in the ways to say it.
_EXTENTS = tuple(
    frozenset(line.split())
    for line in """
only solely exclusively alone sole just merely limited
all every everyone everybody everything each any whole entire entirely both always completely full fully total totally
always ever every each constantly consistently invariably all whenever continuously
""".strip().splitlines()
)
_TELLING = ("only", "solely", "exclusively"), ("all", "every", "everyone", "everybody", "everything"), ("always",)
# Here "all" and "only" count nothing: "above all", "only recently".
_IDLE_BEFORE = frozenset(["above", "after", "at", "not", "of", "in", "first", "if", "overall"])


def widened(statement: Sequence[Word], quote: Sequence[Word]) -> Iterator[str]:
    """Yield each word of a statement by which it says of all, or of one alone, what its quote says of some."""
    theirs = {word.folded for word in quote}
    for place, word in enumerate(statement):
        before = statement[place - 1].folded if place else ""
        for telling, extent in zip(_TELLING, _EXTENTS, strict=True):
            if word.folded in telling and before not in _IDLE_BEFORE and not extent & theirs:
                yield f'the "{word.text}"'
