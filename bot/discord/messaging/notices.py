"""Notices: the lines that say what was done, or why something was not."""

from __future__ import annotations

import logging
import re

from bot.discord.messaging.message import Message
from bot.discord.messaging.neutral import clipped, neutral
from bot.errors import BadQuestion, QuestionFault
from bot.presenting.words import Words
from index.errors import (
    CorpusEmpty,
    CorpusMissing,
    CorpusShrunk,
    DiskFull,
    FootnoteError,
    GenerationGone,
    IndexDamaged,
    IndexMissing,
    RefreshFailed,
    WriterBusy,
)

log = logging.getLogger(__name__)

_LONGEST = 1900
# The folders above what an absolute path names, and not those of an address.
_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/:(),;]+/)*(?=[^\s/:(),;])")


class Refused(FootnoteError):
    """Something is not done for whoever asked for it; the message says why, in their language."""


def notice(text: str) -> Message:
    """One line of text as a message."""
    return Message(clipped(neutral(text), _LONGEST) or "…")


def without_folders(text: str) -> str:
    """Leave of each path of the machine the name alone: where a file lies is nothing for a channel."""
    return _FOLDERS.sub("", text)


def complaint(reason: Exception, words: Words) -> Message:
    """Say why something was not done.

    An error of the index speaks to whoever runs the bot, of folders and of commands: here it is told by its kind, and
    the log has the rest.
    """
    if isinstance(reason, Refused):
        return notice(str(reason))
    log.warning("something could not be done", extra={"reason": str(reason), "kind": type(reason).__name__})
    return notice(_by_kind(reason, words))


def failure(reference: str, words: Words) -> Message:
    """Return the message for when something broke that should not have; the log has it under `reference`."""
    return notice(
        words(
            "Something went wrong here, and it has been logged. Whoever runs me can find it by {reference}.",
            reference=reference,
        )
    )


def _by_kind(reason: Exception, words: Words) -> str:
    match reason:
        case BadQuestion():
            return _bad_question(reason.fault, words)
        case GenerationGone():
            return words("That generation is not kept any more.")
        case IndexMissing():
            return words("Nothing is indexed yet: whoever manages this server can say /refresh.")
        case IndexDamaged():
            return words("The index is damaged. Whoever manages this server can make it anew with /refresh.")
        case WriterBusy():
            return words("Another refresh is under way.")
        case CorpusShrunk():
            return words("{gone} of {known} documents would be dropped.", gone=reason.gone, known=reason.known)
        case CorpusEmpty() | CorpusMissing():
            return words("I find no documents where they should be.")
        case DiskFull():
            return words("There is no room left for another index. The one there is stays in use.")
        case RefreshFailed():
            return words("The refresh ended early. The index is as it was; please try again.")
        case _:
            return words("This cannot be done just now. Whoever runs me finds the reason in the log.")


def _bad_question(fault: QuestionFault, words: Words) -> str:
    match fault:
        case QuestionFault.EMPTY:
            return words("The question is empty.")
        case QuestionFault.TOO_LONG:
            return words("The question is too long: at most 2,000 characters are accepted.")
        case QuestionFault.NOT_TEXT:
            return words("The question holds a character that is not text.")
        case QuestionFault.NO_WORD:
            return words("The question holds no word.")
