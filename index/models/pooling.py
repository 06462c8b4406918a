"""Pooling: the vectors of a text's sentences, out of those of its tokens ("late chunking", arXiv:2409.04701)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.embeddings import Vector


def pool(tokens: Vector, offsets: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int]], whole: Vector) -> Vector:
    """Return the unit vector of each sentence, `(sentences, dimension)`: the mean over the tokens in it.

    Args:
        tokens: The vectors of the tokens, `(tokens, dimension)`.
        offsets: The characters that each token covers.
        spans: The characters of each sentence.
        whole: The vector of the whole text, for sentences without a token.

    """
    starts = np.array([start for start, _ in offsets])
    # A special token covers no characters: it must fall in no sentence.
    ends = np.array([end if end > start else 0 for start, end in offsets])
    pooled = [whole] * len(spans)
    for number, (start, end) in enumerate(spans):
        inside = np.flatnonzero((ends > start) & (starts < end))
        if inside.size:
            pooled[number] = tokens[inside[0] : inside[-1] + 1].mean(axis=0)
    if not pooled:
        return np.zeros((0, len(whole)), dtype=np.float32)
    vectors: Vector = np.stack(pooled)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, np.where(norms > 0, norms, 1), dtype=np.float32)
