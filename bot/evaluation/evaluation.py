"""The evaluation: how well Footnote finds, answers and refuses, on sets of questions whose answers are known."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.answering.answer import Answer
from bot.answering.answerer import Answerer
from bot.answering.understanding.follow_up import stand_alone
from bot.app import open_answerer, open_library
from bot.evaluation import gold, metrics, set_corpus
from bot.evaluation.halves import Half, in_half
from bot.evaluation.question_sets import EvaluationQuestion, QuestionSet
from bot.presenting import progress
from bot.settings import Settings
from index.access import OPERATOR
from index.documents import DocumentMetadata
from index.library import Library
from index.report import Progress

# A document is found by its best passage: so many passages are enough to fill ten documents.
PASSAGES = 50


@dataclass(frozen=True, slots=True)
class Score:
    """What one set came to. Shares are 0 to 1, times milliseconds; None where no question of the set can tell.

    What is found is measured with the last turn of a conversation alone, and, as `ndcg_10_conversation`, with every
    question made to stand alone by rules: None where no question has a conversation.

    A question counts as answerable if its set says so and at least one document that the set names with it is indexed.
    `answer_found` and `answer_first` (in all statements shown, in the first one) are over answerable questions with a
    gold answer of at most ten words that is not a mere yes or no. `auroc` is how well confidence parts the answerable
    from the others, `refused_at_5` and `refused_at_10` are how many of the others would be refused if 5 % and 10 % of
    the answerable were. `calibration_error` is over all: right is what is answerable, and has the gold answer if shown.
    """

    name: str
    questions: int
    answerable: int
    ndcg_10: float | None
    ndcg_10_conversation: float | None
    recall_5: float | None
    recall_10: float | None
    hit_1: float | None
    answer_found: float | None
    answer_first: float | None
    statements: float | None
    answerable_refused: float | None
    unanswerable_refused: float | None
    auroc: float | None
    refused_at_5: float | None
    refused_at_10: float | None
    calibration_error: float | None
    citations: int
    citations_valid: float | None
    ask_p50_ms: float | None
    ask_p95_ms: float | None

    def form(self) -> dict[str, Any]:
        """Return this score as a plain dictionary, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of one question: the rankings are None where the set does not say which documents are right.

    `ranking` is what the question alone finds, `alone` what it finds once it was made to stand alone.
    """

    asked: EvaluationQuestion
    answerable: bool
    ranking: tuple[str, ...] | None
    alone: tuple[str, ...] | None
    answer: Answer
    milliseconds: float
    checks: tuple[bool, ...]


def evaluate(
    sets: Sequence[QuestionSet], settings: Settings, limit: int | None, errors: Console, half: Half | None = None
) -> list[Score]:
    """Index the documents of each of `sets`, ask at most `limit` of its questions, and return what each came to.

    Only the questions of one `half` are asked where it is given. How far it has come is written to `errors`.
    """
    chosen = sets if half is None else [replace(one, questions=in_half(one.questions, half)) for one in sets]
    return [_evaluate(one, settings, limit, errors) for one in chosen]


def _evaluate(one: QuestionSet, settings: Settings, limit: int | None, errors: Console) -> Score:
    if one.corpus:
        settings = _exported(one.corpus, settings)
    with closing(open_library(settings)) as library:
        if one.corpus or library.generation(OPERATOR) is None:
            with progress.shown(errors) as show:
                library.refresh(allow_shrinking=True, progress=show)
        questions = _spread(one.questions, limit)
        documents = library.sources(OPERATOR)
        source = _held_under(documents, set_corpus.source if one.corpus else str)
        indexed = frozenset(document.source for document in documents)
        results = []
        with closing(open_answerer(library, settings)) as answerer, progress.shown(errors) as show:
            for done, asked in enumerate(questions, start=1):
                results.append(_ask(_with_sources(asked, source), indexed, library, answerer))
                show(Progress(one.name, done, len(questions)))
    return _score(one.name, results)


def _exported(corpus: Path, settings: Settings) -> Settings:
    variant = corpus.stem.removeprefix("corpus")
    home = settings.data / "evaluate" / quote(corpus.resolve().parent.name + variant, safe="")
    set_corpus.export(corpus, home / "corpus")
    return settings.model_copy(update={"corpus": home / "corpus", "data": home, "generations": None})


def _spread(questions: Sequence[EvaluationQuestion], limit: int | None) -> Sequence[EvaluationQuestion]:
    """Return at most `limit` questions from all over the set: neighbours are often about one document."""
    if limit is None or limit >= len(questions):
        return questions
    return [questions[position * len(questions) // limit] for position in range(limit)]


def _held_under(documents: Iterable[DocumentMetadata], source: Callable[[str], str]) -> Callable[[str], str]:
    """Give what tells the source under which the index holds a set's document: files with the same bytes are one."""
    held = {copy: document.source for document in documents for copy in document.also}
    return lambda id: held.get(source(id), source(id))


def _with_sources(asked: EvaluationQuestion, source: Callable[[str], str]) -> EvaluationQuestion:
    # Of copies the best grade counts.
    grades = {source(id): grade for id, grade in sorted(asked.grades.items(), key=lambda graded: graded[1])}
    return replace(
        asked,
        grades=grades,
        evidence=frozenset(map(source, asked.evidence)),
        related=frozenset(map(source, asked.related)),
    )


