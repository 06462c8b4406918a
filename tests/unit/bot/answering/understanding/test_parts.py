from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.understanding.parts import parts_of

PIECES = st.sampled_from(
    [
        "what",
        "is",
        "the hive",
        "who",
        "and",
        ",",
        "?",
        "; ",
        "how many bees",
        "he",
        "sold",
        "？",
        "蜜蜂",
        "so",
        "but",
        "\n",
        ".",
    ]
)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who keeps the bees and when did the club open?",
            ("Who keeps the bees", "when did the club open?"),
        ),
        ("Who keeps the bees? When did the club open?", ("Who keeps the bees?", "When did the club open?")),
        (
            "Who keeps the bees, how many hives stand here, and when did the club open?",
            ("Who keeps the bees", "how many hives stand here", "when did the club open?"),
        ),
        ("谁养蜜蜂？俱乐部什么时候成立？", ("谁养蜜蜂？", "俱乐部什么时候成立？")),
    ],
)
def test_a_question_that_asks_several_things_is_several_questions(question: str, parts: tuple[str, ...]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who keeps the bees?",
        "What do bees and wasps eat?",
        "Compare bees and wasps.",
        "Who founded the club, and when?",
        "Who keeps the bees and what did she say?",
        "Which hive is best, in the spring and in summer?",
        "bees",
        "? ? ?",
    ],
)
def test_a_question_whose_parts_cannot_stand_alone_stays_whole(question: str) -> None:
    assert parts_of(question) == (question,)


def test_a_long_list_of_questions_is_not_taken_apart() -> None:
    question = " ".join(f"What does hive number {number} hold?" for number in range(5))

    assert parts_of(question) == (question,)


@given(st.lists(PIECES, min_size=1).map(" ".join) | st.text(min_size=1))
@example("What is wax? And who sells the wax? Who buys the wax?")
def test_parts_never_lose_or_invent_a_word(question: str) -> None:
    assert _words(" ".join(parts_of(question))) == _words(question)


@given(st.lists(PIECES, min_size=1).map(" ".join) | st.text(min_size=1))
def test_there_is_at_least_one_part_and_at_most_four(question: str) -> None:
    assert 1 <= len(parts_of(question)) <= 4


def _words(text: str) -> list[str]:
    """All words but the one that only joins two questions."""
    return [word for word in re.findall(r"\w+", text) if word.lower() != "and"]
