"""Embedding: texts become unit vectors, and so do their sentences, out of one pass through the model."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from index.embeddings import Embedding, Text, Vector
from index.models.device import CPU
from index.models.model import Model
from index.models.pooling import pool

# Padded tokens in one batch: large enough to keep two cores busy, small enough to stay in their caches.
_BATCH_TOKENS = 4096
# Few enough for the memory of any, enough to keep it busy.
_BATCH_TOKENS_OF_A_GPU = 65536


class Embedder:
    """A loaded model on a device. Thread-safe; questions that arrive while another is embedded share the next batch."""

    def __init__(self, model: Model, dtype: torch.dtype = torch.float32, device: str = CPU) -> None:
        self.model = model
        self._device = device
        self._batch_tokens = _BATCH_TOKENS if device == CPU else _BATCH_TOKENS_OF_A_GPU
        self._transformer = load_transformer(model).to(device, dtype)
        self._tokenizer = self._transformer.tokenizer
        self._waiting: deque[tuple[str, Future[Vector]]] = deque()
        self._lock = Lock()

    def embed_query(self, query: str) -> Vector:
        """Return the unit vector of a question, `(dimension,)` float32."""
        return self._embed_one(self.model.prompts.query + query)

    def embed_passage(self, text: str) -> Vector:
        """Return the unit vector of a text that is compared with passages, not asked of them, `(dimension,)`."""
        return self._embed_one(self.model.prompts.passage + text)

    def _embed_one(self, text: str) -> Vector:
        result: Future[Vector] = Future()
        self._waiting.append((text, result))
        with self._lock:
            if not result.done():
                batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
                self._answer(batch)
        return result.result()

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield the place in `texts` and the embedding of each, shortest texts first; sentences as `pool` has them."""
        if not texts:
            return
        prompt = self.model.prompts.passage
        encoded = self._encode([prompt + text.text for text in texts])
        for places in _batches([len(ids) for ids in encoded["input_ids"]], self._batch_tokens):
            output = self._forward(encoded, places)
            vectors = _unit(output["sentence_embedding"].float()).cpu().numpy()
            tokens = output["token_embeddings"].float().cpu().numpy()
            for row, place in enumerate(places):
                offsets, spans = encoded["offset_mapping"][place], texts[place].sentences
                sentences = pool(tokens[row], offsets, spans, vectors[row], len(prompt))
                yield place, Embedding(vectors[row], sentences)

    def _answer(self, batch: list[tuple[str, Future[Vector]]]) -> None:
        try:
            encoded = self._encode([text for text, _ in batch])
            output = self._forward(encoded, list(range(len(batch))))
            vectors = _unit(output["sentence_embedding"].float()).cpu().numpy()
        except BaseException as error:
            for _, result in batch:
                result.set_exception(error)
            raise
        for (_, result), vector in zip(batch, vectors, strict=True):
            result.set_result(vector)

    def _encode(self, texts: list[str]) -> Any:
        return self._tokenizer(texts, truncation=True, max_length=self.model.window, return_offsets_mapping=True)

    @torch.inference_mode()
    def _forward(self, encoded: Any, places: Sequence[int]) -> dict[str, torch.Tensor]:
        fields = {name: encoded[name] for name in self._tokenizer.model_input_names if name in encoded}
        features = self._tokenizer.pad(
            {name: [values[place] for place in places] for name, values in fields.items()}, return_tensors="pt"
        ).to(self._device)
        output: dict[str, torch.Tensor] = self._transformer({**features, "modality": "text"})
        return output


def load_transformer(model: Model) -> SentenceTransformer:
    """Load the modules of a model, from its own files alone."""
    # Otherwise transformers draws a bar of its own over the answer.
    disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(
        str(model.folder),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True},
    )


def _batches(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """Yield the places of texts of like length, so that little is spent on padding."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > most_tokens:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.normalize(vectors, dim=-1)
