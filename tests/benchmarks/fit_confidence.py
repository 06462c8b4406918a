"""Fit the confidence on the development sets, and write it with its errors beside `confidence.py`.

    python -m tests.benchmarks.fit_confidence ../shared/eval WORK_FOLDER [EMBEDDING_MODEL]

Every row is one question asked of one corpus by the real pipeline. Besides each set over its own documents there are
questions asked of documents about something else, and small corpora: single articles of SQuAD, and a few paragraphs of
one, where the corpus tells little about how rare a word is. Errors are measured out of fold, the folds parted by
article, so that no question is judged by a model that saw its neighbours.
"""

from __future__ import annotations

import json
import pickle
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bot.answering.selecting import confidence
from bot.answering.selecting.choosing import choose, weigh
from bot.answering.understanding.shorthand import written_out
from bot.evaluation import metrics, set_corpus
from bot.evaluation.question_sets import EvaluationQuestion, QuestionSet, find, rows
from index.building.refresh import RefreshRequest, refresh
from index.language import detection, languages
from index.library import Library
from index.models.embedding import Embedder, fastest_dtype
from index.models.model import DEFAULT_MODEL, find_model

DENSE = ("sentence", "said_by_sentence", "said_by_passage", "lacks_number", "wrong_type")
WORDS_ALONE = ("said_by_passage",)
# Near misses cannot be told by these features: at full weight they would only drown what can be.
NEAR_MISSES = {
    ("squad2", False): 0.05,
    ("article", False): 0.05,
    ("paragraphs", False): 0.05,
    ("nomiracl.en", False): 0.05,
    ("clapnq", False): 0.1,
    ("mtrag", False): 0.1,
    ("multihoprag", True): 0.05,
}
# The threshold: by meaning, so many of the foreign questions are refused; by words alone, so few of the answerable.
FOREIGN_REFUSED = 0.995
ANSWERABLE_REFUSED = 0.045
FOLDS = 5
# Below the threshold of an answer, by these shares of it, lies what is shown as related, and what a model may judge.
SHARES = {"answer": 1.0, "related": 0.6, "worth_asking": 0.4}


@dataclass(frozen=True, slots=True)
class Row:
    """One question asked of one corpus: whether that can answer it, whether what was chosen does, its features."""

    case: str
    group: str
    answerable: bool
    right: bool
    unknown_names: float
    features: dict[str, float] | None


class Bench:
    """Builds corpora and asks questions of them, sharing one model and one cache of vectors."""

    def __init__(self, work: Path, model: str) -> None:
        self._work = work
        self._model = model
        self._writer = Embedder(find_model(model), fastest_dtype())
        self._reader = Embedder(find_model(model))

    def ask(
        self,
        case: str,
        articles: Mapping[str, str],
        documents: Sequence[dict[str, Any]],
        questions: Sequence[tuple[EvaluationQuestion, bool]],
    ) -> Iterator[Row]:
        """Yield a row for each question, given with whether these documents can answer it."""
        listed, folder, data = (self._work / name for name in ("documents.jsonl", "corpus", "data"))
        self._work.mkdir(parents=True, exist_ok=True)
        listed.write_text("".join(json.dumps(document) + "\n" for document in documents))
        set_corpus.export(listed, folder)
        # One corpus after the other in one data folder: what was embedded for one is there for the next.
        refresh(RefreshRequest(folder, data, self._model, allow_shrinking=True), lambda _: self._writer, lambda _: None)
        library = Library(folder, data, self._model, lambda _: self._reader)
        with closing(library), library.pinned() as snapshot:
            for asked, answerable in questions:
                language = languages.of(detection.of_question(asked.text))
                evidence = snapshot.evidence(snapshot.query(written_out(asked.text, language)), 8)
                weights = weigh(evidence, library.rarity)
                chosen = choose(evidence, weights)
                shown = " ".join(choice.sentence.text for choice in chosen)
                golds = [gold for gold in asked.answers if len(gold.split()) <= 10]
                right = answerable and (not golds or metrics.contains(shown, golds))
                features = confidence.features_of(evidence, weights, chosen) if chosen and evidence.words else None
                yield Row(
                    case,
                    articles.get(asked.id, asked.id),
                    answerable,
                    right,
                    confidence.unknown_names(evidence, weights),
                    features,
                )


