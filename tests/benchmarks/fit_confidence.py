"""Fit the confidence on the development sets, and write it with its errors beside `confidence.py`.

    python -m tests.benchmarks.fit_confidence ../shared/eval WORK_FOLDER [MULTILINGUAL_MODEL]

Every row is one question asked of one corpus by the real pipeline with the default model. Besides each set over its own
documents there are questions asked of documents about something else, and small corpora: single articles of SQuAD, and
a few paragraphs of one, where the corpus tells little about how rare a word is. With a multilingual model, questions
are asked across languages as well; what there are no rows for stays as it was fitted before. Everything is fitted on
the development halves, and the errors are measured on the other ones.
"""

from __future__ import annotations

import json
import pickle
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.answering.reading.calibration import Calibration
from bot.answering.selecting import confidence
from bot.answering.selecting.choosing import choose, weigh
from bot.answering.selecting.confidence import Model, Thresholds
from bot.answering.understanding.follow_up import stand_alone
from bot.answering.understanding.shorthand import written_out
from bot.answering.understanding.spelling import respelled
from bot.evaluation import gold, metrics, set_corpus
from bot.evaluation.halves import Half, half_of
from bot.evaluation.question_sets import EvaluationQuestion, QuestionSet, find, rows
from index.access import OPERATOR
from index.building.refresh import RefreshRequest, refresh
from index.language import detection, languages
from index.library import Library
from index.models.device import fastest_dtype
from index.models.embedding import Embedder
from index.models.model import DEFAULT_MODEL, find_model

DENSE = (
    "sentence",
    "said_alone",
    "said_by_sentence",
    "said_by_passage",
    "stands_out",
    "lacks_number",
    "lacks_name",
    "wrong_type",
)
WORDS_ALONE = ("said_by_passage",)
MEANING_ALONE = ("sentence",)
# The sets whose questions are asked of their own documents, near misses among them, and those of them whose answers are
# short enough to be looked for in what is shown: by these it is told how sure to be.
NEAR_MISSES = ("squad2", "nomiracl.en", "clapnq", "mtrag")
CHECKED = ("squad2", "clapnq")
ACROSS = ("xquad.en-zh", "xquad.zh-en")
FOREIGN, FOREIGN_ACROSS = "frames against squad2", "foreign to the sample corpus, across"
# So many of the foreign questions are refused; across languages, and by words alone, less can be told.
FOREIGN_REFUSED, FOREIGN_REFUSED_ACROSS = 0.99, 0.975
# So few of the answerable questions lie below the threshold of an answer, and are not shown to a chat model.
NOT_ANSWERED, NOT_WORTH_ASKING = 0.05, 0.01


@dataclass(frozen=True, slots=True)
class Row:
    """One question asked of one corpus: whether that can answer it, whether what was chosen does, its features.

    `crosses` is whether question and best sentence are in different languages.
    """

    case: str
    half: Half
    answerable: bool
    right: bool
    unknown_names: float
    crosses: bool
    features: dict[str, float] | None


