from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Choice, Clarification, Distinction
from bot.answering.understanding.clarifying import ambiguity
from index.language import languages

ENGLISH = languages.of("en")
SECOND = "NVIDIA's total revenue in the second quarter was $46 billion."
THIRD = "NVIDIA's total revenue in the third quarter was $57 billion."


def test_two_quarters_with_different_figures_are_asked_back() -> None:
    found = ambiguity("What was NVIDIA's revenue?", [THIRD, SECOND], ENGLISH)
    third = Choice("third quarter", "What was NVIDIA's revenue (third quarter)?")
    second = Choice("second quarter", "What was NVIDIA's revenue (second quarter)?")
    assert found == Clarification(Distinction.QUARTER, (third, second))


def test_two_products_and_two_years_are_asked_back() -> None:
    chips = ["The H20 chip costs 12,000 dollars.", "The H100 chip costs 30,000 dollars."]
    prices = (Choice("H20", "What does the chip cost (H20)?"), Choice("H100", "What does the chip cost (H100)?"))
    assert ambiguity("What does the chip cost?", chips, ENGLISH) == Clarification(Distinction.PRODUCT, prices)
    years = ["In 2023 the club had 12 members.", "In 2024 the club had 19 members."]
    found = ambiguity("How many members had the club?", years, ENGLISH)
    assert found is not None
    assert [choice.name for choice in found.choices] == ["2023", "2024"]
    assert found.choices[0].question == "How many members had the club (2023)?"


@pytest.mark.parametrize("question", ["What was NVIDIA's revenue?", "what was its revenue ??"])
def test_the_question_of_a_choice_is_not_asked_back(question: str) -> None:
    found = ambiguity(question, [THIRD, SECOND], ENGLISH)
    assert found is not None
    assert all(ambiguity(choice.question, [THIRD, SECOND], ENGLISH) is None for choice in found.choices)


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
