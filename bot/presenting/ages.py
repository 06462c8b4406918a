"""Ages: how long ago something happened, in words."""

from __future__ import annotations

from datetime import timedelta

_HOUR = 60
_DAY = 24 * _HOUR


def age(passed: timedelta) -> str:
    """Return the time that has passed in its largest unit, such as "3 h"; none where it is less than none."""
    minutes = int(max(passed, timedelta()).total_seconds() // 60)
    if minutes < _HOUR:
        return f"{minutes} min"
    return f"{minutes // _HOUR} h" if minutes < 2 * _DAY else f"{minutes // _DAY} days"
