"""Train a reader: all-MiniLM-L6-v2 learns to find an answer in a passage, and to doubt that there is one.

    python -m tests.benchmarks.train_reader ../shared/train reader.safetensors --minutes 90

The folder holds `<source>.jsonl.gz` files of questions with passages and answers (`reader_questions`), half of what is
learnt from are near-misses (`reader_pairs`). The rate falls at the end of the time given, whatever else the machine
does.

What comes of it does not ship yet: after 25,000 near-misses it tells them from answers with an AUROC of .63 on SQuAD's
own paragraphs, and was still learning. Begin with answers (`--easy`), then go on (`--begin`, `--easy 0`).
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from index.models.model import DEFAULT_MODEL, find_model
from tests.benchmarks.reader_network import Network
from tests.benchmarks.reader_pairs import EASY, ROOM, Changer, Maker, Pair
from tests.benchmarks.reader_questions import SOURCES, questions_of

_CLS, _SEP = 101, 102  # what BERT's vocabulary begins and ends a text with
SEED, WORKERS, FROZEN = 7, 2, 2
# Pairs of at most so many tokens make a batch.
LONGEST_QUESTION, BATCH_TOKENS = 40, 1600
RATE, DECAY_BY_LAYER, HEAD_RATE, WEIGHT_DECAY, WARM_STEPS, FALLING = 2.5e-4, 0.9, 4e-4, 0.01, 150, 0.35


@dataclass(frozen=True, slots=True)
class Example:
    """A pair in tokens; `first` and `last` are places in the passage, -1 for no span, None for an unknown one."""

    question: list[int]
    passage: list[int]
    answers: bool
    first: int | None
    last: int | None


def train(data: Path, output: Path, minutes: float, begin: Path | None, easy: float, sources: Sequence[str]) -> None:
    """Train for so many minutes, from `begin` or the embedding model, and keep the weights in `output`.

    `easy` is the share of the time in which most passages answer and every answer is known by its place.
    """
    torch.manual_seed(SEED)
    chance = random.Random(SEED if begin is None else f"{SEED}{begin}")
    folder = find_model(DEFAULT_MODEL).folder
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    questions = []
    for name in sources:
        questions += questions_of(data, name)
        _say(f"{name}: {len(questions)} questions so far")
    _say(f"{len(questions)} questions, {sum(each.answerable for each in questions)} with an answer")
    maker = Maker(questions, Changer(tokenizer, folder, questions, chance), chance, easy * minutes)
    network = start(folder) if begin is None else resume(folder, begin)
    learner = Learner(network, minutes)
    batches = _batches(maker, tokenizer, chance)
    workers = [Thread(target=learner.work, args=(batches, output)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    save(network, output)


def start(folder: Path) -> Network:
    """Return a network that begins as the embedding model in `folder`."""
    theirs = load_file(folder / "model.safetensors")
    network = Network()
    own = network.state_dict()
    for name, theirs_name in (("words", "word"), ("positions", "position"), ("kinds", "token_type")):
        own[f"{name}.weight"] = theirs[f"embeddings.{theirs_name}_embeddings.weight"]
    for part in ("weight", "bias"):
        own[f"norm.{part}"] = theirs[f"embeddings.LayerNorm.{part}"]
        for layer in range(len(network.layers)):
            old, new = f"encoder.layer.{layer}", f"layers.{layer}"
            attention = [theirs[f"{old}.attention.self.{side}.{part}"] for side in ("query", "key", "value")]
            own[f"{new}.attend.{part}"] = torch.cat(attention)
            own[f"{new}.attended.{part}"] = theirs[f"{old}.attention.output.dense.{part}"]
            own[f"{new}.attended_norm.{part}"] = theirs[f"{old}.attention.output.LayerNorm.{part}"]
            own[f"{new}.widen.{part}"] = theirs[f"{old}.intermediate.dense.{part}"]
            own[f"{new}.narrow.{part}"] = theirs[f"{old}.output.dense.{part}"]
            own[f"{new}.norm.{part}"] = theirs[f"{old}.output.LayerNorm.{part}"]
    network.load_state_dict(own)
    return network


def resume(folder: Path, weights: Path) -> Network:
    """Return a network that goes on from what `save` kept."""
    network = start(folder)
    network.load_state_dict({key: value.float() for key, value in load_file(weights).items()}, strict=False)
    return network


def save(network: nn.Module, output: Path) -> None:
    """Write all but the word embeddings in bfloat16, whole or not at all."""
    parts = {key: value.detach() for key, value in network.state_dict().items() if key != "words.weight"}
    partial = output.with_suffix(".partial")
    save_file({key: value.to(torch.bfloat16).contiguous() for key, value in parts.items()}, partial)
    partial.replace(output)
    _say(f"kept {output.name} {hashlib.sha256(output.read_bytes()).hexdigest()[:12]}")


class Learner:
    """AdamW over float32 weights. Each worker has a copy in bfloat16 that it computes its gradients with.

    The workers take their steps when they are ready, one at a time, with gradients that may be a step old: none waits
    for another, which on a busy machine is worth more than gradients that are never old.
    """

    def __init__(self, network: Network, minutes: float) -> None:
        self._network, self._minutes = network, minutes
        _freeze(network)
        self._trained = [weights for weights in network.parameters() if weights.requires_grad]
        groups = []
        for name, weights in network.named_parameters():
            if weights.requires_grad:
                layer = re.match(r"layers\.(\d)", name)
                depth = len(network.layers) - int(layer[1]) - 1 if layer else len(network.layers)
                head = name.startswith(("span", "answers"))
                rate = HEAD_RATE if head else RATE * DECAY_BY_LAYER**depth
                decay = WEIGHT_DECAY if weights.dim() > 1 else 0.0
                groups.append({"params": [weights], "lr": rate, "full": rate, "weight_decay": decay})
        self._optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
        self._lock = Lock()
        self._begun = self._kept = self._said = time.monotonic()
        self._steps = self._pairs = 0
        self._recent: list[tuple[float, float]] = []

    def work(self, batches: Iterator[list[Example]], output: Path) -> None:
        """Learn from batches until the time is over; keep the weights in `output` now and then."""
        torch.set_num_threads(1)
        copy = Network().to(torch.bfloat16)
        _freeze(copy)
        self._refresh(copy)
        while self._passed() < 1:
            with self._lock:
                batch = next(batches)
            span, answers = _losses(copy, batch)
            (span + answers).backward()  # type: ignore[no-untyped-call]
            with self._lock:
                self._step(copy)
                self._pairs += len(batch)
                self._recent.append((span.item(), answers.item()))
                self._report(output)

    def _passed(self) -> float:
        return (time.monotonic() - self._begun) / 60 / self._minutes

    def _step(self, copy: Network) -> None:
        copies = [weights for weights in copy.parameters() if weights.requires_grad]
        for weights, of_copy in zip(self._trained, copies, strict=True):
            weights.grad = None if of_copy.grad is None else of_copy.grad.float()
            of_copy.grad = None
        nn.utils.clip_grad_norm_(self._trained, 1.0)
        self._steps += 1
        falling = max(0.0, 1 - self._passed()) / FALLING
        for group in self._optimiser.param_groups:
            group["lr"] = group["full"] * min(1.0, self._steps / WARM_STEPS, falling)
        self._optimiser.step()
        self._refresh(copy)

    @torch.no_grad()
    def _refresh(self, copy: Network) -> None:
        for weights, of_copy in zip(self._network.parameters(), copy.parameters(), strict=True):
            if weights.requires_grad or not self._steps:
                of_copy.copy_(weights)

    def _report(self, output: Path) -> None:
        now = time.monotonic()
        if now - self._said > 60:
            span, answers = np.mean(self._recent, axis=0)
            self._said, self._recent = now, []
            _say(f"{self._passed():.0%} step {self._steps} pairs {self._pairs} span {span:.3f} answers {answers:.3f}")
        if now - self._kept > 200:
            self._kept = now
            save(self._network, output)


def _freeze(network: Network) -> None:
    """Leave the words and the lowest layers as the embedding model has them: no time is spent on their gradients."""
    for part in (network.words, network.positions, network.kinds, network.norm, *network.layers[:FROZEN]):
        part.requires_grad_(False)


def _losses(network: Network, batch: Sequence[Example]) -> tuple[Tensor, Tensor]:
    ids, kinds, mask = pad([(example.question, example.passage) for example in batch])
    starts, ends, answers = (part.float() for part in network(ids, kinds, mask))
    right = torch.tensor([float(example.answers) for example in batch])
    answer_loss = nn.functional.binary_cross_entropy_with_logits(answers, right)
    # A place that is not known is left out: cross entropy ignores it.
    firsts = torch.tensor([_target(example, example.first) for example in batch])
    lasts = torch.tensor([_target(example, example.last) for example in batch])
    cross = [
        nn.functional.cross_entropy(scores.masked_fill(~mask, -1e4), target, ignore_index=-100, reduction="sum")
        for scores, target in ((starts, firsts), (ends, lasts))
    ]
    known = max(1, int((firsts >= 0).sum()))
    return (cross[0] + cross[1]) / 2 / known, answer_loss


def _target(example: Example, place: int | None) -> int:
    if place is None:
        return -100
    return 0 if place < 0 else len(example.question) + 2 + place


def _batches(maker: Maker, tokenizer: Tokenizer, chance: random.Random) -> Iterator[list[Example]]:
    """Yield batches of examples of like length without end, one epoch after the other."""
    while True:
        many: list[Example] = []
        for pair in maker.epoch():
            many.append(_example(pair, tokenizer, maker.room(), chance))
            if len(many) == 2048:
                yield from _parted(many, chance)
                many = []


def _parted(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    examples.sort(key=lambda example: len(example.question) + len(example.passage))
    batches: list[list[Example]] = [[]]
    for example in examples:
        length = len(example.question) + len(example.passage) + 3
        if batches[-1] and (len(batches[-1]) + 1) * length > BATCH_TOKENS:
            batches.append([])
        batches[-1].append(example)
    chance.shuffle(batches)
    return batches


def _example(pair: Pair, tokenizer: Tokenizer, room: int, chance: random.Random) -> Example:
    """Return a pair in tokens: a part of the passage, around the answer, or around the words that are asked about."""
    question = tokenizer.encode(pair.question, add_special_tokens=False).ids[:LONGEST_QUESTION]
    encoded = tokenizer.encode(pair.passage, add_special_tokens=False)
    ids, offsets = encoded.ids, encoded.offsets
    first: int | None = None
    last: int | None = None
    if pair.span:
        inside = [place for place, (start, end) in enumerate(offsets) if end > pair.span[0] and start < pair.span[1]]
        if inside:
            first, last = inside[0], inside[-1]
    elif not pair.answers:
        first = last = -1
    if len(ids) <= room:
        return Example(question, ids, pair.answers, first, last)
    if first is not None and last is not None and first >= 0:
        length = last - first + 1
        low, high = max(0, last + 1 - room), first
        begin = chance.randint(low, high) if low <= high else first
        last = min(last, begin + max(room, length) - 1)
    else:
        asked = set(question)
        marks = [place for place, each in enumerate(ids) if each in asked and each > 2100]
        middle = chance.choice(marks) if marks else chance.randrange(len(ids))
        begin = middle - chance.randrange(room)
        if pair.answers:
            # It is not known where the answer stands: most such passages begin with what matters.
            begin, room = 0, ROOM[1]
    begin = max(0, min(begin, len(ids) - room))
    begin = _at_sentence(pair.passage, offsets, begin, first)
    if first is not None and last is not None and first >= 0:
        first, last = first - begin, last - begin
        room = max(room, last + 1)
    return Example(question, ids[begin : begin + room], pair.answers, first, last)


def _at_sentence(text: str, offsets: Sequence[tuple[int, int]], begin: int, first: int | None) -> int:
    """Return the first token of the next sentence, unless that is far or beyond the answer."""
    for place in range(begin, min(begin + 25, len(offsets))):
        if first is not None and 0 <= first <= place:
            return begin
        if place == 0 or text[: offsets[place][0]].rstrip()[-1:] in (".", "!", "?"):
            return place
    return begin


def _say(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description="Train a reader.")
    parser.add_argument("data", type=Path, help="the folder of the sources")
    parser.add_argument("output", type=Path, help="the .safetensors file to write")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--begin", type=Path, help="go on from these weights")
    parser.add_argument("--easy", type=float, default=EASY, help="the share of the time without most near-misses")
    parser.add_argument("--sources", nargs="*", default=list(SOURCES))
    given = parser.parse_args()
    train(given.data, given.output, given.minutes, given.begin, given.easy, given.sources)


def pad(pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> tuple[Tensor, Tensor, Tensor]:
    """Give ids, kinds and mask of questions with their passages, each `(batch, length)`."""
    rows = [[_CLS, *question, _SEP, *passage, _SEP] for question, passage in pairs]
    length = max(map(len, rows))
    ids = torch.tensor([row + [0] * (length - len(row)) for row in rows])
    places = torch.arange(length)
    mask = places < torch.tensor([[len(row)] for row in rows])
    kinds = ((places >= torch.tensor([[len(question) + 2] for question, _ in pairs])) & mask).long()
    return ids, kinds, mask


if __name__ == "__main__":
    main()
