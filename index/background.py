"""The background of an index: how near its texts are to each other where they have nothing to do with each other.

Models differ in what a cosine means: two texts at random are at .1 for one and at .8 for another, and the passages of a
corpus about one matter are nearer to each other than those of an encyclopaedia. What is judged by nearness is judged by
how far it rises above that.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Background:
    """The cosine of passages with questions that are about something else, and with passages that are."""

    questions: float = 0.0
    passages: float = 0.0

    def of_question(self, cosine: float) -> float:
        """Return how near a question is to a text: 1 the same, 0 as near as one that is about something else."""
        return _above(self.questions, cosine)

    def of_statement(self, cosine: float) -> float:
        """Return how near a statement is to a text: 1 the same, 0 as near as another passage of the index."""
        return _above(self.passages, cosine)


# Cosines are taken as they are.
NO_BACKGROUND = Background()


def _above(level: float, cosine: float) -> float:
    return (cosine - level) / (1.0 - level)
