from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.answer import Turn
from bot.answering.understanding.follow_up import stand_alone
from bot.answering.understanding.question import LONGEST
from index.language.normal import normal

TALK = (Turn("user", "Who keeps the bees of Tolm?"), Turn("assistant", "Mara Lind keeps the bees. [1]"))
CHINESE = (Turn("user", "河湾图书馆是谁创立的？"), Turn("assistant", "陈淑芬。[1]"))

TURNS = st.lists(
    st.builds(Turn, st.sampled_from(("user", "assistant")), st.text() | st.text(min_size=500, max_size=2_500)),
    max_size=5,
)
QUESTIONS = st.text(min_size=1, max_size=50) | st.sampled_from(
    ["Why?", "What did she say?", "And in 2024?", "她说了什么？", "What about the wasps?", "I mean the old one."]
)


def conversation(*questions: str, answer: str = "It is so. [1]") -> tuple[Turn, ...]:
    """Return a conversation in which these questions were all given the same answer."""
    return tuple(turn for question in questions for turn in (Turn("user", question), Turn("assistant", answer)))


@pytest.mark.parametrize(
    "question",
    [
        "And in 2024?",
        "What about the wasps?",
        "Ok, but how about Norway?",
        "Why?",
        "When was that?",
        "How much of this?",
        "How many did they sell?",
        "What is its name?",
        "Does it cost anything?",
        "Are they expensive?",
        "When should someone start doing it?",
        "How many people live there?",
        "I meant the old ones.",
        "You said it was a Norwegian who did.",
        "The opening hours",
        "How do I file a complaint?",
        "How much honey do these bees make?",
        "Which is more important?",
    ],
)
def test_a_question_that_leans_on_the_one_before_is_looked_up_with_what_that_was_about(question: str) -> None:
    assert stand_alone(question, TALK).endswith(f"Tolm): {question}")


@pytest.mark.parametrize("question", ["她说了什么？", "那藏书呢？", "为什么？"])
def test_a_chinese_question_that_leans_is_looked_up_with_what_the_one_before_was_about(question: str) -> None:
    assert stand_alone(question, CHINESE) == f"(河湾图书馆 创立): {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Who founded the bee club?",
        "How many hives does the bee club own?",
        "Which honey won the prize in 2024?",
        "When did the bee club open?",
        "Is there a prize for honey?",
        "Are there any wasps in the garden?",
        "How many kinds of wasps are there?",
        "What does the rule say that the club adopted?",
        "Which hives survived the winter that ended in 2024?",
        "How many hives stand in one garden?",
        "How much honey was sold in May, and how far was that down?",
        "Who founded the bee club? What does she do?",
        "What is a drone?",
        "What does swarming mean?",
        "How long does it take to fly to Norway?",
        "Is it safe to eat old honey?",
        "Where does it snow in Norway?",
        "When did Norway change its laws?",
        "What did the bee club do after it lost the prize?",
        "Who gave her assent to the Scotland Act of 1998?",
        "When were these settlers made citizens?",
        "How do I bake sourdough bread?",
        "Thank you!",
        "Ok, great.",
        "蜜蜂俱乐部有多少会员？",
        "Quelle est la capitale de la Norvège ?",
        "Wie viele Bienen leben in einem Stock?",
    ],
)
def test_a_question_that_stands_alone_is_looked_up_as_it_is(question: str) -> None:
    assert stand_alone(question, TALK) == question


def test_she_is_whom_the_last_answer_named() -> None:
    assert stand_alone("What did she say?", TALK) == "(Mara Lind keeps bees Tolm): What did she say?"


def test_it_is_what_the_last_questions_were_about_and_nothing_that_an_answer_claims() -> None:
    talk = conversation("Who built the oldest clock?", answer="The clock was stolen by Ole Berg in 1999. [1]")

    assert stand_alone("When was it built?", talk) == "(oldest clock): When was it built?"


def test_a_subject_is_kept_over_several_turns() -> None:
    talk = conversation("What is the Rubicon?", "How long is it?", "Thank you!", "Who keeps it clean?")

    assert stand_alone("Is it open?", talk) == "(Rubicon long keeps clean): Is it open?"


def test_a_subject_that_was_left_long_ago_is_forgotten() -> None:
    talk = conversation("What is the Rubicon?", "How old is the bee club?", "What is wax?", "Who sells honey?")

    assert "Rubicon" not in stand_alone("Is it good?", talk)


def test_after_a_long_question_those_before_it_are_not_needed() -> None:
    talk = conversation(
        "What is the Rubicon?", "Which old hives of the northern bee club survived the last cold winter on Tolm?"
    )

    assert "Rubicon" not in stand_alone("Why?", talk)


def test_words_that_are_in_the_question_already_are_not_said_twice() -> None:
    assert stand_alone("And the wild bees?", TALK) == "(keeps Tolm): And the wild bees?"


def test_an_answer_alone_is_nothing_to_lean_on() -> None:
    assert stand_alone("Where is it?", TALK[1:]) == "Where is it?"


def test_a_conversation_of_thanks_is_nothing_to_lean_on() -> None:
    assert stand_alone("Where is it?", conversation("Hello!", "Thank you!")) == "Where is it?"


@given(st.text())
def test_without_a_conversation_every_question_stands_alone(question: str) -> None:
    assert stand_alone(question, ()) == question


@given(QUESTIONS, TURNS)
@example("Why?", [Turn("user", "x" * 2_000)])
@example("Why?", [Turn("user", " ".join(f"hive{number}" for number in range(280)))])
def test_what_is_looked_up_ends_with_the_question_and_is_never_too_long(question: str, talk: Sequence[Turn]) -> None:
    alone = stand_alone(question, talk)

    assert alone.endswith(question)
    assert len(alone) <= LONGEST


@given(QUESTIONS, TURNS)
def test_every_word_that_is_added_was_said_before(question: str, talk: Sequence[Turn]) -> None:
    added = stand_alone(question, talk).removesuffix(question).removesuffix("): ").removeprefix("(")

    said = "\n".join(turn.text for turn in talk)
    assert all(word in said or word in normal(said) for word in added.split(" "))


def test_a_question_as_long_as_may_be_stays_as_it_is() -> None:
    question = "And " + "x" * (LONGEST - 4)

    assert stand_alone(question, TALK) == question