def _ask(asked: EvaluationQuestion, indexed: Set[str], library: Library, answerer: Answerer) -> _Result:
    ranking = alone = None
    if not indexed.isdisjoint(asked.grades):
        ranking = alone = _ranking(library, asked.text)
        question = stand_alone(asked.text, asked.conversation)
        if question != asked.text:
            alone = _ranking(library, question)
    begun = time.perf_counter()
    answer = answerer.answer(asked.text, OPERATOR, asked.conversation)
    milliseconds = (time.perf_counter() - begun) * 1000
    answerable = gold.is_answerable(asked, indexed)
    return _Result(asked, answerable, ranking, alone, answer, milliseconds, tuple(_checks(answer, library)))


def _ranking(library: Library, question: str) -> tuple[str, ...]:
    hits = library.search(question, OPERATOR, PASSAGES).hits
    return tuple(dict.fromkeys(hit.document.source for hit in hits))


def _checks(answer: Answer, library: Library) -> Iterator[bool]:
    """Yield for each citation whether its quote stands at its span, and for each statement whether it cites any."""
    for citation in answer.citations:
        text = library.document(citation.document.id, OPERATOR).text
        yield bool(citation.quote) and citation.span.of(text) == citation.quote
    numbers = {citation.number for citation in answer.citations}
    for statement in answer.statements:
        yield bool(statement.citations) and numbers.issuperset(statement.citations)


def _score(name: str, results: Sequence[_Result]) -> Score:
    ranked = [(result.ranking, result.asked.grades) for result in results if result.ranking is not None]
    alone = [(result.alone, result.asked.grades) for result in results if result.alone is not None]
    talked = any(result.asked.conversation for result in results)
    checks = [check for result in results for check in result.checks]
    times = [result.milliseconds for result in results]
    right = [result.answer.confidence for result in results if result.answerable]
    wrong = [result.answer.confidence for result in results if not result.answerable]
    return Score(
        name=name,
        questions=len(results),
        answerable=sum(result.answerable for result in results),
        ndcg_10=metrics.mean([metrics.ndcg(ranking, grades) for ranking, grades in ranked]),
        ndcg_10_conversation=metrics.mean([metrics.ndcg(ranking, grades) for ranking, grades in alone])
        if talked
        else None,
        recall_5=metrics.mean([metrics.recall(ranking, grades.keys(), 5) for ranking, grades in ranked]),
        recall_10=metrics.mean([metrics.recall(ranking, grades.keys(), 10) for ranking, grades in ranked]),
        hit_1=metrics.mean([metrics.hit(ranking, grades.keys()) for ranking, grades in ranked]),
        answer_found=metrics.mean(list(_answers_found(results, None))),
        answer_first=metrics.mean(list(_answers_found(results, 1))),
        statements=metrics.mean(
            [float(len(result.answer.statements)) for result in results if result.answer.statements]
        ),
        answerable_refused=_refused(result for result in results if result.answerable),
        unanswerable_refused=_refused(result for result in results if not result.answerable),
        auroc=metrics.auroc(right, wrong),
        refused_at_5=metrics.refused_at(right, wrong, 0.05),
        refused_at_10=metrics.refused_at(right, wrong, 0.10),
        calibration_error=metrics.calibration_error(
            [
                (result.answer.confidence, gold.is_right(result.asked, result.answer, answerable=result.answerable))
                for result in results
            ]
        ),
        citations=sum(len(result.answer.citations) for result in results),
        citations_valid=metrics.mean(checks),
        ask_p50_ms=metrics.percentile(times, 0.50),
        ask_p95_ms=metrics.percentile(times, 0.95),
    )


def _answers_found(results: Iterable[_Result], most: int | None) -> Iterator[bool]:
    """Yield for each question with a short gold answer whether that is in the first `most` statements, or in all."""
    for result in results:
        short = gold.short_answers(result.asked)
        if result.answerable and short:
            yield gold.says(result.answer, short, most)


def _refused(results: Iterable[_Result]) -> float | None:
    return metrics.mean([not result.answer.statements for result in results])


def show(console: Console, scores: Sequence[Score]) -> None:
    """Write the scores as three tables, how Footnote finds, answers and judges, with a row for each set in each."""
    talked = any(score.ndcg_10_conversation is not None for score in scores)
    finding = [column for column in _FINDING if talked or column[1] != "ndcg_10_conversation"]
    for columns in (finding, _ANSWERING, _JUDGING):
        table = Table(Column("set", overflow="fold"), *(Column(title, justify="right") for title, _, _ in columns))
        for score in scores:
            values = [(getattr(score, field), form) for _, field, form in columns]
            cells = ["–" if value is None else form.format(value) for value, form in values]
            table.add_row(Text(score.name), *cells)
        console.print(table)


_FINDING = (
    ("questions", "questions", "{:,}"),
    ("answerable", "answerable", "{:,}"),
    ("nDCG@10", "ndcg_10", "{:.3f}"),
    ("in conversation", "ndcg_10_conversation", "{:.3f}"),
    ("recall@5", "recall_5", "{:.3f}"),
    ("recall@10", "recall_10", "{:.3f}"),
    ("hit@1", "hit_1", "{:.3f}"),
)
_ANSWERING = (
    ("in the first", "answer_first", "{:.1%}"),
    ("in all", "answer_found", "{:.1%}"),
    ("statements", "statements", "{:.1f}"),
    ("wrongly refused", "answerable_refused", "{:.1%}"),
    ("rightly refused", "unanswerable_refused", "{:.1%}"),
    ("citations valid", "citations_valid", "{:.1%}"),
    ("p50 ms", "ask_p50_ms", "{:.0f}"),
    ("p95 ms", "ask_p95_ms", "{:.0f}"),
)
_JUDGING = (
    ("AUROC", "auroc", "{:.3f}"),
    ("refused at 5 %", "refused_at_5", "{:.1%}"),
    ("at 10 %", "refused_at_10", "{:.1%}"),
    ("calibration error", "calibration_error", "{:.3f}"),
)
