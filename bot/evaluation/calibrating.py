"""Calibrating: how sure an answer has to be is fitted on questions of an operator's own, over their own documents.

What ships was fitted on public sets with the default embedding model. Questions whose answers are known, and questions
that the documents do not answer, tell how far that holds here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.answering.answerer import Answerer
from bot.answering.reading import calibration
from bot.answering.reading.calibration import Calibration, log_odds
from bot.answering.selecting.confidence import OwnCalibration, Thresholds
from bot.errors import BadQuestionSet
from bot.evaluation import gold, metrics
from bot.evaluation.question_sets import EvaluationQuestion
from index.access import OPERATOR
from index.library import Library

FEWEST = 10
_FEWEST_RIGHT = 2
_FOLDS = 5
_LEAST_ANSWERED = 0.9


@dataclass(frozen=True, slots=True)
class Asked:
    """How sure the answer to one question was, whether the documents answer it, and whether the answer did."""

    confidence: float
    answerable: bool
    right: bool


def ask(
    questions: Sequence[EvaluationQuestion], library: Library, answerer: Answerer, progress: Callable[[int], None]
) -> list[Asked]:
    """Ask every question of the library; `answerer` has to be one without a calibration of its own.

    A question that names no documents is answerable if its set says so. `progress` is told how many are done.
    """
    indexed = frozenset(document.source for document in library.sources(OPERATOR))
    asked = []
    for done, question in enumerate(questions, start=1):
        answer = answerer.answer(question.text, OPERATOR, question.conversation)
        answerable = gold.is_answerable(question, indexed) or (question.answerable and not question.related)
        asked.append(Asked(answer.confidence, answerable, gold.is_right(question, answer, answerable=answerable)))
        progress(done)
    return asked


def fit(asked: Sequence[Asked]) -> OwnCalibration:
    """Fit the line over the log-odds to what was right, and the threshold to what can be answered.

    The threshold is where the share of the answerable that are answered, less that of the others, is largest, among
    those that let nine of ten answerable ones be answered: a community would rather check a quote than hear nothing.
    Raises BadQuestionSet where there are fewer than ten questions of either kind, or hardly any was answered rightly.
    """
    answerable = sum(each.answerable for each in asked)
    if min(answerable, len(asked) - answerable) < FEWEST:
        raise BadQuestionSet(
            f"{answerable} questions that the documents answer and {len(asked) - answerable} that they do not are too "
            f'few to calibrate with: {FEWEST} of each are needed (those that they do not have "answerable": false)'
        )
    right = sum(each.right for each in asked)
    if right < _FEWEST_RIGHT:
        raise BadQuestionSet(f"only {right} questions were answered rightly: see 'footnote evaluate' for what is wrong")
    line = _line(asked)
    # In order of what was right, so that every fold has its share of it.
    ordered = sorted(asked, key=lambda each: each.right)
    apart = [_line([each for place, each in enumerate(ordered) if place % _FOLDS != fold]) for fold in range(_FOLDS)]
    judged = [(apart[at % _FOLDS].probability(log_odds(each.confidence)), each) for at, each in enumerate(ordered)]
    kept = [probability for probability, each in judged if each.answerable]
    others = [probability for probability, each in judged if not each.answerable]
    threshold = _threshold([(line.probability(log_odds(each.confidence)), each.answerable) for each in asked])
    return OwnCalibration(
        line=line,
        thresholds=Thresholds.below(threshold),
        questions=len(asked),
        answerable=answerable,
        answered=round(sum(sure >= threshold for sure in kept) / len(kept), 4),
        others_answered=round(sum(sure >= threshold for sure in others) / len(others), 4),
        auroc=round(metrics.auroc(kept, others) or 0.0, 4),
        error=round(metrics.calibration_error([(sure, each.right) for sure, each in judged]) or 0.0, 4),
    )


def _line(asked: Sequence[Asked]) -> Calibration:
    return calibration.fit([log_odds(each.confidence) for each in asked], [each.right for each in asked])


def _threshold(judged: Sequence[tuple[float, bool]]) -> float:
    """Return the probability, midway between two that occur, that parts the answerable from the others best.

    Where each that occurs leaves too many of the answerable unanswered, it is the lowest.
    """
    ordered = sorted({probability for probability, _ in judged})
    cuts = [(low + high) / 2 for low, high in pairwise(ordered)] or ordered
    kept, others = ([sure for sure, is_answerable in judged if is_answerable is kind] for kind in (True, False))

    def gain(cut: float) -> float:
        return sum(sure >= cut for sure in kept) / len(kept) - sum(sure >= cut for sure in others) / len(others)

    fair = [cut for cut in cuts if sum(sure >= cut for sure in kept) >= _LEAST_ANSWERED * len(kept)]
    return max(fair or cuts[:1], key=lambda cut: (gain(cut), -cut))
