"""The exported model: it embeds a question in a few milliseconds, in ONNX Runtime, without torch and its start."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from index.embeddings import Embedding, Text, Vector
from index.models.model import Model
from index.models.pooling import pool

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
VECTORS, TOKENS = "sentence_embedding", "token_embeddings"


class ExportedModel:
    """A model as `exporting.export` wrote it, loaded. Any thread may ask it."""

    def __init__(self, model: Model, content: bytes) -> None:
        self.model = model
        options = onnxruntime.SessionOptions()
        # One question is too little work to share out: on a busy machine a second thread makes it eight times slower.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", str(model.weights.parent)
        )
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(model.folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(model.window)

    def embed_query(self, query: str) -> Vector:
        """Return the unit vector of a question, `(dimension,)` float32."""
        return self._embed_one(self.model.prompts.query + query)

    def embed_passage(self, text: str) -> Vector:
        """Return the unit vector of a text that is compared with passages, `(dimension,)` float32."""
        return self._embed_one(self.model.prompts.passage + text)

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, Embedding]]:
        """Yield the place in `texts` and the embedding of each, one after the other; sentences as `pool` has them."""
        prompt = self.model.prompts.passage
        for place, text in enumerate(texts):
            encoded = self._tokenizer.encode(prompt + text.text)
            vectors, tokens = self._run([VECTORS, TOKENS], encoded)
            sentences = pool(tokens[0], encoded.offsets, text.sentences, vectors[0], len(prompt))
            yield place, Embedding(vectors[0], sentences)

    def _embed_one(self, text: str) -> Vector:
        (vectors,) = self._run([VECTORS], self._tokenizer.encode(text))
        vector: Vector = vectors[0]
        return vector

    def _run(self, outputs: list[str], encoded: Encoding) -> list[Any]:
        values = dict(zip(INPUTS, (encoded.ids, encoded.attention_mask, encoded.type_ids), strict=True))
        inputs = {name: np.array([numbers], dtype=np.int64) for name, numbers in values.items() if name in self._inputs}
        found: list[Any] = self._session.run(outputs, inputs)
        return found


def load_exported(model: Model, folder: Path) -> ExportedModel | None:
    """Load what was exported of a model into a folder; None where there is nothing, or nothing that is whole."""
    for path in exports_of(model, folder):
        try:
            content = path.read_bytes()
            if path.stem.endswith(hashlib.sha256(content).hexdigest()[:16]):
                return ExportedModel(model, content)
        except Exception:
            continue
    return None


def exports_of(model: Model, folder: Path) -> list[Path]:
    """Return the files in a folder that were exported of a model."""
    return sorted(folder.glob(f"{model.fingerprint}-*.onnx"))
