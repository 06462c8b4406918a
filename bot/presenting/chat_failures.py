"""Why a chat model gave no usable answer, in English: one phrase that goes behind "the chat model"."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import ChatFailure, ChatFailureKind

_PHRASES: Mapping[ChatFailureKind, str] = {
    ChatFailureKind.UNREACHABLE: "cannot be reached",
    ChatFailureKind.TIMED_OUT: "did not answer within {detail} s",
    ChatFailureKind.KEY_REFUSED: "refused the key",
    ChatFailureKind.UNKNOWN_MODEL: "does not exist there",
    ChatFailureKind.RATE_LIMITED: "is rate limited",
    ChatFailureKind.OVERLOADED: "is overloaded",
    ChatFailureKind.SERVER_ERROR: "answered with an error ({detail})",
    ChatFailureKind.BROKE_OFF: "broke off",
    ChatFailureKind.CUT_OFF: "was cut off",
    ChatFailureKind.EMPTY: "gave an empty answer",
    ChatFailureKind.REFUSED: "refused to answer",
    ChatFailureKind.ENDLESS: "wrote far more than an answer",
    ChatFailureKind.MALFORMED: "did not keep to the form that it was asked for",
    ChatFailureKind.SENTENCES_SKIPPED: "did not translate each sentence",
    ChatFailureKind.UNFORESEEN: "failed ({detail})",
}


def phrase(failure: ChatFailure) -> str:
    """Say how a chat model failed, such as "was cut off"."""
    return _PHRASES[failure.kind].format(detail=failure.detail)
