"""Halves: the questions of a set are parted once and for all, one half for making choices, one for measuring alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.evaluation.question_sets import EvaluationQuestion


class Half(StrEnum):
    """The half of a set that a question belongs to."""

    DEVELOPMENT = "development"
    HELD_OUT = "held-out"


def half_of(question_id: str) -> Half:
    """Tell by the first byte of the SHA-256 of a question's id: whoever asks, whenever, it stays the same."""
    is_odd = hashlib.sha256(question_id.encode()).digest()[0] & 1
    return Half.HELD_OUT if is_odd else Half.DEVELOPMENT


def in_half(questions: Iterable[EvaluationQuestion], half: Half) -> tuple[EvaluationQuestion, ...]:
    """Keep the questions of one half, in their order."""
    return tuple(asked for asked in questions if half_of(asked.id) is half)
