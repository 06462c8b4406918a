"""Train the built-in reader: all-MiniLM-L6-v2 learns to find an answer in a passage, and to doubt that there is one.

    python -m tests.benchmarks.train_reader ../shared/train reader.safetensors --minutes 90

The folder holds `<source>.jsonl.gz` files of questions with passages and answers; `SOURCES` says which are read. Half
of what is learnt from are near-misses, most of them made here: the passage without the sentence that answers, the
passage that is most like the question and has not the answer, and pairs in which a name, number or word of the
question was changed on one side. Where it was changed on both sides the passage still answers, so that an odd word
alone tells nothing. The rate falls at the end of the time given, whatever else the machine does.

What comes of it does not ship yet: after 25,000 near-misses it tells them from answers with an AUROC of .63 on SQuAD's
own paragraphs, and was still learning. Begin with answers (`--easy`), then go on (`--begin`, `--easy 0`).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Tokenizer
from torch import Tensor, nn

from bot.answering.reading.builtin import Network
from index.models.model import DEFAULT_MODEL, find_model

_CLS, _SEP = 101, 102  # what BERT's vocabulary begins and ends a text with


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the training folder: its licence, how often an epoch asks its questions, at most how many rows."""

    licence: str
    share: float = 1.0
    most: int = 1_000_000


