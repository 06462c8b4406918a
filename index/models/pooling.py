"""Pooling: the vectors of sentences out of the token embeddings of the text that they stand in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.documents import Span
from index.embeddings import Vector

Tokens = NDArray[np.float32]


def pool(
    tokens: Tokens, offsets: Sequence[tuple[int, int]], sentences: Sequence[Span], whole: Vector, shift: int
) -> Vector:
    """Return the unit vector of each sentence, `(sentences, dimension)`.

    It is the mean of the text's own token embeddings over the sentence, so that it knows its context and costs no
    second pass ("late chunking", Guenther et al. 2024, arXiv:2409.04701). Sentences that the window cuts off have the
    vector of the whole text.

    Args:
        tokens: What the model made of each token, `(tokens, dimension)`.
        offsets: The characters of each token, from and up to.
        sentences: Where the sentences stand in the text.
        whole: The unit vector of the text.
        shift: How many characters, those of the prompt, stand before the text.

    """
    if not sentences:
        return np.zeros((0, len(whole)), dtype=np.float32)
    starts = np.array([start for start, _ in offsets])
    # A special token covers no characters: it must fall in no sentence.
    ends = np.array([end if end > start else 0 for start, end in offsets])
    pooled = [whole] * len(sentences)
    for number, span in enumerate(sentences):
        inside = np.flatnonzero((ends > span.start + shift) & (starts < span.end + shift))
        if inside.size:
            pooled[number] = _unit(tokens[inside[0] : inside[-1] + 1].mean(axis=0))
    return np.stack(pooled)


def _unit(vector: Vector) -> Vector:
    # As torch does it: a vector of nothing stays one.
    unit: Vector = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit
