"""A rejection: why a statement may not be said, as data for the log and for what is tried instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class RejectionReason(Enum):
    """What is wrong with a statement, and what `text` and `quoted` of its rejection hold."""

    NO_PASSAGE = "no passage"
    # These are in the statement and not in its quote: `text` as it is written there.
    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    STRANGE_WORD = "strange word"
    OWN_WORD = "own word"
    EXTENT = "extent"
    # It counts by a span of time, `text`, and its quote does so by another.
    RATE = "rate"
    # It denies `text`, and its quote does not; or the other way round.
    NEGATION_ADDED = "negation added"
    NEGATION_DROPPED = "negation dropped"
    # Of `text` the quote says only that it may be.
    CERTAINTY = "certainty"
    # It has `text` where its quote has `quoted`, another fact or the opposite word.
    REPLACED = "replaced"
    # It gives the number `text` to what is `quoted`, which has another number in the quote.
    NUMBER_OF_ANOTHER = "number of another"
    # It speaks of the answer or of the question.
    ABOUT_THE_ANSWER = "about the answer"
    UNFINISHED = "unfinished"
    ADDITION = "addition"
    SOMETHING_ELSE = "something else"
    NOT_ENTAILED = "not entailed"
    # The passage says so, and it has nothing to do with the question.
    IRRELEVANT = "irrelevant"


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a statement may not be said."""

    reason: RejectionReason
    text: str = ""
    quoted: str = ""
