from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import FalsePremise
from bot.answering.understanding.premise import false_premise

SENTENCE = "Revenue in that quarter was 62% higher than a year before."


@pytest.mark.parametrize(
    ("question", "sentence", "premise"),
    [
        ("Why did revenue grow by 26%?", SENTENCE, FalsePremise("26%", "62%")),
        ("Was revenue $75 billion?", "Total revenue was $57 billion.", FalsePremise("$75 billion", "$57 billion")),
        ("Did revenue grow by 62 percent?", SENTENCE, None),
        ("Did revenue grow in 2024?", SENTENCE, None),
        ("What was revenue in the fourth quarter?", "Revenue in the third quarter was high.", None),
        ("Did revenue grow?", SENTENCE, None),
        ("Was it 26% or 27%?", SENTENCE, None),
        ("Did revenue grow by 26%?", "It rose from 20% to 62%.", None),
        ("Did revenue grow by 26%?", "Revenue was $57 billion.", None),
    ],
)
def test_a_figure_that_the_documents_contradict_is_named_with_theirs(
    question: str, sentence: str, premise: FalsePremise | None
) -> None:
    assert false_premise(question, sentence, []) == premise


def test_a_figure_that_stands_anywhere_in_what_was_found_is_no_false_premise() -> None:
    assert false_premise("Did sales fall by 63%?", SENTENCE, ["Sales in China fell by 63%."]) is None


@given(st.text(), st.text(), st.lists(st.text(), max_size=2))
def test_whatever_the_texts_a_false_premise_names_two_different_figures(
    question: str, sentence: str, passages: list[str]
) -> None:
    premise = false_premise(question, sentence, passages)
    assert premise is None or premise.asked != premise.found
