"""Measuring an index's background, while it is built: its passages against each other, and against their headings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.background import Background
from index.embeddings import Vector

_MOST_QUESTIONS = 50
# Passages of one corpus are often about one matter: the lower quarter is what has least to do with each other.
_SHARE = 0.25
# A vector that is quite the same leaves nothing to rise above it.
_MOST = 0.95
# What is asked of an index that is about one thing only, so that no heading is about anything else.
_ELSEWHERE = (
    "How long does bread have to bake?",
    "Who won the football match?",
    "What is the capital of Peru?",
    "When did the war end?",
    "How do plants turn light into sugar?",
    "Which train goes to the airport?",
    "What does the tenant have to pay?",
    "How is a fever treated?",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A passage that the background is measured with: what a question about it would say, and its unit vector."""

    heading: str
    vector: Vector


def measure(
    sample: Sequence[Measured], embed_query: Callable[[str], Vector] | None, before: Background | None
) -> Background | None:
    """Return the background of an index by a sample of its passages, None where nothing can tell it.

    The questions are made of their headings, each compared with the passages under the others. Where no model is at
    hand that embeds them, they stay as far as they were `before`, or the passages stand for them.
    """
    if not sample:
        return None
    headings = list(dict.fromkeys(passage.heading for passage in sample))
    vectors = np.stack([passage.vector for passage in sample])
    own = np.array([headings.index(passage.heading) for passage in sample])
    passages = _level((vectors @ vectors.T)[own[:, None] != own[None, :]])
    if embed_query is None:
        questions = before.questions if before else passages
    elif len(headings) > 1:
        asked = headings[:_MOST_QUESTIONS]
        near = np.stack([embed_query(heading) for heading in asked]) @ vectors.T
        questions = _level(near[np.arange(len(asked))[:, None] != own[None, :]])
    else:
        questions = _level(np.stack([embed_query(question) for question in _ELSEWHERE]) @ vectors.T)
    if questions is None:
        return None
    return Background(questions, questions if passages is None else passages)


def _level(cosines: np.typing.NDArray[np.float32]) -> float | None:
    return round(min(_MOST, float(np.quantile(cosines, _SHARE))), 4) if cosines.size else None
