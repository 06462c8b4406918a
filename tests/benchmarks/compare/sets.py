"""The question sets, written out for all systems alike: a text file for each document, its title as its first sentence.

On a line of its own a title would become a passage where others split, as often as there are documents of that title.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation import metrics, question_sets, set_corpus
from bot.evaluation.question_sets import EvaluationQuestion


@dataclass(frozen=True, slots=True)
class ComparedSet:
    """A folder's documents and those of its questions for which it says what documents answer them."""

    name: str
    corpus: Path
    questions: tuple[EvaluationQuestion, ...]

    def write(self, home: Path) -> None:
        """Write `documents`, a file each, and `questions.json` into a folder."""
        (home / "documents").mkdir(parents=True)
        for row in question_sets.rows(self.corpus):
            title = row.get("title")
            text = f"{title}. {row['text']}\n" if title else f"{row['text']}\n"
            (home / "documents" / set_corpus.source(row["id"])).write_text(text, encoding="utf-8")
        (home / "questions.json").write_text(json.dumps({asked.id: asked.text for asked in self.questions}))

    def ndcg_10(self, found: dict[str, list[str]]) -> float:
        """Return the mean nDCG@10 over documents of what was found for each question: names of files, best first."""
        gains = []
        for asked in self.questions:
            grades = {set_corpus.source(id): grade for id, grade in asked.grades.items()}
            gains.append(metrics.ndcg(list(dict.fromkeys(found[asked.id])), grades))
        return sum(gains) / len(gains)


def read(folder: Path, most: int) -> ComparedSet:
    """Read the set in a folder, with at most so many of its questions, taken from all over it."""
    (found,) = question_sets.find(folder)
    assert found.corpus is not None
    judged = [asked for asked in found.questions if asked.grades and not asked.conversation]
    step = max(1, len(judged) / most)
    return ComparedSet(found.name, found.corpus, tuple(judged[int(at * step)] for at in range(min(most, len(judged)))))
