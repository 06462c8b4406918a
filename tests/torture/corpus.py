"""A corpus that can be replaced as a whole, and vectors for it that no model is needed for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.building import compacting
from index.building.compacting import CompactRequest
from index.building.refresh import RefreshRequest, refresh
from index.embeddings import Embedding, Text, Vector
from index.models.model import DEFAULT_MODEL, Model
from index.report import RefreshReport

DIMENSION = 384


class MadeUp:
    """Vectors made of nothing but a hash of the text: equal for equal texts, and far apart for all others."""

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        for place, text in enumerate(texts):
            sentences = [made_up(span.of(text.text)) for span in text.sentences]
            rows = np.vstack(sentences) if sentences else np.zeros((0, DIMENSION), dtype=np.float32)
            yield place, Embedding(made_up(text.text), rows)

    def embed_query(self, query: str) -> Vector:
        return made_up(query)

    def embed_passage(self, text: str) -> Vector:
        return made_up(text)


def made_up(text: str) -> Vector:
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8])
    vector = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


@dataclass(frozen=True)
class Place:
    """A corpus folder and a data folder."""

    corpus: Path
    data: Path

    @classmethod
    def make(cls, folder: Path) -> Place:
        place = cls(folder / "corpus", folder / "data")
        place.corpus.mkdir(parents=True)
        return place

    def write(self, edition: int, documents: int, passages: int = 4) -> None:
        """Put an edition of every document in place of the one before: no sentence of it stays."""
        for number in range(documents):
            paragraphs = (
                f"Edition {edition} of document {number}, part {part}: " + " ".join(_words(edition, number, part)) + "."
                for part in range(passages)
            )
            text = "\n\n".join(f"# Part {part}\n\n{paragraph}" for part, paragraph in enumerate(paragraphs))
            # Said, since it takes a reader half a second to learn to tell it.
            (self.corpus / f"d{number}.md").write_text(f"---\nlanguage: en\n---\n\n{text}\n")

    def refresh(self) -> RefreshReport:
        return refresh(RefreshRequest(self.corpus, self.data, DEFAULT_MODEL), load, lambda _: None)

    def compact(self) -> None:
        """Make a new base of however little has changed."""
        vars(compacting).update(_FEW=0, _SHARE=0.0)
        compacting.compact(CompactRequest(self.data, DEFAULT_MODEL), load, lambda _: None)


def load(_: Model) -> MadeUp:
    return MadeUp()


def _words(*seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    return [f"w{word}" for word in random.integers(0, 5_000, size=60)]