@dataclass(frozen=True, slots=True)
class Material:
    """A development set: its questions, the article that each is about, and its documents as they stand in its file."""

    questions: tuple[EvaluationQuestion, ...]
    articles: Mapping[str, str]
    documents: tuple[dict[str, Any], ...]

    def own(self) -> list[tuple[EvaluationQuestion, bool]]:
        """Return every question, with whether the set's own documents can answer it."""
        held = {document["id"] for document in self.documents}
        return [(asked, asked.answerable and not held.isdisjoint(asked.related)) for asked in self.questions]


class Collection:
    """Asks the questions of the development sets of many corpora, and keeps the rows."""

    def __init__(self, evaluation: Path, work: Path, model: str) -> None:
        self.rows: list[Row] = []
        self._bench = Bench(work, model)
        self._random = random.Random(1)
        self._material = {one.name.removeprefix("eval/"): _material(one, evaluation) for one in find(evaluation)}

    def collect(self) -> None:
        """Ask everything."""
        for name, one in self._material.items():
            if one.documents and name not in ("xquad.en-zh", "xquad.zh-en"):
                self._ask(name, one, one.documents, one.own())
                others = ("xquad.zh-zh", "nomiracl.zh") if "zh" in name else ("squad2", "clapnq", "hotpot", "mtrag")
                foreign = [asked for other in others if other != name for asked in self._material[other].questions]
                self._ask(f"foreign to {name}", one, one.documents, self._some(foreign, 200))
        squad = self._material["squad2"]
        frames = self._material["frames"].questions
        self._ask("frames against squad2", squad, squad.documents, self._some(frames, len(frames)))
        for article in dict.fromkeys(document["id"].rsplit("-", 1)[0] for document in squad.documents):
            self._ask_small(squad, article)

    def _ask_small(self, squad: Material, article: str) -> None:
        documents = [document for document in squad.documents if document["id"].rsplit("-", 1)[0] == article]
        own = [(asked, answerable) for asked, answerable in squad.own() if squad.articles[asked.id] == article]
        others = [asked for asked in squad.questions if squad.articles[asked.id] != article]
        self._ask("article", squad, documents, own)
        self._ask("foreign to article", squad, documents, self._some(others, 30))
        for _ in range(3):
            few = self._random.randint(1, min(6, len(documents)))
            first = self._random.randint(0, len(documents) - few)
            some = documents[first : first + few]
            held = {document["id"] for document in some}
            inside = [(asked, True) for asked, answerable in own if answerable and not held.isdisjoint(asked.evidence)]
            outside = [asked for asked, answerable in own if answerable and held.isdisjoint(asked.evidence)]
            self._ask("paragraphs", squad, some, inside)
            self._ask("elsewhere in the article", squad, some, self._some(outside, 10))

    def _some(self, questions: Sequence[EvaluationQuestion], most: int) -> list[tuple[EvaluationQuestion, bool]]:
        return [(asked, False) for asked in self._random.sample(questions, min(most, len(questions)))]

    def _ask(
        self,
        case: str,
        one: Material,
        documents: Sequence[dict[str, Any]],
        questions: Sequence[tuple[EvaluationQuestion, bool]],
    ) -> None:
        if questions:
            self.rows.extend(self._bench.ask(case, one.articles, documents, questions))
            sys.stderr.write(f"{case}: {len(questions)}\n")


def _material(one: QuestionSet, evaluation: Path) -> Material:
    folder, _, variant = one.name.removeprefix("eval/").partition(".")
    queries = evaluation / folder / ".".join(filter(None, ("queries", variant.split("-")[0], "jsonl")))
    articles = {row["id"]: str(row.get("context_doc") or row["id"]).rsplit("-", 1)[0] for row in rows(queries)}
    return Material(one.questions, articles, tuple(rows(one.corpus)) if one.corpus else ())


