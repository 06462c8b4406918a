from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.halves import Half, half_of


@given(st.text())
def test_a_question_stays_in_its_half(question_id: str) -> None:
    assert half_of(question_id) is half_of(question_id)


def test_the_halves_are_about_equal_and_never_change() -> None:
    held_out = sum(half_of(f"q{number}") is Half.HELD_OUT for number in range(1000))
    assert 450 < held_out < 550
    held, developed = Half.HELD_OUT, Half.DEVELOPMENT
    assert [half_of(each) for each in "abcdefgh"] == [
        developed,
        developed,
        developed,
        developed,
        held,
        held,
        held,
        developed,
    ]
