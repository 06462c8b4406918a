from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.understanding import question
from bot.errors import BadQuestion


def test_a_question_loses_only_the_white_space_around_it() -> None:
    assert question.parse("\n  What is\tthe H20?\r\nAnd when? ") == "What is\tthe H20?\nAnd when?"


def test_the_longest_question_is_two_thousand_characters() -> None:
    assert question.parse("x" * 2000 + "\n") == "x" * 2000
    with pytest.raises(BadQuestion, match=r"2,001 characters: at most 2,000"):
        question.parse("x" * 2001)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the question is empty"),
        (" \n\t ", "the question is empty"),
        ("?!", "the question holds no word"),
        ("\u200b\u200b", "the question holds no word"),
        ("what\x00", "the question holds a character that is not text (U+0000)"),
        ("\x1b[31mwhat", "the question holds a character that is not text (U+001B)"),
        ("what \x9b", "the question holds a character that is not text (U+009B)"),
        ("what \ud800", "the question holds a character that is not text (U+D800)"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(text: str, complaint: str) -> None:
    with pytest.raises(BadQuestion) as raised:
        question.parse(text)

    assert str(raised.value) == complaint


@pytest.mark.parametrize("text", ["英伟达在中国卖了多少？", "É?", "2025?", "👩‍🔬 who", "می‌خواهم"])
def test_a_question_of_any_script_is_accepted(text: str) -> None:
    assert question.parse(text) == text


@given(st.text(st.characters(exclude_categories=()), max_size=2100))
def test_whatever_is_accepted_is_clean_and_stays_as_it_is(text: str) -> None:
    try:
        accepted = question.parse(text)
    except BadQuestion as refused:
        assert str(refused).isprintable()
        return
    assert 1 <= len(accepted) <= 2000
    assert all(unicodedata.category(one) not in ("Cc", "Cs") or one in "\n\t" for one in accepted)
    assert question.parse(accepted) == accepted
