from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation import metrics

documents = st.lists(st.sampled_from("abcdefghijklmnop"), unique=True)
grades = st.dictionaries(st.sampled_from("abcdefghijklmnop"), st.integers(1, 3), min_size=1)


@given(documents, grades)
def test_ndcg_lies_between_nothing_and_one(ranking: list[str], judged: dict[str, int]) -> None:
    assert 0 <= metrics.ndcg(ranking, judged) <= 1 + 1e-12


@given(grades)
def test_ndcg_is_one_for_the_best_order(judged: dict[str, int]) -> None:
    best = sorted(judged, key=lambda document: -judged[document])

    assert metrics.ndcg(best, judged) == pytest.approx(1)


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    assert metrics.ndcg(["x", "a"], {"a": 1}) == pytest.approx(0.6309, abs=1e-4)
    assert metrics.ndcg(["a", "x", "b"], {"a": 1, "b": 1}) == pytest.approx(0.9197, abs=1e-4)
    assert metrics.ndcg([*"xxxxxxxxxx", "a"], {"a": 1}) == 0


def test_recall_is_the_share_that_was_found_in_time() -> None:
    assert metrics.recall(["a", "x", "b"], {"a", "b"}, 2) == 0.5
    assert metrics.recall(["a", "x", "b"], {"a", "b"}, 3) == 1.0


@given(documents, grades)
def test_recall_never_falls_with_depth(ranking: list[str], judged: dict[str, int]) -> None:
    assert metrics.recall(ranking, judged.keys(), 5) <= metrics.recall(ranking, judged.keys(), 10)


def test_a_hit_is_the_first_and_no_other() -> None:
    assert metrics.hit(["a", "b"], {"a"}) == 1
    assert metrics.hit(["a", "b"], {"b"}) == 0
    assert metrics.hit([], {"b"}) == 0


@pytest.mark.parametrize(
    ("text", "answer", "found"),
    [
        ("They came from Denmark, Iceland and Norway.", "Denmark, Iceland, and Norway", True),
        ("It fell in the 10th century", "10th Century", True),
        ("Sales were $4.6 billion.", "$4.6 billion", True),
        ("黑豹队在136 次擒杀中", "136次", True),
        ("A moon", "the moon", True),
        ("Nothing here", "moon", False),
        ("Nothing here", "?", False),
    ],
)
def test_an_answer_is_found_whatever_its_case_punctuation_and_articles(text: str, answer: str, found: bool) -> None:
    assert metrics.contains(text, [answer]) is found


@given(st.text(), st.text(), st.text())
def test_a_normalised_text_stays_as_it_is(before: str, answer: str, after: str) -> None:
    once = metrics.normalised(before + answer + after)

    assert metrics.normalised(once) == once


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(1, 101)]

    assert metrics.percentile(values, 0.50) == 50
    assert metrics.percentile(values, 0.95) == 95
    assert metrics.percentile([3.0], 0.95) == 3
    assert metrics.percentile([], 0.95) is None


def test_the_mean_of_nothing_is_nothing() -> None:
    assert metrics.mean([]) is None
    assert metrics.mean([True, False]) == 0.5


SHARES = st.floats(0, 1)


def test_an_order_without_a_mistake_is_worth_1_one_without_a_hit_0_and_ties_a_half() -> None:
    assert metrics.auroc([0.9, 0.8], [0.1, 0.2]) == 1
    assert metrics.auroc([0.1], [0.2]) == 0
    assert metrics.auroc([0.5, 0.5], [0.5]) == 0.5
    assert metrics.auroc([], [0.5]) is None


@given(st.lists(SHARES, min_size=1), st.lists(SHARES, min_size=1))
def test_the_area_is_the_share_of_pairs_in_the_right_order(right: list[float], wrong: list[float]) -> None:
    pairs = [(one > other) + (one == other) / 2 for one in right for other in wrong]
    assert metrics.auroc(right, wrong) == pytest.approx(sum(pairs) / len(pairs))


@given(st.lists(SHARES, min_size=1), st.lists(SHARES, min_size=1), SHARES)
def test_no_more_of_the_right_are_refused_than_is_allowed(right: list[float], wrong: list[float], error: float) -> None:
    refused = metrics.refused_at(right, wrong, error)
    assert refused is not None
    threshold = sorted(right)[min(len(right) - 1, int(error * len(right)))]
    assert sum(value < threshold for value in right) <= error * len(right)
    assert refused == sum(value < threshold for value in wrong) / len(wrong)


def test_whoever_is_right_as_often_as_it_says_has_no_calibration_error() -> None:
    honest = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
    assert metrics.calibration_error(honest) == 0
    assert metrics.calibration_error([(1.0, False), (0.0, False)]) == 0.5
    assert metrics.calibration_error([]) is None


@given(st.lists(st.tuples(SHARES, st.booleans()), min_size=1))
def test_every_question_stands_in_one_bin_of_the_table(judged: list[tuple[float, bool]]) -> None:
    table = metrics.reliability(judged)
    assert sum(each.count for each in table) == len(judged)
    assert all(each.low <= each.confidence + 1e-9 and each.confidence <= each.high + 1e-9 for each in table)
    assert 0 <= (metrics.calibration_error(judged) or 0) <= 1
