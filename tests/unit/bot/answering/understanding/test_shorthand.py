from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.understanding.shorthand import written_out
from index.language import languages

ENGLISH = languages.of("en")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nvda q3 rev??", "nvda third quarter revenue?"),
        ("3Q sales", "third quarter sales"),
        ("profit in H1 2025", "profit in first half 2025"),
        ("whats the deal w the 15pct cut", "what is the deal with the 15% cut"),
        ("was it $57bn or $3b?", "was it $57 billion or $3 billion?"),
        ("57 bn in sales, 20k ppl", "57 billion in sales, 20 thousand people"),
        ("a 15 percent cut", "a 15% cut"),
    ],
)
def test_what_is_typed_in_a_hurry_is_written_as_documents_write_it(typed: str, meant: str) -> None:
    assert written_out(typed, ENGLISH) == meant


@pytest.mark.parametrize(
    "plain",
    [
        "How tall is it, 5 m or 6 m?",
        "Who wrote R, and what is vitamin B12?",
        "Is H20 the chip's name?",
        "What's new in version 3.5b1?",
        "Where is U Street?",
        "Is it at rev.example.org/w/index?",
    ],
)
def test_what_only_looks_like_shorthand_stays_as_it_is(plain: str) -> None:
    assert written_out(plain, ENGLISH) == plain


@given(st.text())
def test_what_is_written_out_is_not_written_out_further(question: str) -> None:
    once = written_out(question, ENGLISH)
    assert written_out(once, ENGLISH) == written_out(written_out(once, ENGLISH), ENGLISH)


@given(st.text(alphabet=st.characters(categories=["Lo", "Zs"])))
def test_other_scripts_are_left_alone(question: str) -> None:
    assert written_out(question, ENGLISH) == question
