"""A question-answering model that is made by hand, in a second: a BERT with no layer that finds numbers.

Every token's vector says whether it is a number and which text it stands in, so that its readings can be foreseen: the
answer is a number of the passage, and where there is none, no answer is more likely than any.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from transformers import BertConfig, BertForQuestionAnswering

_WIDTH = 8
_IS_NUMBER, _IS_START, _IS_OTHER = 0, 1, 2
_SURE = 4.0


def build_question_answering(folder: Path, tokenizer: Path) -> Path:
    """Write a model into `folder` that finds the numbers in a passage, with the tokenizer in another folder."""
    vocabulary = json.loads((tokenizer / "tokenizer.json").read_text())["model"]["vocab"]
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=_WIDTH,
        num_hidden_layers=0,
        num_attention_heads=1,
        intermediate_size=1,
        max_position_embeddings=200,
    )
    model = BertForQuestionAnswering(config).requires_grad_(False)
    for parameter in model.parameters():
        parameter.zero_()
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            module.weight.fill_(1.0)
    weights = dict(model.named_parameters())
    words = weights["bert.embeddings.word_embeddings.weight"]
    words[:, _IS_OTHER] = 1.0
    for word, place in vocabulary.items():
        if word.isascii() and word.isdigit():
            words[place] = torch.eye(_WIDTH)[_IS_NUMBER]
    words[vocabulary["[CLS]"]] = torch.eye(_WIDTH)[_IS_START]
    head = weights["qa_outputs.weight"]
    head[:, _IS_NUMBER], head[:, _IS_OTHER] = _SURE, -_SURE
    model.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(tokenizer / file, folder / file)
    return folder
