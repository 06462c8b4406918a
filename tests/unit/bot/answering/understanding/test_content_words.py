from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.understanding.content_words import content_words
from index.language.analysis import Analysis
from index.language.normal import normal


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Can you tell me how old the bee club is, please?", ["old", "bee", "club"]),
        ("Thank you!", []),
        ("What does the COVID-19 rule say about O'Hara & Co.?", ["COVID-19", "rule", "O'Hara"]),
        ("What did the US sell to us in 1,000 days?", ["US", "sell", "1,000", "days"]),
        ("河湾图书馆是谁创立的？", ["河湾图书馆", "创立"]),
        ("什么时候？", []),
    ],
)
def test_content_words_are_what_a_text_is_about(text: str, found: list[str]) -> None:
    assert [word.text for word in content_words(Analysis(text))][: len(found)] == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who is Mara Lind?", ["Mara", "Lind"]),
        ("Bees swarm. Wasps do not.", []),
        ("What changed in v2 and in 2024?", ["v2", "2024"]),
        ("NASA built rovers", ["NASA"]),
    ],
)
def test_a_name_has_a_capital_where_no_sentence_begins_or_a_digit(text: str, names: list[str]) -> None:
    assert [word.text for word in content_words(Analysis(text)) if word.is_name] == names


@given(st.text())
def test_every_content_word_stands_in_the_text_and_has_a_term(text: str) -> None:
    for word in content_words(Analysis(text)):
        assert word.text in normal(text)
        assert word.forms
