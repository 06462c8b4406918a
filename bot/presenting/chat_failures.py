"""Why a chat model gave no usable answer: one phrase that goes behind "the chat model"."""

from __future__ import annotations

from bot.errors import ChatFailure, ChatFailureKind
from bot.presenting.words import ENGLISH, Words


def phrase(failure: ChatFailure, words: Words = ENGLISH) -> str:
    """Say how a chat model failed, such as "was cut off"."""
    detail = failure.detail
    match failure.kind:
        case ChatFailureKind.UNREACHABLE:
            return words("cannot be reached")
        case ChatFailureKind.TIMED_OUT:
            return words("did not answer within {detail} s", detail=detail)
        case ChatFailureKind.KEY_REFUSED:
            return words("refused the key")
        case ChatFailureKind.UNKNOWN_MODEL:
            return words("does not exist there")
        case ChatFailureKind.RATE_LIMITED:
            return words("is rate limited")
        case ChatFailureKind.OVERLOADED:
            return words("is overloaded")
        case ChatFailureKind.SERVER_ERROR:
            return words("answered with an error ({detail})", detail=detail)
        case ChatFailureKind.BROKE_OFF:
            return words("broke off")
        case ChatFailureKind.CUT_OFF:
            return words("was cut off")
        case ChatFailureKind.EMPTY:
            return words("gave an empty answer")
        case ChatFailureKind.REFUSED:
            return words("refused to answer")
        case ChatFailureKind.ENDLESS:
            return words("wrote far more than an answer")
        case ChatFailureKind.MALFORMED:
            return words("did not keep to the form that it was asked for")
        case ChatFailureKind.SENTENCES_SKIPPED:
            return words("did not translate each sentence")
        case ChatFailureKind.UNFORESEEN:
            return words("failed ({detail})", detail=detail)
