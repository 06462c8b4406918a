"""The errors of the front ends that a user can meet; like those of the index, each message is one line for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.errors import FootnoteError


class BadSettings(FootnoteError):
    """A setting is unknown or has a value that cannot be used."""


class FolderInUse(FootnoteError):
    """A new folder cannot be started there; the message says what stands in the way."""


class QuestionFault(StrEnum):
    """Why a text cannot be asked."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    NO_WORD = "no_word"


class BadQuestion(FootnoteError):
    """A text that cannot be asked; the message says why, `fault` what kind of reason that is."""

    def __init__(self, message: str, fault: QuestionFault) -> None:
        super().__init__(message)
        self.fault = fault


class BadBatchLine(FootnoteError):
    """A line of a batch is not a JSON object with an id and a text; the message says what is wrong with it."""


class BadQuestionSet(FootnoteError):
    """A folder of questions for `footnote evaluate` cannot be read; the message names the file and the line."""


class ChatUnusable(FootnoteError):
    """The chat model that is set cannot be used; the message says what to change or to install."""


class ChatFailureKind(StrEnum):
    """Why a chat model gave no usable answer, and what the failure's `detail` then says."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"  # the seconds that it was given
    KEY_REFUSED = "key_refused"
    UNKNOWN_MODEL = "unknown_model"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"  # the HTTP status
    BROKE_OFF = "broke_off"
    CUT_OFF = "cut_off"
    EMPTY = "empty"
    REFUSED = "refused"
    ENDLESS = "endless"
    MALFORMED = "malformed"
    SENTENCES_SKIPPED = "sentences_skipped"
    UNFORESEEN = "unforeseen"  # the name of the error's class


_WORTH_REPEATING = frozenset(
    {
        ChatFailureKind.BROKE_OFF,
        ChatFailureKind.CUT_OFF,
        ChatFailureKind.EMPTY,
        ChatFailureKind.MALFORMED,
        ChatFailureKind.UNFORESEEN,
    }
)


@dataclass(frozen=True, slots=True)
class ChatFailure:
    """How a chat model failed; `bot.presenting.chat_failures` says it in English."""

    kind: ChatFailureKind
    detail: str = ""


class ChatFailed(FootnoteError):
    """The chat model gave no usable answer; `failure` says why. The message is for the log: no user meets it."""

    def __init__(self, kind: ChatFailureKind, detail: str = "") -> None:
        super().__init__(f"{kind} ({detail})" if detail else str(kind))
        self.failure = ChatFailure(kind, detail)

    @property
    def worth_repeating(self) -> bool:
        """Whether the same model may well do better when it is asked once more."""
        return self.failure.kind in _WORTH_REPEATING


class Stopped(FootnoteError):
    """Whoever asked no longer wants the answer."""
