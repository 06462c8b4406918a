"""The nouns of embedding: a text with its sentences, and the unit vectors that a model makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.documents import Span

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to embed and the spans in it, its sentences, that want vectors of their own."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Embedding:
    """The unit vector of a text, `(dimension,)`, and those of its sentences, `(sentences, dimension)`; float32."""

    vector: Vector
    sentences: Vector
