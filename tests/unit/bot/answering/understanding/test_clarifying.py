from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Clarification, Distinction
from bot.answering.understanding.clarifying import ambiguity
from index.language import languages

ENGLISH = languages.of("en")
SECOND = "NVIDIA's total revenue in the second quarter was $46 billion."
THIRD = "NVIDIA's total revenue in the third quarter was $57 billion."


def test_two_quarters_with_different_figures_are_asked_back() -> None:
    found = ambiguity("What was NVIDIA's revenue?", [THIRD, SECOND], ENGLISH)
    assert found == Clarification(Distinction.QUARTER, ("third quarter", "second quarter"))


def test_two_products_and_two_years_are_asked_back() -> None:
    chips = ["The H20 chip costs 12,000 dollars.", "The H100 chip costs 30,000 dollars."]
    assert ambiguity("What does the chip cost?", chips, ENGLISH) == Clarification(Distinction.PRODUCT, ("H20", "H100"))
    years = ["In 2023 the club had 12 members.", "In 2024 the club had 19 members."]
    assert ambiguity("How many members had the club?", years, ENGLISH) == Clarification(
        Distinction.YEAR, ("2023", "2024")
    )


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ("What was NVIDIA's revenue in the third quarter?", [THIRD, SECOND]),
        ("What was NVIDIA's revenue in Q3?", [THIRD, SECOND]),
        ("What was NVIDIA's revenue?", [THIRD]),
        ("In which quarter was the revenue $57 billion?", [THIRD, SECOND]),
        ("What was NVIDIA's revenue?", [THIRD, "Sales in China fell in the second quarter by 63%."]),
        ("What was NVIDIA's revenue?", ["Revenue was $57 billion, up from $46 billion in the second quarter.", THIRD]),
        ("When was it founded?", ["It was founded in 1993.", "It was founded in 1993 in California."]),
    ],
)
def test_a_question_that_is_clear_is_not_asked_back(question: str, sentences: list[str]) -> None:
    assert ambiguity(question, sentences, ENGLISH) is None


@given(st.text(), st.lists(st.text(), max_size=4))
def test_there_are_two_to_five_different_choices_or_there_is_no_question(question: str, sentences: list[str]) -> None:
    found = ambiguity(question, sentences, ENGLISH)
    assert found is None or 2 <= len(set(found.choices)) == len(found.choices) <= 5
