"""Failures: a document that a refresh could not read, in words."""

from __future__ import annotations

from index.report import Failure


def reason(failure: Failure) -> str:
    """Why the document could not be read, and whether what was read of it before can still be found."""
    return failure.reason + (" (its last good passages still serve)" if failure.kept else "")
