"""Train CrossEncoders as verifiers on AttributionBench, to measure what one is worth where none can be downloaded.

    python -m tests.benchmarks.train_verifier ../shared/eval/attributionbench/dev.jsonl WORK_FOLDER

Each fold's model begins as the bundled embedding model, learns from the claims of the other questions, and judges
those of its own, so that no claim is judged by what has seen its question. Prints the macro-F1 of entailment alone, and
leaves in `WORK_FOLDER` one model for each fold and `folds.json`, the fold of each claim in order.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from index.models.cross_encoder import CrossEncoder, find_verifier
from index.models.model import DEFAULT_MODEL, find_model
from tests.benchmarks.attribution import Row, rows

FOLDS, EPOCHS, BATCH, WINDOW, SENTENCES, RATE = 2, 3, 16, 192, 4, 1e-4

Pair = tuple[str, str]


def premise(row: Row) -> str:
    """Return the sentences of the references that come closest to the claim, in their order."""
    every = [sentence for passage in row.passages for sentence in passage if sentence.vector is not None]
    nearness = [float(sentence.vector @ row.vector) for sentence in every if sentence.vector is not None]
    best = sorted(np.argsort(nearness)[-SENTENCES:])
    return " ".join(every[place].text for place in best)


def fold_of(question: str) -> int:
    """Return the fold of a question, the same each time."""
    return hashlib.sha256(question.encode()).digest()[0] % FOLDS


def train(pairs: Sequence[Pair], labels: Sequence[bool], folder: Path) -> None:
    """Write a CrossEncoder with one score into `folder`."""
    torch.manual_seed(7)
    origin = str(find_model(DEFAULT_MODEL).folder)
    tokenizer = AutoTokenizer.from_pretrained(origin, model_max_length=WINDOW)
    model = AutoModelForSequenceClassification.from_pretrained(origin, num_labels=1, use_safetensors=True)
    # A vocabulary is not learnt from a thousand claims, and is half of the model.
    model.base_model.embeddings.requires_grad_(False)
    optimiser = torch.optim.AdamW([each for each in model.parameters() if each.requires_grad], lr=RATE)
    batches = [batch for epoch in range(EPOCHS) for batch in _batches(pairs, epoch)]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.1 * len(batches)), 1 - step / len(batches))
    )
    model.train()
    started = perf_counter()
    for step, batch in enumerate(batches):
        first, second = zip(*(pairs[place] for place in batch), strict=True)
        features = tokenizer(list(first), list(second), truncation=True, padding=True, return_tensors="pt")
        wanted = torch.tensor([float(labels[place]) for place in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(**features).logits.squeeze(-1)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), wanted)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        if step % 10 == 0:
            print(f"{step}/{len(batches)} loss {loss.item():.3f}, {perf_counter() - started:.0f} s", flush=True)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _batches(pairs: Sequence[Pair], epoch: int) -> list[list[int]]:
    """Return the places of pairs of like length together, in an order that differs from epoch to epoch."""
    shuffled = random.Random(epoch)
    places = sorted(range(len(pairs)), key=lambda place: len(pairs[place][0]) + shuffled.random() * 200)
    batches = [places[start : start + BATCH] for start in range(0, len(places), BATCH)]
    shuffled.shuffle(batches)
    return batches


def main() -> None:
    """Train, judge and print."""
    path, work = map(Path, sys.argv[1:])
    torch.set_num_threads(1)
    found = rows(path, work)
    questions = [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]
    folds = [fold_of(question) for question in questions]
    (work / "folds.json").write_text(json.dumps(folds))
    pairs = [(premise(row), row.claim) for row in found]
    gold = np.array([row.is_supported for row in found])
    judged: NDArray[np.float32] = np.zeros(len(found), dtype=np.float32)
    for fold in range(FOLDS):
        own = [place for place, other in enumerate(folds) if other == fold]
        others = [place for place, other in enumerate(folds) if other != fold]
        folder = work / f"verifier-{fold}"
        train([pairs[place] for place in others], [bool(gold[place]) for place in others], folder)
        judged[own] = CrossEncoder(find_verifier(str(folder))).entailment([pairs[place] for place in own])
        score = f1_score(gold[own], judged[own] >= 0.5, average="macro")
        print(f"fold {fold}: {len(own)} claims, macro-F1 {score:.3f}", flush=True)
    print(f"entailment alone, out of fold: macro-F1 {f1_score(gold, judged >= 0.5, average='macro'):.3f}")
    for source in sorted({row.source for row in found}):
        own = [place for place, row in enumerate(found) if row.source == source]
        print(f"  {source}: {f1_score(gold[own], judged[own] >= 0.5, average='macro'):.3f} of {len(own)}")


if __name__ == "__main__":
    main()
