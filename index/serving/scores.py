"""Scores: what was measured on different scales is made comparable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def min_max(scores: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the scores, at least one, moved and stretched to reach from 0 to 1; all 0 where they are all the same."""
    values = np.asarray(scores, dtype=np.float64)
    low, high = values.min(), values.max()
    if high - low <= 0:
        return np.zeros_like(values)
    normalised: NDArray[np.float64] = (values - low) / (high - low)
    return normalised
