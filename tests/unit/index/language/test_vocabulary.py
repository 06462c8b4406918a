from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.vocabulary import LONGEST, SHORTEST, abbreviations, spellings


def test_words_are_kept_as_they_are_spelled_without_numbers_and_scripts_that_put_no_spaces() -> None:
    assert spellings("NVIDIA's H20 chips, in 2025: naïve 英伟达 chips") == {"nvidia", "chips", "naïve"}


@given(st.text())
def test_every_spelling_stands_in_its_text(text: str) -> None:
    assert all(word in text.lower() and SHORTEST <= len(word) <= LONGEST + 2 for word in spellings(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A graphics processing unit (GPU) computes.", [("GPU", "graphics processing unit")]),
        ("Colette Kress, Chief Financial Officer (CFO), spoke.", [("CFO", "Chief Financial Officer")]),
        ("the Food and Drug Administration (FDA)", [("FDA", "Food and Drug Administration")]),
        ("He came home (NASA)", []),
        ("(GPU) stands first", []),
        ("graphics\nunit (GPU)", []),
        ("in the year (2025)", []),
    ],
)
def test_an_abbreviation_is_what_stands_in_brackets_behind_its_long_form(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert list(abbreviations(text)) == found


@given(st.text(alphabet="abAB (C)-\n", max_size=80))
def test_a_long_form_stands_in_the_text_and_has_the_letters_of_the_short_one_in_order(text: str) -> None:
    for short, long in abbreviations(text):
        letters = iter(long.lower())
        assert all(letter in letters for letter in short.lower() if letter.isalnum())
        assert long in " ".join(text.split())
