from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.selecting.answer_type import AnswerType, asked_for, holds
from index.language import languages
from index.language.analysis import Analysis

LANGUAGE = languages.of(None)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many bees live in a hive?", AnswerType.NUMBER),
        ("how much honey was sold", AnswerType.NUMBER),
        ("What percentage of hives survived?", AnswerType.NUMBER),
        ("蜂巢里有多少只蜜蜂？", AnswerType.NUMBER),
        ("When was the club founded?", AnswerType.DATE),
        ("In which year did the club open?", AnswerType.DATE),
        ("俱乐部是什么时候成立的？", AnswerType.DATE),
        ("Who keeps the bees?", AnswerType.NAME),
        ("Where does the club meet?", AnswerType.NAME),
        ("Why do bees dance?", AnswerType.ANYTHING),
        ("bees", AnswerType.ANYTHING),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(question: str, wanted: AnswerType) -> None:
    assert asked_for(question, LANGUAGE) is wanted


@given(st.text())
def test_every_text_asks_for_something(question: str) -> None:
    assert isinstance(asked_for(question, LANGUAGE), AnswerType)


@given(st.text(), st.sampled_from(AnswerType), st.text())
def test_every_sentence_either_holds_what_is_wanted_or_does_not(
    sentence: str, wanted: AnswerType, question: str
) -> None:
    assert holds(Analysis(sentence), wanted, Analysis(question)) in (True, False)


@given(st.text(), st.text())
def test_every_sentence_holds_anything(sentence: str, question: str) -> None:
    assert holds(Analysis(sentence), AnswerType.ANYTHING, Analysis(question))


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("The club has 40 members.", AnswerType.NUMBER),
        ("The club has forty members.", AnswerType.NUMBER),
        ("The club opened in 1998.", AnswerType.DATE),
        ("The club opened last March.", AnswerType.DATE),
        ("The bees are kept by Mara Lind.", AnswerType.NAME),
        ("俱乐部成立于五月。", AnswerType.DATE),
        ("会员共有三百人。", AnswerType.NUMBER),
    ],
)
def test_a_sentence_with_the_wanted_thing_holds_it(sentence: str, wanted: AnswerType) -> None:
    assert holds(Analysis(sentence), wanted, Analysis("What is known?"))


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("The club likes honey.", AnswerType.NUMBER),
        ("The club likes honey.", AnswerType.DATE),
        ("They like honey and wax.", AnswerType.NAME),
    ],
)
def test_a_sentence_without_the_wanted_thing_does_not_hold_it(sentence: str, wanted: AnswerType) -> None:
    assert not holds(Analysis(sentence), wanted, Analysis("They like what?"))


def test_what_the_question_brought_along_is_no_answer_to_it() -> None:
    sentence = "The club of 1998 likes honey."

    assert holds(Analysis(sentence), AnswerType.NUMBER, Analysis("How many like honey?"))
    assert not holds(Analysis(sentence), AnswerType.NUMBER, Analysis("How many in the club of 1998 like honey?"))
