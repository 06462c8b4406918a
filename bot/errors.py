"""The errors of the front ends that a user can meet; like those of the index, each message is one line for people."""

from __future__ import annotations

from index.errors import FootnoteError


class BadSettings(FootnoteError):
    """A setting is unknown or has a value that cannot be used."""


class BadQuestion(FootnoteError):
    """A text that cannot be asked; the message says why."""


class BadBatchLine(FootnoteError):
    """A line of a batch is not a JSON object with an id and a text; the message says what is wrong with it."""


class BadQuestionSet(FootnoteError):
    """A folder of questions for `footnote evaluate` cannot be read; the message names the file and the line."""


class ChatUnusable(FootnoteError):
    """The chat model that is set cannot be used; the message says what to change or to install."""


class ChatFailed(FootnoteError):
    """The chat model gave no usable answer; the message says in one phrase what it did instead: "was cut off".

    `worth_repeating` tells that the same model may well do better when it is asked once more.
    """

    def __init__(self, what: str, *, worth_repeating: bool = False) -> None:
        super().__init__(what)
        self.worth_repeating = worth_repeating


class Stopped(FootnoteError):
    """Whoever asked no longer wants the answer."""
