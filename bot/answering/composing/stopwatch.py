"""A stopwatch: how long each step of an answer took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Runs from when it is made. A step that is taken several times, as for each part of a question, adds up."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done inside the block."""
        started = perf_counter()
        yield
        self._seconds[name] = self._seconds.get(name, 0.0) + perf_counter() - started

    def mark(self, name: str) -> None:
        """Keep how long it took until now, the first time that this is said of `name`."""
        self._seconds.setdefault(name, perf_counter() - self._started)

    def timings(self) -> dict[str, float]:
        """Return the milliseconds of each step and mark, and as `total` those until now."""
        seconds = self._seconds | {"total": perf_counter() - self._started}
        return {name: round(1000 * spent, 1) for name, spent in seconds.items()}
