"""Calibration: a reader's score becomes a probability (Platt scaling: Guo et al. 2017, arXiv:1706.04599).

A score is the log-odds that a network claims. How far it may be believed is fitted on questions that the network was
not trained on, and kept by the reader's name in `calibration.json` beside this module.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FITTED = Path(__file__).with_name("calibration.json")
_FARTHEST = 30.0
_LEAST = 1e-6
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Calibration:
    """A line over log-odds: `slope` is below 1 where a network claims more than it keeps."""

    slope: float = 1.0
    intercept: float = 0.0

    def probability(self, score: float) -> float:
        """Give the probability, 0 to 1, for a score in log-odds."""
        return sigmoid(self.slope * score + self.intercept)


AS_IT_CLAIMS = Calibration()


def load(reader: str) -> Calibration | None:
    """Give what was fitted for the reader of this name, None where nothing was."""
    form = json.loads(FITTED.read_text(encoding="utf-8")) if FITTED.is_file() else {}
    return Calibration(**form[reader]) if reader in form else None


def sigmoid(logit: float) -> float:
    """Give the probability for log-odds, never quite 0 or 1."""
    return 1.0 / (1.0 + exp(-max(-_FARTHEST, min(_FARTHEST, logit))))


def log_odds(probability: float) -> float:
    """Give the log-odds of a probability, finite for 0 and 1 too."""
    kept = min(1 - _LEAST, max(_LEAST, probability))
    return log(kept / (1 - kept))


def fit(scores: Sequence[float], answers: Sequence[bool]) -> Calibration:
    """Fit the line to scores, in log-odds, of which some belong to answers: at least one does and one does not.

    The targets are moved towards the middle as Platt (1999) has it, so that a few questions cannot make it sure.
    """
    right = sum(answers)
    wrong = len(answers) - right
    if not right or not wrong:
        raise ValueError("both answers and other passages are needed")
    high, low = (right + 1) / (right + 2), 1 / (wrong + 2)
    targets = np.where(np.asarray(answers), high, low)
    columns = np.stack([np.asarray(scores, dtype=np.float64), np.ones(len(scores))], axis=1)
    slope, intercept = logistic(columns, targets)
    return Calibration(round(float(slope), 4), round(float(intercept), 4))


def logistic(columns: NDArray[np.float64], targets: NDArray[np.float64], ridge: float = 1e-3) -> NDArray[np.float64]:
    """Fit a logistic regression by Newton's method and give its weights, `(features,)`.

    `columns` is `(rows, features)`, a column of ones among them for the intercept; `targets`, `(rows,)`, are 0 to 1.
    `ridge` is the strength of the penalty on large weights.
    """
    weights = np.zeros(columns.shape[1])
    penalty = ridge * np.eye(columns.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(columns @ weights, -_FARTHEST, _FARTHEST)))
        slope = columns.T @ (likely - targets) + penalty @ weights
        curve = (columns * (likely * (1 - likely))[:, None]).T @ columns + penalty
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return weights