class Bench:
    """Builds corpora and asks questions of them, sharing one model and one cache of vectors."""

    def __init__(self, work: Path, model: str) -> None:
        self._work = work
        self._model = model
        self._writer = Embedder(find_model(model), fastest_dtype())
        self._reader = Embedder(find_model(model))

    def ask(
        self, case: str, documents: Sequence[dict[str, Any]], questions: Sequence[tuple[EvaluationQuestion, bool]]
    ) -> Iterator[Row]:
        """Yield a row for each question, given with whether these documents can answer it."""
        listed, folder = self._work / "documents.jsonl", self._work / "corpus"
        self._work.mkdir(parents=True, exist_ok=True)
        listed.write_text("".join(json.dumps(document) + "\n" for document in documents))
        set_corpus.export(listed, folder)
        # One corpus after the other in one data folder: what was embedded for one is there for the next.
        yield from self.ask_folder(case, folder, self._work / "data", questions)

    def ask_folder(
        self, case: str, folder: Path, data: Path, questions: Sequence[tuple[EvaluationQuestion, bool]]
    ) -> Iterator[Row]:
        """Yield a row for each question of the documents in a folder."""
        refresh(RefreshRequest(folder, data, self._model, allow_shrinking=True), lambda _: self._writer, lambda _: None)
        library = Library(folder, data, self._model, lambda _: self._reader)
        with closing(library), library.pinned(OPERATOR) as snapshot:
            for asked, answerable in questions:
                own = detection.of_question(asked.text)
                typed = written_out(asked.text, languages.of(own))
                read = respelled(typed, snapshot, snapshot.knows, languages.of(own))
                query = snapshot.query(stand_alone(read.text, asked.conversation, own))
                evidence = snapshot.evidence(query, 8)
                weights = weigh(evidence, library.rarity)
                chosen = choose(evidence, weights)
                short = gold.short_answers(asked)
                shown = " ".join(choice.sentence.text for choice in chosen)
                is_usable = bool(chosen and evidence.words)
                crosses = is_usable and evidence.crosses_to(chosen[0].sentence)
                yield Row(
                    case=case,
                    half=half_of(asked.id),
                    answerable=answerable,
                    # A gold answer in one language stands in no sentence of another.
                    right=answerable and (crosses or not short or metrics.contains(shown, short)),
                    unknown_names=confidence.unknown_names(evidence, weights),
                    crosses=crosses,
                    features=confidence.features_of(evidence, weights, chosen) if is_usable else None,
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
        self._work = work
        self._bench = Bench(work, model)
        self._random = random.Random(1)
        self._material = {one.name.removeprefix("eval/"): _material(one, evaluation) for one in find(evaluation)}

    def collect(self) -> None:
        """Ask everything within one language."""
        for name, one in self._material.items():
            if one.documents and name not in ACROSS:
                self._ask(name, one.documents, one.own())
                others = ("xquad.zh-zh", "nomiracl.zh") if "zh" in name else ("squad2", "clapnq", "hotpot", "mtrag")
                foreign = [asked for other in others if other != name for asked in self._material[other].questions]
                self._ask(f"foreign to {name}", one.documents, self._some(foreign, 200))
        squad = self._material["squad2"]
        frames = self._material["frames"].questions
        self._ask(FOREIGN, squad.documents, self._some(frames, len(frames)))
        for article in dict.fromkeys(document["id"].rsplit("-", 1)[0] for document in squad.documents):
            self._ask_small(squad, article)

    def collect_across(self) -> None:
        """Ask what is asked in another language than the documents are in; the model has to be a multilingual one."""
        for name, other in zip(ACROSS, ("clapnq", "nomiracl.zh"), strict=True):
            one = self._material[name]
            self._ask(name, one.documents, one.own())
            foreign = self._material[other].questions
            self._ask(f"foreign to {name}", one.documents, self._some(foreign, len(foreign)))
        chinese = self._material["xquad.zh-zh"].questions
        asked = self._some(chinese, len(chinese))
        self.rows.extend(self._bench.ask_folder(FOREIGN_ACROSS, Path("corpus"), self._work / "sample", asked))

    def _ask_small(self, squad: Material, article: str) -> None:
        documents = [document for document in squad.documents if document["id"].rsplit("-", 1)[0] == article]
        own = [(asked, answerable) for asked, answerable in squad.own() if squad.articles[asked.id] == article]
        others = [asked for asked in squad.questions if squad.articles[asked.id] != article]
        self._ask("article", documents, own)
        self._ask("foreign to article", documents, self._some(others, 30))
        for _ in range(3):
            few = self._random.randint(1, min(6, len(documents)))
            first = self._random.randint(0, len(documents) - few)
            some = documents[first : first + few]
            held = {document["id"] for document in some}
            inside = [(asked, True) for asked, answerable in own if answerable and not held.isdisjoint(asked.evidence)]
            outside = [asked for asked, answerable in own if answerable and held.isdisjoint(asked.evidence)]
            self._ask("paragraphs", some, inside)
            self._ask("elsewhere in the article", some, self._some(outside, 10))

    def _some(self, questions: Sequence[EvaluationQuestion], most: int) -> list[tuple[EvaluationQuestion, bool]]:
        return [(asked, False) for asked in self._random.sample(questions, min(most, len(questions)))]

    def _ask(
        self, case: str, documents: Sequence[dict[str, Any]], questions: Sequence[tuple[EvaluationQuestion, bool]]
    ) -> None:
        if questions:
            self.rows.extend(self._bench.ask(case, documents, questions))
            sys.stderr.write(f"{case}: {len(questions)}\n")


def _material(one: QuestionSet, evaluation: Path) -> Material:
    folder, _, variant = one.name.removeprefix("eval/").partition(".")
    queries = evaluation / folder / ".".join(filter(None, ("queries", variant.split("-")[0], "jsonl")))
    articles = {row["id"]: str(row.get("context_doc") or row["id"]).rsplit("-", 1)[0] for row in rows(queries)}
    return Material(one.questions, articles, tuple(rows(one.corpus)) if one.corpus else ())


def fit(found: Sequence[Row], names: Sequence[str]) -> Model:
    """Return a model over these features that tells the answerable of the development half from all others.

    Every case, and the answerable and the others of it, count alike.
    """
    learnt = [row for row in found if row.half is Half.DEVELOPMENT and row.features is not None]
    features = np.array([[(row.features or {})[name] for name in names] for row in learnt])
    counts = Counter((row.case, row.answerable) for row in learnt)
    weights = np.array([1.0 / counts[row.case, row.answerable] for row in learnt])
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    fitted = LogisticRegression(C=1.0, max_iter=2000).fit(
        (features - mean) / spread, [row.answerable for row in learnt], sample_weight=weights / weights.mean()
    )
    slopes = fitted.coef_[0] / spread
    intercept = float(fitted.intercept_[0] - slopes @ mean)
    return Model(dict(zip(names, slopes.tolist(), strict=True)), intercept, Thresholds(1.0, 1.0, 1.0))


def calibrated(model: Model, found: Sequence[Row]) -> Model:
    """Return the model with probabilities that hold, set by set, for what is right in the development half."""
    learnt = [row for row in found if row.half is Half.DEVELOPMENT and row.features is not None]
    counts = Counter(row.case for row in learnt)
    weights = np.array([1.0 / counts[row.case] for row in learnt])
    platt = LogisticRegression(C=1e6).fit(
        _logits(model, learnt)[:, None], [row.right for row in learnt], sample_weight=weights / weights.mean()
    )
    line = Calibration(float(platt.coef_[0][0]), float(platt.intercept_[0]))
    coefficients = {name: round(line.slope * slope, 4) for name, slope in model.coefficients.items()}
    return replace(model, coefficients=coefficients, intercept=round(line.slope * model.intercept + line.intercept, 4))


def with_thresholds(model: Model, foreign: Sequence[Row], answerable: Sequence[Row], refused: float) -> Model:
    """Return the model with the thresholds at which so many of the foreign questions are refused.

    Above that, so few of the answerable ones are not answered outright; below it, fewer still are kept from a chat
    model. Each case counts alike.
    """
    highest = np.sort(_probabilities(model, foreign))[int(np.ceil(refused * len(foreign))) - 1 :][:2]
    related = float(highest.mean())
    sure = _probabilities(model, answerable)
    counts = Counter(row.case for row in answerable)
    weights = np.array([1.0 / counts[row.case] for row in answerable])
    answer = max(related, _quantile(sure, weights, NOT_ANSWERED))
    worth_asking = min(related, _quantile(sure, weights, NOT_WORTH_ASKING))
    return replace(model, thresholds=Thresholds(*(round(least, 4) for least in (answer, related, worth_asking))))


def errors(found: Sequence[Row], model: Model) -> dict[str, float]:
    """Return, by case, the share of the answerable held-out questions that are refused, and of the others answered."""
    wrong: dict[str, list[bool]] = {}
    for row in found:
        if row.half is Half.HELD_OUT:
            sure = model.probability(row.features) if row.features else 0.0
            known = row.crosses or row.unknown_names <= confidence.MOST_UNKNOWN_NAMES
            least = model.thresholds.related if row.answerable else model.thresholds.answer
            name = f"{row.case}: {'answerable refused' if row.answerable else 'unanswerable answered'}"
            wrong.setdefault(name, []).append((known and sure >= least) != row.answerable)
    return {name: round(float(np.mean(each)), 4) for name, each in sorted(wrong.items())}


def _logits(model: Model, found: Sequence[Row]) -> NDArray[np.float64]:
    features = np.array([[(row.features or {})[name] for name in model.coefficients] for row in found])
    logits: NDArray[np.float64] = features @ np.array(list(model.coefficients.values())) + model.intercept
    return logits


def _probabilities(model: Model, found: Sequence[Row]) -> NDArray[np.float64]:
    return np.array([model.probability(row.features) if row.features else 0.0 for row in found])


def _quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    order = np.argsort(values)
    below = np.cumsum(weights[order]) / weights.sum()
    return float(values[order][min(len(values) - 1, int(np.searchsorted(below, share)))])


def main(evaluation: Path, work: Path, multilingual: str | None = None) -> None:
    """Collect the rows, unless the work folder has them, fit the models, and write them with their errors."""
    found = _rows(evaluation, work, DEFAULT_MODEL)
    across = _rows(evaluation, work / "across", multilingual) if multilingual else []
    form = json.loads(confidence.FITTED.read_text())
    english = [row for row in found if "zh" not in row.case]
    chinese = [row for row in found if "zh" in row.case]
    crossing = [row for row in across if row.crosses]
    for name, rows_, features, own, foreign, refused in (
        ("dense", english, DENSE, NEAR_MISSES, FOREIGN, FOREIGN_REFUSED),
        ("words_alone", chinese, WORDS_ALONE, ("xquad.zh-zh", "nomiracl.zh"), "foreign to xquad.zh-zh", 0.5),
        ("meaning_alone", crossing, MEANING_ALONE, ACROSS, FOREIGN_ACROSS, FOREIGN_REFUSED_ACROSS),
    ):
        if rows_:
            learnt = [row for row in rows_ if row.half is Half.DEVELOPMENT]
            asked = [row for row in learnt if row.case in own]
            checked = [row for row in learnt if row.case in CHECKED] if name == "dense" else learnt
            model = calibrated(fit(rows_, features), checked)
            answerable = [row for row in asked if row.answerable]
            model = with_thresholds(model, [row for row in learnt if row.case == foreign], answerable, refused)
            form[name] = asdict(model) | {"measured": errors(rows_, model)}
    confidence.FITTED.write_text(json.dumps(form, indent=1) + "\n")
    sys.stdout.write(confidence.FITTED.read_text())


def _rows(evaluation: Path, work: Path, model: str) -> list[Row]:
    kept = work / "rows.pickle"
    if not kept.exists():
        collection = Collection(evaluation, work, model)
        if model == DEFAULT_MODEL:
            collection.collect()
        else:
            collection.collect_across()
        kept.write_bytes(pickle.dumps(collection.rows))
    found: list[Row] = pickle.loads(kept.read_bytes())
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
