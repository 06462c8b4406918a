"""The built-in reader: a small encoder that ships with the program, no download and no key.

It is all-MiniLM-L6-v2 trained further on questions with passages that answer them and near-misses that do not
(`tests/benchmarks/train_reader.py`; the card beside the weights says on what). It reads question and passage together.
Its word embeddings are those of the embedding model, untouched, so that the file holds only the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from bot.answering.reading.calibration import sigmoid
from bot.answering.reading.reading import Reading
from bot.answering.reading.windows import Batch, best_spans, characters, read_in_windows, tokenizer_for
from index.errors import ModelUnusable
from index.models.model import DEFAULT_MODEL, find_model

WEIGHTS = Path(__file__).with_name("reader.safetensors")
_WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"
_WIDTH, _LAYERS, _HEADS, _INNER, _POSITIONS, _WORDS, _KINDS = 384, 6, 12, 1536, 512, 30522, 2
_FAR = -1e4


@dataclass(frozen=True, slots=True)
class _Trained:
    """What stands beside the weights: how passages are cut, and a logistic regression over the network's two scores.

    `answers` and `span` are the weights of the score of the head that says whether there is an answer, and of the best
    span over no span; they were fitted on questions that the network was not trained on.
    """

    sha256: str
    window: int
    stride: int
    longest_answer: int
    answers: float
    span: float
    intercept: float

    def probability(self, answers: float, span: float) -> float:
        return sigmoid(self.answers * answers + self.span * span + self.intercept)


class BuiltInReader:
    """The reader in the box. Thread-safe. Raises ModelUnusable where its files are missing or not those shipped."""

    name = "built-in"

    def __init__(
        self, weights: Path = WEIGHTS, dtype: torch.dtype = torch.float32, clock: Callable[[], float] = monotonic
    ) -> None:
        self._trained = _load_trained(weights)
        folder = find_model(DEFAULT_MODEL).folder
        self._tokenizer = tokenizer_for(
            str(folder / "tokenizer.json"), self._trained.window, self._trained.window - self._trained.stride
        )
        self._clock = clock
        self._lock = Lock()
        self._network = Network().to(dtype)
        try:
            parts = {name: value.to(dtype) for name, value in load_file(weights).items()}
            parts["words.weight"] = load_file(folder / "model.safetensors")[_WORD_EMBEDDINGS].to(dtype)
            self._network.load_state_dict(parts)
        except (OSError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelUnusable("the built-in reader cannot be loaded: install Footnote again") from error
        self._network.eval()

    def read(self, question: str, passages: Sequence[str], seconds: float) -> list[Reading]:
        """Give the reading of each passage, in their order; what there is no time for is `UNREAD`."""
        until = self._clock() + seconds
        with self._lock:
            return read_in_windows(self._tokenizer, question, passages, self._judge, lambda: self._clock() <= until)

    @torch.inference_mode()
    def _judge(self, batch: Batch) -> list[Reading]:
        starts, ends, answers = (part.float() for part in self._network(batch.ids, batch.kinds, batch.mask))
        spans, scores = best_spans(starts, ends, batch.inside, self._trained.longest_answer)
        return [
            Reading(
                self._trained.probability(float(answers[row]), float(scores[row])),
                characters(window, int(spans[row][0]), int(spans[row][1])),
            )
            for row, window in enumerate(batch.windows)
        ]


class Network(nn.Module):
    """BERT's encoder with two heads: where the answer starts and ends, and whether there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(_WORDS, _WIDTH)
        self.positions = nn.Embedding(_POSITIONS, _WIDTH)
        self.kinds = nn.Embedding(_KINDS, _WIDTH)
        self.norm = nn.LayerNorm(_WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(_Layer() for _ in range(_LAYERS))
        self.span = nn.Linear(_WIDTH, 2)
        self.answers = nn.Sequential(nn.Linear(_WIDTH, _WIDTH), nn.Tanh(), nn.Linear(_WIDTH, 1))

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Score every token as start and as end, `(batch, length)`, and that there is an answer, `(batch,)`.

        All arguments are `(batch, length)`; `kinds` is 1 for the tokens of the passage, `mask` is False for padding.
        """
        state = self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]] + self.kinds(kinds))
        hidden = torch.zeros(mask.shape, dtype=state.dtype).masked_fill_(~mask, _FAR)[:, None, None, :]
        for layer in self.layers:
            state = layer(state, hidden)
        starts, ends = self.span(state).unbind(-1)
        return starts, ends, self.answers(state[:, 0]).squeeze(-1)


class _Layer(nn.Module):
    """One layer of the encoder: attention among all tokens, then a small network for each."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(_WIDTH, 3 * _WIDTH)
        self.attended = nn.Linear(_WIDTH, _WIDTH)
        self.attended_norm = nn.LayerNorm(_WIDTH, eps=1e-12)
        self.widen = nn.Linear(_WIDTH, _INNER)
        self.narrow = nn.Linear(_INNER, _WIDTH)
        self.norm = nn.LayerNorm(_WIDTH, eps=1e-12)

    def forward(self, state: Tensor, hidden: Tensor) -> Tensor:
        """Give the next state; `hidden` is added to the attention scores and so hides the padding."""
        batch, length, width = state.shape
        each = self.attend(state).view(batch, length, 3, _HEADS, width // _HEADS).permute(2, 0, 3, 1, 4)
        query, key, value = each.unbind(0)
        seen = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=hidden)
        state = self.attended_norm(state + self.attended(seen.transpose(1, 2).reshape(batch, length, width)))
        added: Tensor = self.norm(state + self.narrow(nn.functional.gelu(self.widen(state))))
        return added


def _load_trained(weights: Path) -> _Trained:
    if not weights.is_file():
        raise ModelUnusable(
            "this Footnote has no built-in reader: set READER_MODEL to a question-answering model, or to none"
        )
    try:
        form: dict[str, Any] = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        fields = ("sha256", "window", "stride", "longest_answer")
        trained = _Trained(**{name: form[name] for name in fields}, **form["calibration"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnusable("the built-in reader is not whole: install Footnote again") from error
    if found != trained.sha256:
        raise ModelUnusable(f"the reader in {weights} is not the one that was shipped: install Footnote again")
    return trained
