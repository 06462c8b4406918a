from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.hits import Hit
from index.near_duplicates import without_near_duplicates
from tests.unit.bot.answering.samples import document, evidence

NOTICE = (
    "The clock museum stands on the market square of Veldhaven and opens at nine in the morning from Tuesday on. "
    "A ticket for adults costs 8 euros, children under twelve years enter the clock museum without a ticket."
)
WORDS = st.lists(st.sampled_from(["heron", "boat", "river", "does", "not", "8", "clock"]), min_size=1, max_size=12)


def _hits(*texts: str) -> tuple[Hit, ...]:
    return evidence("museum", *(document(text, f"{number}.md") for number, text in enumerate(texts))).hits


def _kept(*texts: str) -> list[int]:
    every = _hits(*texts)
    passages = [hit.passage for hit in every]
    return [passages.index(hit.passage) for hit in without_near_duplicates(every)]


def test_of_two_editions_of_a_notice_the_better_scored_stays() -> None:
    assert _kept(NOTICE, NOTICE.replace("stands on", "is on"), "The rowing club lends boats to swimmers.") == [0, 2]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("8 euros", "9 euros"),
        ("Veldhaven", "Norwich"),
        ("opens at", "does not open at"),
        ("costs 8 euros", "costs money"),
    ],
)
def test_a_passage_that_may_contradict_is_never_left_out(old: str, new: str) -> None:
    assert _kept(NOTICE, NOTICE.replace(old, new)) == [0, 1]


def test_passages_on_one_subject_are_kept() -> None:
    first, second = NOTICE.split(". ")
    assert _kept(NOTICE, first + ".", second) == [0, 1, 2]


@given(st.lists(WORDS.map(lambda words: " ".join(words).capitalize() + "."), max_size=6))
def test_what_is_kept_is_kept_again_and_the_best_is_always_kept(texts: list[str]) -> None:
    every = _hits(*texts)
    kept = list(without_near_duplicates(every))
    assert list(without_near_duplicates(kept)) == kept
    assert tuple(kept[:1]) == every[:1]
