"""Deleted: what was said in a channel and deleted there since it was indexed is shown to nobody.

The index lets go of it with its next generation, and an earlier one that somebody goes back to has it again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Protocol

from bot.answering.answer import Answer, Citation
from bot.answering.keeping.forgetting import is_message, messages_in, without_messages
from index.hits import SearchResult


class KnowsMessages(Protocol):
    """What knows which messages there are: the channels that are indexed."""

    def missing(self, messages: Collection[int]) -> frozenset[int]:
        """Return those messages that are not kept, or not any more."""


def of_answer(answer: Answer, channels: KnowsMessages) -> Answer:
    """Return an answer without what it says by messages that are deleted, and shows of them."""
    said = messages_in(answer)
    return without_messages(answer, channels.missing(said)) if said else answer


def of_result(result: SearchResult, channels: KnowsMessages) -> SearchResult:
    """Return what was found but for messages that are deleted, ranked anew."""
    said = {
        hit.passage.id: place.number
        for hit in result.hits
        if (place := hit.passage.place) and is_message(hit.document, place)
    }
    gone = channels.missing(said.values()) if said else frozenset()
    if not gone:
        return result
    left = (hit for hit in result.hits if said.get(hit.passage.id) not in gone)
    return replace(result, hits=tuple(replace(hit, rank=rank) for rank, hit in enumerate(left, start=1)))


def is_deleted(citation: Citation, channels: KnowsMessages) -> bool:
    """Return whether a citation quotes a message that is deleted."""
    place = citation.place
    return place is not None and is_message(citation.document, place) and bool(channels.missing([place.number]))
