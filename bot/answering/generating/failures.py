"""Failures: whatever a provider's package raises becomes one of the kinds of failure that Footnote knows."""

from __future__ import annotations

import re

from bot.errors import ChatFailed, ChatFailureKind

_OF_STATUS = {
    401: ChatFailureKind.KEY_REFUSED,
    403: ChatFailureKind.KEY_REFUSED,
    404: ChatFailureKind.UNKNOWN_MODEL,
    429: ChatFailureKind.RATE_LIMITED,
    529: ChatFailureKind.OVERLOADED,
}
_OF_THE_NETWORK = re.compile("Connect|Protocol|Network|ReadError|WriteError")
# How servers say that they do not know a parameter, or what it asks for.
_NOT_ACCEPTED = frozenset({400, 404, 422, 501})


def failure_of(error: Exception, seconds: float, *, has_begun: bool) -> ChatFailed:
    """Return the failure that an error of a provider's package stands for.

    Args:
        error: What a provider's package raised, each of which has classes of its own.
        seconds: How long the reply was allowed to take.
        has_begun: Whether any of the reply had arrived before.

    """
    name, status = type(error).__name__, status_of(error)
    if isinstance(error, TimeoutError) or "Timeout" in name:
        return ChatFailed(ChatFailureKind.TIMED_OUT, f"{seconds:g}")
    if status > 0:
        kind = _OF_STATUS.get(status)
        return ChatFailed(kind) if kind else ChatFailed(ChatFailureKind.SERVER_ERROR, f"{status}")
    if isinstance(error, ConnectionError) or _OF_THE_NETWORK.search(name):
        return ChatFailed(ChatFailureKind.BROKE_OFF if has_begun else ChatFailureKind.UNREACHABLE)
    return ChatFailed(ChatFailureKind.UNFORESEEN, name)


def status_of(error: Exception) -> int:
    """Return the HTTP status that an error stands for, 0 where it is of another kind."""
    return getattr(error, "status_code", None) or 0


def is_not_accepted(error: Exception) -> bool:
    """Tell whether an error may mean that the server does not know something that it was asked with."""
    return status_of(error) in _NOT_ACCEPTED


def shortened(error: Exception) -> str:
    """Return the message of an error as one line for the log, 500 characters at most."""
    return " ".join(str(error).split())[:500]
