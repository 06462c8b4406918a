"""Ages: how long ago something happened, in words."""

from __future__ import annotations

from datetime import timedelta

from bot.presenting.words import ENGLISH, Words

_HOUR = 60
_DAY = 24 * _HOUR


def age(passed: timedelta, words: Words = ENGLISH) -> str:
    """Return the time that has passed in its largest unit, such as "3 h"; none where it is less than none."""
    minutes = int(max(passed, timedelta()).total_seconds() // 60)
    if minutes < _HOUR:
        return words("{number} min", number=minutes)
    if minutes < 2 * _DAY:
        return words("{number} h", number=minutes // _HOUR)
    return words("{number} days", number=minutes // _DAY)
