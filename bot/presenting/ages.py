"""Ages: how long ago something happened, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

_HOUR = 60
_DAY = 24 * _HOUR


def age(then: datetime, now: datetime) -> str:
    """Return the time between `then` and `now`, both with a time zone, in its largest unit, such as "3 h"."""
    minutes = int(max(now - then, timedelta()).total_seconds() // 60)
    if minutes < _HOUR:
        return f"{minutes} min"
    return f"{minutes // _HOUR} h" if minutes < 2 * _DAY else f"{minutes // _DAY} days"
