"""Cross-encoders: models that read two texts at once, and judge how far one answers or follows from the other.

What is found here is checked without loading it, as `index.models.model` does for the embedding model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.models.model_folder import ModelFolder, find_folder

if TYPE_CHECKING:
    import torch

VERIFIER, RERANKER = "VERIFIER_MODEL", "RERANKER_MODEL"
# They are trained on paragraphs; a window of thousands of tokens would only let one text take minutes.
_LONGEST_WINDOW = 512
_BATCH = 16


@dataclass(frozen=True, slots=True)
class PairModel:
    """A sentence-transformers CrossEncoder on disk; `labels` are what its outputs say."""

    folder: ModelFolder
    labels: tuple[str, ...]

    @property
    def entailed(self) -> int | None:
        """The place of the label that says that the second text follows from the first, None where there is none."""
        return next((place for place, label in enumerate(self.labels) if label.lower().startswith("entail")), None)


def find_reranker(name: str) -> PairModel:
    """Return the model of this name that judges relevance: a folder, or one of the Hugging Face hub (its cache first).

    Raises ModelUnusable when it is missing, when its weights are not in safetensors form, when it would run code of its
    own, or when it has more to say than one score.
    """
    model = _find(RERANKER, name)
    if len(model.labels) != 1:
        raise model.folder.unusable(f"tells {_listed(model)} apart: choose a CrossEncoder with one score")
    return model


def find_verifier(name: str) -> PairModel:
    """Return the model of this name that judges entailment, found as `find_reranker` does.

    It has a label that begins with "entail" beside one or two others, or one score alone. Raises ModelUnusable.
    """
    model = _find(VERIFIER, name)
    if len(model.labels) > 1 and (model.entailed is None or len(model.labels) > 3):
        raise model.folder.unusable(
            f"tells {_listed(model)} apart: choose a CrossEncoder for natural language inference"
        )
    return model


class CrossEncoder:
    """A loaded cross-encoder, computing in `dtype`, float32 unless told, on a `device`. Thread-safe.

    A pair that is longer than the model's window is cut off. Raises ModelUnusable for files that do not fit together.
    """

    def __init__(self, model: PairModel, dtype: torch.dtype | None = None, device: str = "cpu") -> None:
        # Imported here because torch takes seconds, and whoever only looks for a model needs none of it.
        import sentence_transformers
        import torch
        from safetensors import SafetensorError
        from transformers.utils.logging import disable_progress_bar

        # Otherwise transformers draws a bar of its own over the answer.
        disable_progress_bar()  # type: ignore[no-untyped-call]
        self.model = model
        self._lock = Lock()
        try:
            self._encoder = sentence_transformers.CrossEncoder(
                str(model.folder.path),
                device=device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
                # The model's own is a name out of its configuration, which would be imported and called.
                activation_fn=torch.nn.Identity(),
            ).to(dtype or torch.float32)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError) as error:
            raise model.folder.unfit(error) from error
        self._encoder.max_seq_length = min(self._encoder.max_seq_length or _LONGEST_WINDOW, _LONGEST_WINDOW)

    def relevance(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return how far the second text of each pair answers the first, `(n,)`, 0 to 1.

        The model must have one score, as those of `find_reranker` do.
        """
        return _sigmoid(self._logits(pairs)[:, 0])

    def entailment(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return the probability that the second text of each pair follows from the first, `(n,)`, 0 to 1."""
        logits = self._logits(pairs)
        if self.model.entailed is None:
            return _sigmoid(logits[:, 0])
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return _finite(odds[:, self.model.entailed] / odds.sum(axis=1))

    def _logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        with self._lock:
            scores = self._encoder.predict(list(pairs), batch_size=_BATCH, show_progress_bar=False)
        return np.asarray(scores, dtype=np.float64).reshape(len(pairs), len(self.model.labels))


def _find(variable: str, name: str) -> PairModel:
    folder = find_folder(variable, name)
    folder.require(("config.json", "model.safetensors", "tokenizer.json"), "CrossEncoders")
    if not folder.is_made_for("ForSequenceClassification"):
        raise folder.unusable("is not a CrossEncoder: it does not classify pairs of texts")
    labels = folder.json("config.json").get("id2label")
    if not isinstance(labels, dict) or sorted(labels) != sorted(map(str, range(len(labels)))) or not labels:
        raise folder.unusable("does not say what its scores mean: its config.json has no id2label")
    return PairModel(folder, tuple(str(labels[str(place)]) for place in range(len(labels))))


def _listed(model: PairModel) -> str:
    return ", ".join(model.labels[:5])


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float32]:
    return _finite(1 / (1 + np.exp(-np.clip(logits, -500, 500))))


def _finite(scores: NDArray[np.float64]) -> NDArray[np.float32]:
    # A model that came to nothing must let nothing through: no comparison with "not a number" is ever true.
    return np.nan_to_num(scores, nan=0.0).astype(np.float32)
