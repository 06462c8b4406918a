"""Notices: the lines that say what was done, or why something was not."""

from __future__ import annotations

import re

from bot.discord.messaging.message import Message
from bot.discord.messaging.neutral import clipped, neutral

_LONGEST = 1900
_REFRESH = re.compile(r"run ['`]footnote refresh['`]")
_FLAG = re.compile(r"[;,:]?\s*(?:or\s+)?say --\w+[^.;]*")
# The folders of an absolute path, and not those of an address.
_FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/:(),;]+/)+(?=[^\s/:(),;])")


def notice(text: str) -> Message:
    """One line of text as a message."""
    return Message(clipped(neutral(text), _LONGEST) or "…")


def complaint(reason: Exception) -> Message:
    """Why something was not done: the line of an error that is meant for people, as a sentence."""
    line = for_people(str(reason).strip()) or "this cannot be done"
    return notice(line[0].upper() + line[1:] + ("" if line[-1] in ".!?" else "."))


def for_people(line: str) -> str:
    """Take out of a line what only whoever runs the bot can use.

    Of a path the name is left, of a command what is said here instead; a flag of the command line is a button here.
    """
    return _FLAG.sub("", _REFRESH.sub("whoever manages this server can say /refresh", _FOLDERS.sub("", line)))


def failure(reference: str) -> Message:
    """Return the message for when something broke that should not have; the log has it under `reference`."""
    return notice(f"Something went wrong here, and it has been logged. Whoever runs me can find it by {reference}.")
