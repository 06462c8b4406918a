from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.understanding.spelling import Respelling, respelled
from index.language import languages

ENGLISH = languages.of("en")
WORDS = {
    "nvidia": 6, "revenue": 3, "quarter": 4, "amazon": 2, "microsoft": 2, "huang": 3, "licence": 2, "licences": 1,
    "kress": 2, "restrictions": 2, "government": 3, "observer": 5, "chip": 4, "china": 6, "chine": 1,
}  # fmt: skip
COMMON = {"how", "the", "what", "did", "does", "mean", "and", "car", "for", "dogs", "chips", "much", "was", "tell"}


@dataclass
class Words:
    known: Mapping[str, int] = field(default_factory=lambda: WORDS)
    abbreviations: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {"cfo": ["Chief Financial Officer"], "ftc": ["Federal Trade Commission"]}
    )

    def spelled(self, shortest: int, longest: int) -> dict[str, int]:
        return {word: count for word, count in self.known.items() if shortest <= len(word) <= longest}

    def expansions(self, short: str) -> Sequence[str]:
        return self.abbreviations.get(short.lower(), ())


def read(question: str) -> str:
    return respelled(question, Words(), lambda word: word.lower() in WORDS or word.lower() in COMMON, ENGLISH).text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nvdia revenu", "nvidia revenue"),
        ("how much was the reveneu", "how much was the revenue"),
        ("chian restricitons", "china restrictions"),
        ("What did Hunag tell Amazno?", "What did Huang tell Amazon?"),
        ("NVDA and amzn and msft", "nvidia and amazon and microsoft"),
        ("the gov licnce", "the government licence"),
    ],
)
def test_a_misspelt_word_is_read_as_the_word_of_the_documents_that_it_comes_closest_to(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "How much was the car?",  # a common word that the documents lack
        "Did dogs mean chips?",
        "What did Okonkwo tell Szabo?",  # names that are near none of theirs
        "H20 und 57",
        "Restrictive microscopes",  # two letters off is another word
    ],
)
def test_what_is_no_misspelling_stays_as_it_was_typed(question: str) -> None:
    assert read(question) == question


def test_an_abbreviation_that_the_documents_expand_is_written_out_unless_that_is_asked() -> None:
    assert read("the cfo and the FTC") == "the cfo (Chief Financial Officer) and the FTC (Federal Trade Commission)"
    assert read("What does CFO mean?") == "What does CFO mean?"
    assert read("the chief financial officer, CFO for") == "the chief financial officer, CFO for"


def test_what_was_read_otherwise_is_told() -> None:
    known = Words()
    assert respelled("nvda revenu", known, lambda _: False, ENGLISH).changes == (
        ("nvda", "nvidia"),
        ("revenu", "revenue"),
    )


@given(st.text())
def test_a_question_of_known_words_is_never_changed(question: str) -> None:
    assert respelled(question, Words(abbreviations={}), lambda _: True, ENGLISH) == Respelling(question)


@given(st.text())
def test_only_words_change_and_what_stands_between_them_stays(question: str) -> None:
    reading = respelled(question, Words(), lambda _: False, ENGLISH)
    typed = [word for word, _ in reading.changes]
    assert all(word in question for word in typed)
    assert bool(typed) == (reading.text != question)
