"""Failures: a document that a refresh could not read, in words."""

from __future__ import annotations

from bot.presenting.words import ENGLISH, Words
from index.report import Failure


def reason(failure: Failure, words: Words = ENGLISH) -> str:
    """Why the document could not be read, and whether what was read of it before can still be found."""
    if not failure.kept:
        return failure.reason
    return words("{reason} (its last good passages still serve)", reason=failure.reason)
