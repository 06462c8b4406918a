"""Rejections in English: why a statement was not let through, as tests and benchmarks tell it."""

from __future__ import annotations

from bot.answering.verifying.rejection import Rejection, RejectionReason

_PHRASES = {
    RejectionReason.NO_PASSAGE: "it cites no passage",
    RejectionReason.DATE: "the date {text} is not in the passage",
    RejectionReason.NUMBER: "the number {text} is not in the passage",
    RejectionReason.NAME: 'the name "{text}" is not in the passage',
    RejectionReason.STRANGE_WORD: 'the word "{text}" is not in the passage',
    RejectionReason.OWN_WORD: '"{text}" is not in the passage',
    RejectionReason.EXTENT: 'the "{text}" is not in the passage',
    RejectionReason.RATE: "the count by the {text} is not in the passage",
    RejectionReason.NEGATION_ADDED: 'the passage does not deny "{text}"',
    RejectionReason.NEGATION_DROPPED: 'the passage denies "{text}"',
    RejectionReason.CERTAINTY: 'the passage is not certain of "{text}"',
    RejectionReason.REPLACED: 'it says "{text}" where the passage says "{quoted}"',
    RejectionReason.NUMBER_OF_ANOTHER: 'the passage gives the number {text} to something else than "{quoted}"',
    RejectionReason.ABOUT_THE_ANSWER: "it speaks of the answer",
    RejectionReason.UNFINISHED: "it breaks off",
    RejectionReason.ADDITION: "it adds to what the passage says",
    RejectionReason.SOMETHING_ELSE: "the passage says something else",
    RejectionReason.NOT_ENTAILED: "it does not follow from the passage",
    RejectionReason.IRRELEVANT: "it has nothing to do with the question",
}


def in_words(rejection: Rejection) -> str:
    """Return why a statement was rejected, as the end of a sentence."""
    return _PHRASES[rejection.reason].format(text=rejection.text, quoted=rejection.quoted)