def fit(
    found: Sequence[Row], names: Sequence[str], threshold: Callable[[NDArray[np.float64]], float]
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Return a model over these features, with the threshold that follows from the probabilities of all rows.

    Also returned are these probabilities, out of fold; -1 where nothing at all was found.
    """
    usable = [place for place, row in enumerate(found) if row.features is not None]
    features = np.array([[(found[place].features or {})[name] for name in names] for place in usable])
    labels = np.array([found[place].right for place in usable])
    weights = _weights([found[place] for place in usable])
    logits = np.zeros(len(usable))
    for train, test in GroupKFold(FOLDS).split(features, groups=[found[place].group for place in usable]):
        fold = LogisticRegression(C=10).fit(features[train], labels[train], sample_weight=weights[train])
        logits[test] = fold.decision_function(features[test])
    whole = LogisticRegression(C=10).fit(features, labels, sample_weight=weights)
    # The order is fitted without near misses; how sure it is, with them, or it would claim more than it keeps.
    equal = np.array([1.0 / sum(found[other].case == found[place].case for other in usable) for place in usable])
    platt = LogisticRegression(C=1e6).fit(logits[:, None], labels, sample_weight=equal / equal.mean())
    slope, shift = float(platt.coef_[0][0]), float(platt.intercept_[0])
    probabilities = np.full(len(found), -1.0)
    probabilities[usable] = 1 / (1 + np.exp(-(slope * logits + shift)))
    least = threshold(probabilities)
    model = {
        "coefficients": dict(zip(names, np.round(slope * whole.coef_[0], 4).tolist(), strict=True)),
        "intercept": round(slope * float(whole.intercept_[0]) + shift, 4),
        "thresholds": {name: round(share * least, 4) for name, share in SHARES.items()},
    }
    return model, probabilities


def errors(found: Sequence[Row], probabilities: NDArray[np.float64], threshold: float) -> dict[str, float]:
    """Return, by case, the share of the answerable questions refused and of the others answered."""
    answered: dict[str, list[bool]] = {}
    for row, probability in zip(found, probabilities, strict=True):
        name = f"{row.case}: {'answerable refused' if row.answerable else 'unanswerable answered'}"
        says = bool(probability >= threshold) and row.unknown_names <= confidence.MOST_UNKNOWN_NAMES
        answered.setdefault(name, []).append(says != row.answerable)
    return {name: round(float(np.mean(wrong)), 4) for name, wrong in sorted(answered.items())}


def _weights(found: Sequence[Row]) -> NDArray[np.float64]:
    """Let every case and answer of it count alike, near misses little."""
    counts: dict[tuple[str, bool], int] = {}
    for row in found:
        counts[row.case, row.answerable] = counts.get((row.case, row.answerable), 0) + 1
    weights = [NEAR_MISSES.get((row.case, row.answerable), 1.0) / counts[row.case, row.answerable] for row in found]
    scaled: NDArray[np.float64] = np.array(weights) / np.mean(weights)
    return scaled


def main(evaluation: Path, work: Path, embedding_model: str = DEFAULT_MODEL) -> None:
    """Collect the rows, unless the work folder has them, fit both models, and write them with their errors."""
    kept = work / "rows.pickle"
    if not kept.exists():
        collection = Collection(evaluation, work, embedding_model)
        collection.collect()
        kept.write_bytes(pickle.dumps(collection.rows))
    found: list[Row] = pickle.loads(kept.read_bytes())
    chinese = [row for row in found if "zh" in row.case]
    others = [row for row in found if "zh" not in row.case]
    foreign = [row.case == "frames against squad2" for row in others]
    answerable = [row.case == "xquad.zh-zh" and row.answerable for row in chinese]
    dense, dense_probabilities = fit(others, DENSE, lambda found: float(np.quantile(found[foreign], FOREIGN_REFUSED)))
    words_alone, words_probabilities = fit(
        chinese, WORDS_ALONE, lambda found: float(np.quantile(found[answerable], ANSWERABLE_REFUSED))
    )
    measured = errors(others, dense_probabilities, dense["thresholds"]["answer"])
    measured |= errors(chinese, words_probabilities, words_alone["thresholds"]["answer"])
    kept_read = json.loads(confidence.FITTED.read_text())["read"]
    form = {"dense": dense, "words_alone": words_alone, "read": kept_read, "measured": measured}
    confidence.FITTED.write_text(json.dumps(form, indent=1) + "\n")
    sys.stdout.write(confidence.FITTED.read_text())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
