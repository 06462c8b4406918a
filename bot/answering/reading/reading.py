"""The noun of this package: what a reader makes of one passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.documents import Span


@dataclass(frozen=True, slots=True)
class Reading:
    """The probability, 0 to 1, that a passage answers a question, and the span of the passage's text that does.

    `span` is None where nothing in the passage could be the answer, and where there was no time to read it.
    """

    probability: float
    span: Span | None


UNREAD = Reading(0.0, None)


class Reader(Protocol):
    """Whatever reads passages: a small model in the box, one that the operator chose, or what a test needs."""

    @property
    def name(self) -> str:
        """The name under which its calibration is kept."""

    def read(self, question: str, passages: Sequence[str], seconds: float) -> list[Reading]:
        """Give the reading of each passage, in their order.

        Args:
            question: The question.
            passages: The texts of the passages; the best ones should come first.
            seconds: The time after which the rest is left `UNREAD`, checked between one batch and the next.

        """
