"""The exported model: it embeds a question in a few milliseconds, in ONNX Runtime, without torch and its start."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.embeddings import Vector
from index.models.model import Model

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "vector"


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
        return self._embed(self.model.prompts.query + query)

    def embed_passage(self, text: str) -> Vector:
        """Return the unit vector of a text that is compared with passages, `(dimension,)` float32."""
        return self._embed(self.model.prompts.passage + text)

    def _embed(self, text: str) -> Vector:
        encoded = self._tokenizer.encode(text)
        values = dict(zip(INPUTS, (encoded.ids, encoded.attention_mask, encoded.type_ids), strict=True))
        inputs = {name: np.array([numbers], dtype=np.int64) for name, numbers in values.items() if name in self._inputs}
        vector: Vector = self._session.run([OUTPUT], inputs)[0][0]
        return vector


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
