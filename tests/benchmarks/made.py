"""Made material: corpora of any size, the same on every machine, and an embedder that makes vectors up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.embeddings import Embedding, Text, Vector
from index.models.model import DEFAULT_MODEL, find_model

DIMENSION = 384


def write_corpus(folder: Path, documents: int, paragraphs: int, seed: int = 0) -> Path:
    """Write Markdown files of so many paragraphs each, of about 130 words, and return the folder."""
    choose = random.Random(seed)
    words = common_words()
    folder.mkdir(parents=True)
    for number in range(documents):
        body = "\n\n".join(" ".join(sentence(choose, words) for _ in range(9)) for _ in range(paragraphs))
        (folder / f"{number:06d}.md").write_text(f"---\nlanguage: en\n---\n\n# Note {number}\n\n{body}\n")
    return folder


def sentence(choose: random.Random, words: Sequence[str]) -> str:
    """Return a sentence of 9 to 19 words, common ones more often, as Zipf's law has it."""
    chosen = [words[min(int(choose.paretovariate(0.6)), len(words)) - 1] for _ in range(choose.randint(9, 19))]
    return " ".join(chosen).capitalize() + "."


def common_words() -> list[str]:
    """Return the whole English words of the model's vocabulary, commonest first."""
    ranks = find_model(DEFAULT_MODEL).tokenizer.get_vocab()
    ordered = sorted(ranks, key=ranks.__getitem__)
    return [word for word in ordered if word.isascii() and word.isalpha() and len(word) > 1]


class MadeUp:
    """An embedder that needs no model: vectors drawn around 200 centres, as those of real texts gather by topic."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)
        self._centres = self._random.normal(size=(200, DIMENSION)).astype(np.float32)

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield a made-up embedding for each text."""
        for place, text in enumerate(texts):
            rows = self._centres[self._random.integers(200)] + self._random.normal(
                scale=0.7, size=(1 + len(text.sentences), DIMENSION)
            ).astype(np.float32)
            rows = _unit(rows)
            yield place, Embedding(rows[0], rows[1:])

    def embed_query(self, query: str) -> Vector:
        """Return a vector of no topic."""
        del query
        row: Vector = _unit(self._random.normal(size=(1, DIMENSION)).astype(np.float32))[0]
        return row


def _unit(rows: Vector) -> Vector:
    unit: Vector = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
