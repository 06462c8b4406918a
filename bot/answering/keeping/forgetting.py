"""Forgetting: what of an answer is left once messages that it quotes were deleted."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.answering.answer import Answer, Status
from index.documents import DocumentMetadata, Place
from index.messages import is_channel

# What stands in the JSON of an answer that quotes or shows a message.
MESSAGE_IN_JSON = '"kind":"message"'


def without_messages(answer: Answer, messages: AbstractSet[int]) -> Answer:
    """Return an answer without what it says by, quotes from and shows of these messages; itself where that is nothing.

    The citations that are left keep their numbers.
    """
    gone = {citation.number for citation in answer.citations if _is_of(citation.place, messages)}
    nearest = tuple(hit for hit in answer.nearest if not _is_of(hit.passage.place, messages))
    if not gone and len(nearest) == len(answer.nearest):
        return answer
    statements = tuple(each for each in answer.statements if gone.isdisjoint(each.citations))
    citations = tuple(each for each in answer.citations if each.number not in gone)
    status = answer.status if statements or not answer.statements else Status.NOT_FOUND
    return replace(answer, status=status, statements=statements, citations=citations, nearest=nearest)


def without_references(answer: Answer) -> Answer:
    """Return an answer in which a message stands under its author alone, and not under the words that it replies to.

    Who said those may delete them, and nobody would know where they are kept.
    """
    places = [*(each.place for each in answer.citations), *(hit.passage.place for hit in answer.nearest)]
    if not any(place and place.kind == "message" for place in places):
        return answer
    citations = tuple(replace(each, heading=_own(each.place, each.heading)) for each in answer.citations)
    nearest = tuple(
        replace(hit, passage=replace(hit.passage, heading=_own(hit.passage.place, hit.passage.heading)))
        for hit in answer.nearest
    )
    return replace(answer, citations=citations, nearest=nearest)


def messages_in(answer: Answer) -> frozenset[int]:
    """Return the messages of indexed channels that an answer quotes or shows."""
    shown = [(each.document, each.place) for each in answer.citations]
    shown += [(hit.document, hit.passage.place) for hit in answer.nearest]
    return frozenset(place.number for document, place in shown if place and is_message(document, place))


def is_message(document: DocumentMetadata, place: Place | None) -> bool:
    """Return whether a place in a document is a message of a channel that is indexed."""
    return place is not None and place.kind == "message" and is_channel(document.collection)


def _own(place: Place | None, heading: tuple[str, ...]) -> tuple[str, ...]:
    return heading[-1:] if place is not None and place.kind == "message" else heading


def _is_of(place: Place | None, messages: AbstractSet[int]) -> bool:
    return place is not None and place.kind == "message" and place.number in messages