SOURCES = {
    "squad2_train_part": Source("CC BY-SA 4.0", share=2),
    "squad1_train_mrqa_part": Source("CC BY-SA 4.0", share=2),
    "squad_train_empty_part": Source("CC BY-SA 4.0", share=2),
    "squad_train_reqa_sentences": Source("CC BY-SA 4.0"),
    "squad_train_nqg_sentences": Source("CC BY-SA 4.0"),
    "qed_nq_dev": Source("CC BY-SA 3.0", share=3),
    "nqswap": Source("MIT, text CC BY-SA 3.0", share=0.5),
    "selqa": Source("Apache-2.0", share=1),
    "timeqa_human": Source("BSD-3-Clause", share=0.6),
    "covidqa_deepset": Source("Apache-2.0"),
    "bioasq_snippets": Source("CC BY 2.5", share=0.4),
    "fairytaleqa": Source("Apache-2.0", share=0.25),
    "qamr": Source("MIT", share=0.35),
    "boolq_part": Source("CC BY-SA 3.0", share=0.5),
    "pubmedqa_labelled": Source("MIT", share=0.3),
    "medquad": Source("CC BY 4.0", share=0.05),
}
SEED, WORKERS, FROZEN = 7, 2, 2
# Tokens of a passage that a pair shows, drawn anew each time; and pairs of at most so many tokens make a batch.
ROOM, EASY_ROOM, LONGEST_QUESTION, BATCH_TOKENS = (25, 100), (25, 90), 40, 1600
RATE, DECAY_BY_LAYER, HEAD_RATE, WEIGHT_DECAY, WARM_STEPS, FALLING = 2.5e-4, 0.9, 4e-4, 0.01, 150, 0.35
# How a near-miss is made, how often it is the passage that is changed, and how often, where one answers, both are.
CUT, LIKE, CHANGED, OTHER_SIDE, CHANGED_BOTH = 0.25, 0.3, 0.45, 0.35, 0.15
NEIGHBOURS = 8
# The first share of the time has few near-misses, and all answers are known by their place: who cannot find an answer
# cannot miss it.
EASY, EASY_MISSES = 0.35, 0.15
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+|\d[\d,.]*\d|\d")
_NAME = re.compile(r"\b[A-Z][\w'-]+(?:\s+(?:(?:of|the|de|van)\s+)?[A-Z][\w'-]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(\[A-Z0-9])|\s\.\s+|\n+")
_OPPOSITES = """
first/last before/after more/less most/least largest/smallest highest/lowest oldest/newest north/south east/west
northern/southern eastern/western up/down win/lose won/lost increase/decrease increased/decreased rise/fall rose/fell
begin/end began/ended start/stop started/stopped buy/sell bought/sold male/female man/woman men/women king/queen
father/mother son/daughter brother/sister husband/wife early/late earliest/latest high/low large/small old/new
long/short longest/shortest open/close opened/closed accept/reject accepted/rejected enter/leave entered/left
arrive/depart support/oppose supported/opposed allow/forbid allowed/banned legal/illegal major/minor maximum/minimum
majority/minority inside/outside above/below right/left good/bad best/worst strong/weak strongest/weakest rich/poor
hot/cold warm/cool ancient/modern public/private foreign/domestic internal/external import/export imports/exports
create/destroy created/destroyed build/demolish built/demolished born/died birth/death arrive/leave give/take gave/took
attack/defend attacked/defended ally/enemy allies/enemies friend/enemy success/failure advantage/disadvantage
positive/negative day/night summer/winter spring/autumn morning/evening upper/lower include/exclude includes/excludes
common/rare always/never permanent/temporary same/different direct/indirect formal/informal natural/artificial
gain/lose gained/lost love/hate like/dislike agree/disagree agreed/disagreed add/remove added/removed
former/current previous/next second/third fastest/slowest fast/slow hard/soft can/cannot did/didn't is/isn't was/wasn't
does/doesn't are/aren't were/weren't has/hasn't had/hadn't will/won't
"""
_COMMON_WORDS = """
a an and are as at be been being but by can did do does for from had has have he her his how i if in into is it its
kind many me much name no not of on one or other out she so some such than that the their them then there these they
this those to type used using was we were what when where which who whom whose why will with would you your about
after also because between called could during each first may more most made make only over same should through
under used very while
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(slots=True)
class Question:
    """A question, a passage, and where in it the answers stand: none of them known if it only says that it answers."""

    text: str
    passage: str
    group: str
    answers: tuple[str, ...]
    start: int | None
    answerable: bool
    share: float
    like: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pair:
    """What is learnt from: whether the passage answers, and the characters that do, where that is known."""

    question: str
    passage: str
    answers: bool
    span: tuple[int, int] | None = None


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
    questions = [each for name in sources for each in _questions(data, name)]
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


class Maker:
    """Makes the pairs of an epoch: every question in its share, half of them with a passage that does not answer."""

    def __init__(self, questions: Sequence[Question], changer: Changer, chance: random.Random, easy: float) -> None:
        self._questions, self._changer, self._chance = questions, changer, chance
        self._easy_until = time.monotonic() + easy * 60

    @property
    def easy(self) -> bool:
        """Whether the first part of the time lasts."""
        return time.monotonic() < self._easy_until

    def room(self) -> int:
        """Return how many tokens of the next passage are to be shown."""
        return self._chance.randint(*(EASY_ROOM if self.easy else ROOM))

    def epoch(self) -> Iterator[Pair]:
        """Yield pairs, shuffled."""
        asked: list[Question] = []
        for question in self._questions:
            times = int(question.share) + (self._chance.random() < question.share % 1)
            asked += [question] * times
        self._chance.shuffle(asked)
        for question in asked:
            easy = self.easy
            if easy and question.start is None:
                continue
            if easy and self._chance.random() > EASY_MISSES:
                yield self._answered(question)
            elif not question.answerable:
                yield Pair(question.text, question.passage, False)
            else:
                yield self._answered(question)
                missed = self._missed(question)
                if missed:
                    yield missed

    def _answered(self, question: Question) -> Pair:
        span = _span(question.start, question.answers)
        if self._chance.random() < CHANGED_BOTH:
            changed = self._changer.change(question, shared=True)
            if changed:
                text, passage, _ = changed
                shift = _shifted(question, passage)
                if span is None or shift is not None:
                    return Pair(text, passage, True, shift)
        return Pair(question.text, question.passage, True, span)

    def _missed(self, question: Question) -> Pair | None:
        # In a random order, each the likelier to come first the greater its share.
        shares = {"cut": CUT, "like": LIKE, "changed": CHANGED}
        for kind in sorted(shares, key=lambda kind: self._chance.random() ** (1 / shares[kind]), reverse=True):
            if kind == "cut":
                rest = _without(question)
                if rest:
                    return Pair(question.text, rest, False)
            elif kind == "like" and question.like:
                return Pair(question.text, self._chance.choice(question.like), False)
            elif kind == "changed":
                changed = self._changer.change(question, shared=False)
                if changed:
                    text, passage, both = changed
                    if both and self._chance.random() < OTHER_SIDE:
                        return Pair(question.text, passage, False)
                    return Pair(text, question.passage, False)
        return None


class Changer:
    """Changes one name, number or word of a question to another of its kind."""

    def __init__(
        self, tokenizer: Tokenizer, folder: Path, questions: Sequence[Question], chance: random.Random
    ) -> None:
        self._chance = chance
        pairs = [pair.split("/") for pair in _OPPOSITES.split()]
        self._opposites = {one: other for pair in pairs for one, other in (pair, pair[::-1])}
        self._near = _nearest(tokenizer, load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"])
        self._names: dict[str, list[str]] = defaultdict(list)
        for question in questions[:: max(1, len(questions) // 40_000)]:
            self._names[question.group] += _names(question.passage)
        self._every = [name for names in self._names.values() for name in names]

    def change(self, question: Question, shared: bool) -> tuple[str, str, bool] | None:
        """Return the question with something changed, the passage likewise, and whether that had it too.

        Only what the passage has is changed where `shared`, and never a part of the answer.
        """
        answers = " ".join(question.answers).lower()
        options: list[tuple[str, str, float]] = []
        for name in _names(question.text):
            # A name at the beginning may be "What".
            if not question.text.startswith(name):
                options.append((name, self._other_name(name, question), 3.0))
        for word in _WORD.findall(question.text):
            lower = word.lower()
            if word[0].isdigit():
                options.append((word, self._other_number(word, question.passage), 3.0))
            elif lower in self._opposites:
                options.append((word, self._opposites[lower], 2.0 if lower not in _COMMON else 0.4))
            elif lower not in _COMMON and word[0].islower() and lower in self._near:
                options.append((word, self._chance.choice(self._near[lower]), 1.0))
        lowered = question.passage.lower()
        options = [
            (old, new, weight * (2.0 if old.lower() in lowered else 1.0))
            for old, new, weight in options
            if new and new.lower() != old.lower() and old.lower() not in answers and new.lower() not in answers
        ]
        if shared:
            options = [option for option in options if _has(question.passage, option[0])]
        if not options:
            return None
        old, new, _ = self._chance.choices(options, [option[2] for option in options])[0]
        both = _has(question.passage, old)
        return _replaced(question.text, old, new), _replaced(question.passage, old, new), both

    def _other_name(self, name: str, question: Question) -> str:
        near = [each for each in _names(question.passage) if each.lower() not in question.text.lower()]
        same = self._names[question.group]
        draw = self._chance.random()
        pool = near if near and draw < 0.5 else same if same and draw < 0.85 else self._every
        other = self._chance.choice(pool) if pool else ""
        return "" if other in name or name in other else other

    def _other_number(self, number: str, passage: str) -> str:
        found: list[str] = re.findall(r"\d[\d,.]*\d|\d", passage)
        others = [each for each in found if len(each) == len(number) and each != number]
        if others and self._chance.random() < 0.5:
            return self._chance.choice(others)
        if re.fullmatch(r"1\d{3}|20\d\d", number):
            return str(int(number) + self._chance.choice([-30, -10, -7, -3, -2, -1, 1, 2, 3, 4, 8, 11, 20]))
        return "".join(str(self._chance.randint(1, 9)) if each.isdigit() else each for each in number)


def _questions(data: Path, name: str) -> list[Question]:
    source = SOURCES[name]
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["lang"] == "en"]
    rows = rows[: source.most]
    found = list(_of_sentences(rows, name) if "sentence" in rows[0] else _of_passages(rows, name))
    for question in found:
        question.share *= source.share
    _find_like(found)
    _say(f"{name}: {len(found)}")
    return found


def _of_passages(rows: Sequence[dict[str, Any]], name: str) -> Iterator[Question]:
    doubtful: dict[str, int] = defaultdict(int)
    for row in rows:
        question, passage = _plain(row["question"]), row["passage"]
        group = f"{name} {row.get('title') or passage[:40]}"
        if not row["answerable"]:
            # One question may come with many passages that do not answer it.
            doubtful[question] += 1
            annotated = row.get("neg") is None
            if annotated or doubtful[question] <= 2:
                yield Question(question, passage, group, (), None, False, 2.0 if annotated else 0.5)
            continue
        extractive = row.get("extractive", True)
        yield Question(
            question, passage, group, tuple(row["answers"]), row.get("answer_start") if extractive else None, True, 1.0
        )


def _of_sentences(rows: Sequence[dict[str, Any]], name: str) -> Iterator[Question]:
    """Yield the sentences that answer as passages, the others as what a question is likely to be confused with."""
    wrong: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if not row["label"]:
            wrong[row["question"]].append(row["sentence"])
    for row in rows:
        if row["label"]:
            sentence = row["sentence"]
            group = f"{name} {row.get('title') or sentence[:40]}"
            like = wrong[row["question"]]
            passage = sentence
            # As a passage is a few sentences, and most of them say something else.
            if name.startswith("squad_train_nqg") and like and len(row["question"]) % 2:
                passage = f"{like[0]} {sentence}" if len(sentence) % 2 else f"{sentence} {like[-1]}"
            yield Question(_plain(row["question"]), passage, group, (), None, True, 1.0, list(like))


def _find_like(questions: Sequence[Question]) -> None:
    """Give each question that has an answer the passages most like it that have not that answer."""
    answerable = [each for each in questions if each.answerable and not each.like and each.answers]
    passages = list(dict.fromkeys(each.passage for each in questions))
    if not answerable or len(passages) < NEIGHBOURS:
        return
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
    matrix = vectorizer.fit_transform(passages).T.tocsc()
    lowered = [passage.lower() for passage in passages]
    for begin in range(0, len(answerable), 500):
        some = answerable[begin : begin + 500]
        scores = np.asarray((vectorizer.transform([each.text for each in some]) @ matrix).todense())
        for question, row in zip(some, scores, strict=True):
            best = np.argpartition(-row, NEIGHBOURS)[:NEIGHBOURS] if len(row) > NEIGHBOURS else range(len(row))
            answers = [answer.lower() for answer in question.answers if answer]
            question.like = [
                passages[place]
                for place in best
                if row[place] > 0
                and passages[place] != question.passage
                and not any(answer in lowered[place] for answer in answers)
            ]


def _nearest(tokenizer: Tokenizer, words: Tensor) -> dict[str, list[str]]:
    """Return for each whole word of the vocabulary those that stand in its place elsewhere, no forms of its own."""
    whole = {word: place for word, place in tokenizer.get_vocab().items() if word.isalpha() and len(word) > 3}
    names = list(whole)
    vectors = nn.functional.normalize(words[list(whole.values())].float() - words.float().mean(0), dim=-1)
    near: dict[str, list[str]] = {}
    for begin in range(0, len(names), 2000):
        _, places = (vectors[begin : begin + 2000] @ vectors.T).topk(16, dim=1)
        for word, row in zip(names[begin : begin + 2000], places.tolist(), strict=True):
            near[word] = [names[place] for place in row if names[place][:4] != word[:4]][:10] or [word]
    return near


def _names(text: str) -> list[str]:
    return [name for name in _NAME.findall(text) if name.lower() not in _COMMON and len(name) > 2]


def _has(text: str, part: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text, re.IGNORECASE) is not None


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text, flags=re.IGNORECASE)


def _plain(question: str) -> str:
    return " ".join(question.split())


def _span(start: int | None, answers: Sequence[str]) -> tuple[int, int] | None:
    return None if start is None or not answers else (start, start + len(answers[0]))


def _shifted(question: Question, passage: str) -> tuple[int, int] | None:
    """Return where the answer stands in a changed passage: the occurrence that it was in the old one."""
    if question.start is None or not question.answers:
        return None
    answer = question.answers[0].lower()
    before = question.passage.lower().count(answer, 0, question.start)
    start = -1
    for _ in range(before + 1):
        start = passage.lower().find(answer, start + 1)
        if start < 0:
            return None
    return start, start + len(answer)


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [(start, end) for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if end > start]


def _without(question: Question) -> str | None:
    """Return the passage without any sentence that has an answer, or None where little remains."""
    if not question.answers or question.start is None:
        return None
    answers = [answer.lower() for answer in question.answers]
    start, end = question.start, question.start + len(question.answers[0])
    sentences = _sentences(question.passage)
    rest = [
        question.passage[first:last]
        for first, last in sentences
        if (last <= start or first >= end) and not any(each in question.passage[first:last].lower() for each in answers)
    ]
    text = " ".join(part.strip() for part in rest)
    return text if len(text) > 60 else None


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
    parser = argparse.ArgumentParser(description="Train the built-in reader.")
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
