"""The questions that a reader learns from: files of questions with passages and answers, and near-misses."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

NEIGHBOURS = 8


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


def questions_of(data: Path, name: str) -> list[Question]:
    """Read the English questions of a source, each with the passages that are most like it and do not answer it.

    Args:
        data: The folder of the sources, each a `<source>.jsonl.gz`.
        name: The source, one of `SOURCES`.

    """
    source = SOURCES[name]
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["lang"] == "en"]
    rows = rows[: source.most]
    found = list(_of_sentences(rows, name) if "sentence" in rows[0] else _of_passages(rows, name))
    for question in found:
        question.share *= source.share
    _find_like(found)
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


def _plain(question: str) -> str:
    return " ".join(question.split())
