from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Turn
from bot.answering.follow_up import stand_alone

TALK = (Turn("user", "Who is Mara Lind?"), Turn("assistant", "Mara Lind keeps the bees. [1]"))


@pytest.mark.parametrize(
    "question",
    [
        "What did she say?",
        "And in 2024?",
        "What about the wasps?",
        "Why?",
        "When was that?",
        "How many did they sell?",
        "What is its name?",
        "她说了什么？",
        "那黄蜂呢？",
    ],
)
def test_a_question_that_leans_on_the_one_before_is_looked_up_together_with_it(question: str) -> None:
    assert stand_alone(question, TALK) == f"Who is Mara Lind? {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Who founded the bee club?",
        "How many hives does the bee club own?",
        "Which honey won the prize in 2024?",
        "When did the bee club open?",
        "Is there a prize for honey?",
        "Are there any wasps in the garden?",
        "What does the rule say that the club adopted?",
        "Which hives survived the winter that ended in 2024?",
        "How many hives stand in one garden?",
        "How much honey was sold in May, and how far was that down?",
        "Who founded the bee club? What does she do?",
        "蜜蜂俱乐部有多少会员？",
    ],
)
def test_a_question_that_stands_alone_is_looked_up_as_it_is(question: str) -> None:
    assert stand_alone(question, TALK) == question


@given(st.text())
def test_without_a_conversation_every_question_stands_alone(question: str) -> None:
    assert stand_alone(question, ()) == question


@given(st.text())
def test_what_was_asked_is_never_lost(question: str) -> None:
    assert stand_alone(question, TALK) in (question, f"Who is Mara Lind? {question}")


def test_it_leans_on_what_was_asked_last_and_never_on_an_answer() -> None:
    talk = (*TALK, Turn("user", "Who is Ole Berg?"), Turn("assistant", "Ole Berg sells honey. [1]"))

    assert stand_alone("Where does he live?", talk) == "Who is Ole Berg? Where does he live?"


def test_an_answer_alone_is_nothing_to_lean_on() -> None:
    assert stand_alone("Where does he live?", TALK[1:]) == "Where does he live?"
