"""Stages: how long each step of a refresh has taken, and how long the one that is on may take yet."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from index.report import Progress


class Stages:
    """Passes on how far a refresh has come, with the time that is left to the step, and adds up the times.

    What happens between two steps belongs to the one before.
    """

    def __init__(self, tell: Callable[[Progress], None], clock: Callable[[], float] = monotonic) -> None:
        self._tell = tell
        self._clock = clock
        self._step: str | None = None
        self._since = clock()
        self._seconds: dict[str, float] = {}

    def __call__(self, progress: Progress) -> None:
        """Pass on how far the refresh has come."""
        if progress.step != self._step:
            self._end_step()
            self._step = progress.step
        passed = self._clock() - self._since
        left = passed * (progress.total - progress.done) / progress.done if progress.done else None
        self._tell(Progress(progress.step, progress.done, progress.total, left))

    def seconds(self) -> dict[str, float]:
        """Return the seconds that each step has taken, in the order in which they began; this ends the last one."""
        self._end_step()
        return {step: round(seconds, 3) for step, seconds in self._seconds.items()}

    def _end_step(self) -> None:
        now = self._clock()
        if self._step is not None:
            self._seconds[self._step] = self._seconds.get(self._step, 0.0) + now - self._since
        self._since = now
