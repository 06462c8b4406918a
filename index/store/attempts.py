"""Attempts: what failed is attempted again when some time has passed, and until then nobody waits for it."""

from __future__ import annotations

import logging
from time import monotonic

from index.errors import VectorsUnavailable

log = logging.getLogger(__name__)


class Attempts:
    """Whether the vectors may be asked for, and why not. A `pause` is in seconds."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._not_before = 0.0
        # Why the last attempt failed, None where it did not.
        self.problem: str | None = None

    def begin(self) -> None:
        """Raise VectorsUnavailable where it is too early for another attempt."""
        if self.problem is not None and monotonic() < self._not_before:
            raise VectorsUnavailable(self.problem)

    def failed(self, error: Exception) -> None:
        """Count an attempt that failed; it is logged where the one before did not fail in the same way."""
        if self.problem != str(error):
            log.error("%s: until then only words are searched", error)
        self.problem, self._not_before = str(error), monotonic() + self._pause

    def succeeded(self) -> None:
        """Count an attempt that did not fail."""
        if self.problem is not None:
            log.info("the vectors are searched again")
        self.problem = None
