from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Status
from bot.answering.reading.calibration import Calibration, log_odds
from bot.errors import BadQuestionSet
from bot.evaluation import calibrating
from bot.evaluation.calibrating import Asked
from bot.evaluation.question_sets import EvaluationQuestion
from index.access import OPERATOR
from tests.fakes import FakeAnswerer, FakeLibrary
from tests.unit.bot import samples


def test_what_claims_too_much_is_believed_less() -> None:
    chance = random.Random(5)
    asked = []
    for _ in range(600):
        claimed = chance.uniform(0.05, 0.95)
        right = chance.random() < Calibration(0.5, -1.0).probability(log_odds(claimed))
        asked.append(Asked(claimed, right, right))
    fitted = calibrating.fit(asked)
    assert fitted.line.slope == pytest.approx(0.5, abs=0.15)
    assert fitted.line.probability(log_odds(0.9)) < 0.7
    assert fitted.error < 0.08


def test_the_threshold_parts_what_can_be_answered_from_what_cannot() -> None:
    asked = [Asked(0.6 + place / 100, True, True) for place in range(20)]
    asked += [Asked(0.4 - place / 100, False, False) for place in range(20)]
    fitted = calibrating.fit(asked)
    sure, doubtful = (fitted.line.probability(log_odds(claimed)) for claimed in (0.6, 0.4))
    assert doubtful < fitted.thresholds.answer < sure
    assert fitted.thresholds.worth_asking < fitted.thresholds.related < fitted.thresholds.answer
    assert (fitted.questions, fitted.answerable, fitted.auroc) == (40, 20, 1.0)
    assert (fitted.answered, fitted.others_answered) == (1.0, 0.0)


def test_nine_of_ten_that_can_be_answered_are_answered_however_many_others_are_then() -> None:
    answerable = [Asked(0.9 - place / 1000, True, True) for place in range(50)]
    answerable += [Asked(0.3 + place / 1000, True, True) for place in range(50)]
    others = [Asked(0.3 + place / 2000, False, False) for place in range(100)]
    fitted = calibrating.fit([*answerable, *others])
    judged = [fitted.line.probability(log_odds(each.confidence)) for each in answerable]
    reached = sum(probability >= fitted.thresholds.answer for probability in judged)
    assert reached >= 90


@pytest.mark.parametrize(("answerable", "others"), [(0, 30), (30, 0), (9, 30), (30, 9)])
def test_too_few_questions_of_a_kind_are_refused_with_their_number(answerable: int, others: int) -> None:
    asked = [Asked(0.8, True, True)] * answerable + [Asked(0.2, False, False)] * others
    with pytest.raises(BadQuestionSet, match=f"{answerable} questions that the documents answer and {others}"):
        calibrating.fit(asked)


def test_where_no_answer_was_right_there_is_nothing_to_fit() -> None:
    with pytest.raises(BadQuestionSet, match="only 0 questions were answered rightly"):
        calibrating.fit([Asked(0.8, True, False)] * 10 + [Asked(0.2, False, False)] * 10)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=10, max_size=30))
def test_whatever_was_answered_the_thresholds_are_probabilities(claims: list[tuple[float, bool]]) -> None:
    asked = [Asked(claimed, True, right) for claimed, right in claims] + [Asked(0.5, True, True)] * 2
    asked += [Asked(1 - claimed, False, False) for claimed, _ in claims]
    least = calibrating.fit(asked).thresholds
    assert 0 <= least.worth_asking <= least.related <= least.answer <= 1


def test_a_question_is_answerable_if_it_says_so_and_names_documents_that_are_there_or_none() -> None:
    library, answerer = FakeLibrary(samples.document()), FakeAnswerer(samples.answer())
    (source,) = (document.source for document in library.sources(OPERATOR))
    done: list[int] = []
    questions = [_question(True, source), _question(True), _question(True, "gone.md"), _question(False, source)]
    asked = calibrating.ask(questions, library, answerer, done.append)  # type: ignore[arg-type]
    assert samples.answer().status is Status.ANSWERED
    assert [(each.answerable, each.right) for each in asked] == [(True, True)] * 2 + [(False, False)] * 2
    assert done == [1, 2, 3, 4]


def _question(answerable: bool, *documents: str) -> EvaluationQuestion:
    return EvaluationQuestion("q", "What is it?", answerable, (), {}, frozenset(), frozenset(documents), ())
