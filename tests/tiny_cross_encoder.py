"""A CrossEncoder that is made by hand, in a second: a BERT of two layers whose every weight has a meaning.

The first layer looks each word up in the other text, the second asks how many of one text's words were found there and
whether either text says "not". So its judgements can be foreseen: a passage is as relevant as it holds a question's
words; a claim whose words are all in the premise is entailed, one that says "not" where the other does not contradicts
it, anything else is neutral. Common words ("the", "is") do not count.
"""

from __future__ import annotations

import json
import shutil
from enum import IntEnum
from pathlib import Path

import torch
from torch import Tensor
from transformers import BertConfig, BertForSequenceClassification

_CODE, _HEAD, _HEADS = 31, 32, 4
# Whatever stands in the first half of a vector stands in the second as its negative, so that the mean is 0.
_HALF = _HEAD * _HEADS // 2
# BERT's vocabulary begins with marks and the commonest words.
_FIRST_RARE_WORD = 2200
_NEGATIONS = ("not", "no", "never", "without")
_SURE = 8.0


class _Is(IntEnum):
    """What a token's vector says of it besides its code, each as a number."""

    SECOND = _CODE  # -1 in the first text, 1 in the second
    RARE = _CODE + 1
    NEGATION = _CODE + 2
    START = _CODE + 3
    FOUND = _CODE + 4  # 1: the other text has it too, -1: it has not
    SHARE_FOUND = _CODE + 5
    SECOND_NEGATED = _CODE + 6
    FIRST_NEGATED = _CODE + 7


def build_reranker(folder: Path, tokenizer: Path) -> Path:
    """Write a CrossEncoder with one score into `folder`: how many of the first text's rare words the second has."""
    model = _bert({0: "LABEL_0"}, looked_up=-1)
    weights = dict(model.named_parameters())
    weights["bert.pooler.dense.weight"][0, _Is.SHARE_FOUND] = 1.0
    weights["classifier.weight"][0, 0] = _SURE
    return _saved(model, folder, tokenizer)


def build_nli(folder: Path, tokenizer: Path) -> Path:
    """Write a CrossEncoder into `folder` that tells contradiction, entailment and neutral apart, in this order."""
    model = _bert({0: "contradiction", 1: "entailment", 2: "neutral"}, looked_up=1)
    weights = dict(model.named_parameters())
    pooler, bias = weights["bert.pooler.dense.weight"], weights["bert.pooler.dense.bias"]
    classifier = weights["classifier.weight"]
    all_found, only_second_negated, only_first_negated = 0, 1, 2
    pooler[all_found, _Is.SHARE_FOUND], bias[all_found] = 6.0, -4.0
    for unit, sign in ((only_second_negated, 1), (only_first_negated, -1)):
        pooler[unit, _Is.SECOND_NEGATED], pooler[unit, _Is.FIRST_NEGATED], bias[unit] = 6.0 * sign, -6.0 * sign, -3.0
        classifier[0, unit] = _SURE
    weights["classifier.bias"][0] = _SURE
    classifier[1, all_found], classifier[2, all_found] = _SURE / 2, -_SURE / 2
    return _saved(model, folder, tokenizer)


def _bert(labels: dict[int, str], looked_up: int) -> BertForSequenceClassification:
    """Return the two layers; the words of the second text are looked up in the first if `looked_up` is 1, else -1."""
    config = BertConfig(
        hidden_size=2 * _HALF,
        num_hidden_layers=2,
        num_attention_heads=_HEADS,
        intermediate_size=1,
        max_position_embeddings=128,
        id2label=labels,
        label2id={label: place for place, label in labels.items()},
        classifier_dropout=0.0,
    )
    model = BertForSequenceClassification(config).requires_grad_(False)
    for parameter in model.parameters():
        parameter.zero_()
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            # It divides by the spread, which is nearly that of the code alone.
            module.weight.fill_((_CODE / _HALF) ** 0.5)

    weights = dict(model.named_parameters())
    find, count = (f"bert.encoder.layer.{layer}.attention" for layer in range(2))

    # First layer: a token attends to its like, rather in the text in which it is looked up.
    weights[f"{find}.self.query.weight"][:_CODE, :_CODE] = torch.eye(_CODE) * _HEAD**0.5
    weights[f"{find}.self.key.weight"][:_CODE, :_CODE] = torch.eye(_CODE)
    weights[f"{find}.self.query.bias"][_CODE] = _HEAD**0.5
    weights[f"{find}.self.key.weight"][_CODE, _Is.SECOND] = -2.0 * looked_up
    weights[f"{find}.self.value.weight"][0, _Is.SECOND] = -1.0 * looked_up
    _write(weights[f"{find}.output.dense.weight"], 0, _Is.FOUND)

    # Second layer: the start gathers what was found of the rare words, and the negations of either text.
    gathered = (
        (_Is.RARE, looked_up, _Is.FOUND, _Is.SHARE_FOUND),
        (_Is.NEGATION, 1, _Is.NEGATION, _Is.SECOND_NEGATED),
        (_Is.NEGATION, -1, _Is.NEGATION, _Is.FIRST_NEGATED),
    )
    for head, (wanted, side, told, kept) in enumerate(gathered):
        first = head * _HEAD
        weights[f"{count}.self.query.bias"][first] = _HEAD**0.5
        # Those wanted come to 30, the start itself, which stands in for them where there are none, to 20, others to 10.
        weights[f"{count}.self.key.weight"][first, wanted] = 20.0
        weights[f"{count}.self.key.weight"][first, _Is.SECOND] = 10.0 * side
        weights[f"{count}.self.key.weight"][first, _Is.START] = 20.0 + 10.0 * side
        weights[f"{count}.self.value.weight"][first, told] = 1.0
        _write(weights[f"{count}.output.dense.weight"], first, kept)
    return model


def _write(output: Tensor, source: int, feature: _Is) -> None:
    output[feature, source], output[feature + _HALF, source] = 1.0, -1.0


def _saved(model: BertForSequenceClassification, folder: Path, tokenizer: Path) -> Path:
    """Give the model its vocabulary, that of the tokenizer in this folder, and write all of it."""
    vocabulary = json.loads((tokenizer / "tokenizer.json").read_text())["model"]["vocab"]
    generator = torch.Generator().manual_seed(7)
    words = torch.zeros(len(vocabulary), _HALF)
    words[:, :_CODE] = torch.randint(0, 2, (len(vocabulary), _CODE), generator=generator) * 2.0 - 1.0
    words[_FIRST_RARE_WORD:, _Is.RARE] = 1.0
    for word in _NEGATIONS:
        words[vocabulary[word], _Is.RARE], words[vocabulary[word], _Is.NEGATION] = 0.0, 1.0
    words[vocabulary["[CLS]"], _Is.START] = 1.0
    texts = torch.zeros(2, _HALF)
    texts[:, _Is.SECOND] = torch.tensor([-1.0, 1.0])
    weights = dict(model.named_parameters())
    weights["bert.embeddings.word_embeddings.weight"].copy_(torch.cat([words, -words], dim=1))
    weights["bert.embeddings.token_type_embeddings.weight"].copy_(torch.cat([texts, -texts], dim=1))
    model.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(tokenizer / file, folder / file)
    return folder
