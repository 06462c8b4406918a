from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.reading.calibration import AS_IT_CLAIMS, Calibration, fit, load, log_odds, logistic

PROBABILITIES = st.floats(1e-5, 1 - 1e-5)


@given(PROBABILITIES)
def test_log_odds_and_a_reader_that_is_believed_undo_each_other(probability: float) -> None:
    assert AS_IT_CLAIMS.probability(log_odds(probability)) == pytest.approx(probability, abs=1e-6)


@given(st.floats(allow_nan=False), st.floats(-5, 5), st.floats(-5, 5))
def test_whatever_the_score_the_probability_is_one(score: float, slope: float, intercept: float) -> None:
    if slope == 0 and score in (float("inf"), float("-inf")):
        return
    assert 0 < Calibration(slope, intercept).probability(score) < 1


@given(st.floats(-9, 9), st.floats(0.01, 9))
def test_a_higher_score_is_never_less_probable(score: float, more: float) -> None:
    calibration = Calibration(0.7, -1.2)
    assert calibration.probability(score + more) >= calibration.probability(score)


def test_a_network_that_claims_twice_what_it_keeps_is_believed_half() -> None:
    chance = random.Random(3)
    scores = [chance.uniform(-8, 8) for _ in range(4000)]
    answers = [chance.random() < Calibration(0.5, -1.0).probability(score) for score in scores]
    fitted = fit(scores, answers)
    assert fitted.slope == pytest.approx(0.5, abs=0.05)
    assert fitted.intercept == pytest.approx(-1.0, abs=0.15)


def test_a_handful_of_questions_that_can_be_parted_make_nothing_certain() -> None:
    fitted = fit([-2.0, -1.0, 1.0, 2.0], [False, False, True, True])
    assert 0.5 < fitted.probability(3.0) < 0.99


def test_answers_alone_calibrate_nothing() -> None:
    with pytest.raises(ValueError, match="both"):
        fit([1.0, 2.0], [True, True])


def test_a_regression_finds_the_weights_that_made_its_data() -> None:
    chance = np.random.default_rng(5)
    columns = np.hstack([chance.normal(size=(5000, 2)), np.ones((5000, 1))])
    likely = 1 / (1 + np.exp(-columns @ np.array([1.5, -2.0, 0.5])))
    weights = logistic(columns, (chance.random(5000) < likely).astype(float))
    assert weights == pytest.approx([1.5, -2.0, 0.5], abs=0.2)


def test_a_reader_that_nobody_calibrated_has_no_calibration() -> None:
    assert load("somebody/elses-reader") is None
