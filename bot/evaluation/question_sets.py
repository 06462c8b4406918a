"""Sets of questions with known answers: queries*.jsonl in a folder, perhaps with qrels*.tsv and corpus*.jsonl.

A variant stands in the middle of a name: `queries.zh.jsonl` asks the documents of `corpus.zh.jsonl`, and
`qrels.en-zh.tsv` judges the questions of `queries.en.jsonl` over `corpus.zh.jsonl`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.answering.answer import Turn
from bot.errors import BadQuestionSet


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """One question and what is known of its answer.

    `grades` maps the documents that answer it to how well they do, 1 or more. `related` are all documents that the set
    names with it: where none of them is indexed nothing can answer it, whatever `answerable` says. `answers` are gold
    answers; they were taken from `evidence`, where that is known.
    """

    id: str
    text: str
    answerable: bool
    answers: tuple[str, ...]
    grades: Mapping[str, int]
    evidence: frozenset[str]
    related: frozenset[str]
    conversation: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, and the file of the documents that they are asked of: None for the configured corpus."""

    name: str
    questions: tuple[EvaluationQuestion, ...]
    corpus: Path | None


def find(folder: Path, against: Path | None = None) -> tuple[QuestionSet, ...]:
    """Return the sets in `folder` and in all folders below it, in the order of their paths.

    With `against`, each is asked of the documents of that folder instead. Raises BadQuestionSet where there is none,
    and where a file is not what it should be.
    """
    homes = sorted({path.parent for path in folder.rglob("queries*.jsonl")})
    if not homes:
        raise BadQuestionSet(f"there is no queries*.jsonl in {folder} or below it")
    own = [found for home in homes for found in _sets(home, home.resolve().relative_to(folder.resolve().parent))]
    if against is None:
        return tuple(own)
    others = _variants(against, "corpus")
    if not others:
        raise BadQuestionSet(f"there is no corpus*.jsonl in {against} to ask against")
    return tuple(
        replace(asked, corpus=corpus, name=f"{asked.name} against {_named(against.resolve().name, variant)}")
        for asked in own
        for variant, corpus in others.items()
    )


def questions_in(path: Path) -> tuple[EvaluationQuestion, ...]:
    """Return the questions of a file, or of every queries*.jsonl in a folder and below it. Raises BadQuestionSet."""
    files = [path] if path.is_file() else sorted(path.rglob("queries*.jsonl"))
    if not files:
        raise BadQuestionSet(f"there is no queries*.jsonl in {path} or below it")
    return tuple(_asked(row, {}, file) for file in files for row in rows(file))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects in `path`, one a line, each with a string as `id` and as `text`. Raises BadQuestionSet."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                raise BadQuestionSet(f"{path}, line {number}: this is not JSON in UTF-8") from None
            match row:
                case {"id": str(), "text": str()}:
                    yield row
                case _:
                    raise BadQuestionSet(f'{path}, line {number}: "id" and "text" must be strings')


def _sets(home: Path, name: Path) -> Iterator[QuestionSet]:
    corpora = _variants(home, "corpus")
    for asking, queries in _variants(home, "queries").items():
        pairs = [(f"{asking}-{answering}", corpus) for answering, corpus in corpora.items()]
        judged = [(pair, corpus) for pair, corpus in pairs if (home / f"qrels.{pair}.tsv").exists()]
        own: list[tuple[str, Path | None]] = [(asking, corpora.get(asking, corpora.get("")))]
        for variant, corpus in judged or own:
            grades = _grades(home / f"{_named('qrels', variant)}.tsv") or _grades(home / "qrels.tsv")
            asked = tuple(_asked(row, grades.get(row["id"], {}), queries) for row in rows(queries))
            yield QuestionSet(_named(name.as_posix(), variant), asked, corpus)


def _variants(home: Path, stem: str) -> dict[str, Path]:
    paths = sorted(path for path in home.glob(f"{stem}*.jsonl") if path.is_file())
    return {path.name.removeprefix(stem).removesuffix(".jsonl").strip("."): path for path in paths}


def _named(name: str, variant: str) -> str:
    return f"{name}.{variant}" if variant else name


def _grades(path: Path) -> dict[str, dict[str, int]]:
    """Return the judgements of a qrels file: question -> document -> grade, where that is 1 or more."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    if not path.exists():
        return grades
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            question, document, grade = line.split("\t")
            if number > 1 and int(grade) > 0:
                grades[question][document] = int(grade)
        except ValueError:
            raise BadQuestionSet(f"{path}, line {number}: three fields are needed: question, document, grade") from None
    return grades


def _asked(row: Mapping[str, Any], judged: Mapping[str, int], path: Path) -> EvaluationQuestion:
    try:
        evidence = frozenset(str(item["doc"]) for item in row.get("evidence", ()))
        candidates = frozenset(map(str, row.get("candidates", ())))
        return EvaluationQuestion(
            id=row["id"],
            text=row["text"],
            answerable=row.get("answerable") is True,
            answers=tuple(map(str, row.get("answers", ()))),
            grades=judged or dict.fromkeys(sorted(evidence), 1),
            evidence=evidence,
            related=evidence | candidates | frozenset(judged),
            conversation=tuple(_turn(turn) for turn in row.get("history", ())),
        )
    except (TypeError, KeyError):
        raise BadQuestionSet(f"{path}: the question {row['id']} is not in the form of a set") from None


def _turn(turn: Mapping[str, Any]) -> Turn:
    return Turn("user" if turn["speaker"] == "user" else "assistant", str(turn["text"]))
