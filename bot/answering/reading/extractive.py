"""The reader that an operator chose: any extractive question-answering model with unanswerable questions.

Such models, `deepset/tinyroberta-squad2` or for many languages `deepset/xlm-roberta-base-squad2`, are trained as SQuAD
2.0 has it: a span that begins and ends at the first token says that there is no answer. What is found here is checked
without loading it: safetensors alone, and no code of the model's own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

import torch
from tokenizers import Tokenizer

from bot.answering.reading.calibration import AS_IT_CLAIMS, Calibration
from bot.answering.reading.reading import Reading
from bot.answering.reading.windows import Batch, best_spans, characters, read_in_windows, tokenizer_for
from index.models.model_folder import ModelFolder, find_folder

VARIABLE = "READER_MODEL"
_WINDOW, _STRIDE = 384, 128
# Positions that some models count from the padding's id on, so that their window is that much shorter.
_RESERVED_POSITIONS = 2
_LONGEST_ANSWER = 30


@dataclass(frozen=True, slots=True)
class ExtractiveModel:
    """A question-answering model on disk; `window` is the number of tokens that it is given at once."""

    folder: ModelFolder
    window: int


def find_reader(name: str) -> ExtractiveModel:
    """Find the model of this name: a folder, or one of the Hugging Face hub (its cache first).

    Raises ModelUnusable when it is missing, when its weights are not in safetensors form, when it would run code of its
    own, or when it does not find answers in passages.
    """
    folder = find_folder(VARIABLE, name)
    folder.require(("config.json", "model.safetensors", "tokenizer.json"), "question-answering models")
    if not folder.is_made_for("ForQuestionAnswering"):
        raise folder.unusable(
            "does not find answers in passages: choose a model for question answering that was trained on SQuAD 2.0"
        )
    positions = folder.json("config.json").get("max_position_embeddings")
    room = positions - _RESERVED_POSITIONS if isinstance(positions, int) and positions > 0 else _WINDOW
    if room <= _STRIDE:
        raise folder.unusable(f"reads {room} tokens at once, which is less than a passage has")
    return ExtractiveModel(folder, min(_WINDOW, room))


class ExtractiveReader:
    """A loaded question-answering model on a device. Thread-safe.

    Raises ModelUnusable for files that do not fit together.
    """

    def __init__(
        self,
        model: ExtractiveModel,
        calibration: Calibration = AS_IT_CLAIMS,
        dtype: torch.dtype | None = None,
        clock: Callable[[], float] = monotonic,
        device: str = "cpu",
    ) -> None:
        # Imported here because transformers takes seconds, and whoever only looks for a model needs none of it.
        from transformers import AutoModelForQuestionAnswering
        from transformers.utils.logging import disable_progress_bar

        # Otherwise transformers draws a bar of its own over the answer.
        disable_progress_bar()  # type: ignore[no-untyped-call]
        self.name = model.folder.name
        self._calibration = calibration
        self._clock = clock
        self._device = device
        self._lock = Lock()
        try:
            self._tokenizer: Tokenizer = tokenizer_for(str(model.folder.path / "tokenizer.json"), model.window, _STRIDE)
            self._network: Any = AutoModelForQuestionAnswering.from_pretrained(
                str(model.folder.path), local_files_only=True, trust_remote_code=False, use_safetensors=True
            ).to(device, dtype or torch.float32)
        except Exception as error:  # the tokenizers library raises nothing more exact
            raise model.folder.unfit(error) from error
        self._network.eval()
        self._tells_texts_apart = "token_type_ids" in inspect.signature(self._network.forward).parameters
        if self._tokenizer.encode("a", "b").special_tokens_mask[0] != 1:
            raise model.folder.unusable("does not begin with a token that stands for no answer")

    def read(self, question: str, passages: Sequence[str], seconds: float) -> list[Reading]:
        """Give the reading of each passage, in their order; what there is no time for is `UNREAD`."""
        until = self._clock() + seconds
        with self._lock:
            return read_in_windows(self._tokenizer, question, passages, self._judge, lambda: self._clock() <= until)

    @torch.inference_mode()
    def _judge(self, batch: Batch) -> list[Reading]:
        fields = {"input_ids": batch.ids, "attention_mask": batch.mask.long()}
        if self._tells_texts_apart:
            fields["token_type_ids"] = batch.kinds
        output = self._network(**{name: tensor.to(self._device) for name, tensor in fields.items()})
        starts, ends = (logits.float().cpu().nan_to_num() for logits in (output.start_logits, output.end_logits))
        spans, scores = best_spans(starts, ends, batch.inside, _LONGEST_ANSWER)
        return [
            Reading(self._calibration.probability(float(score)), characters(window, int(first), int(last)))
            for window, (first, last), score in zip(batch.windows, spans, scores, strict=True)
        ]
